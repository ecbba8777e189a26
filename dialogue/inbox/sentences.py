"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "inbox.post_mail": _("a publié un courriel reçu"),
    "inbox.answer_meeting": _("a noté une réponse à une convocation, reçue par courriel"),
    "inbox.contribute_mail": _("a fait une contribution d’un courriel reçu"),
    "inbox.hold_mail": _("a mis un courriel reçu en attente de rattachement"),
    "inbox.ignore_mail": _("a laissé de côté un courriel automatique ou déjà reçu"),
    "inbox.refuse_mail": _("n’a pas pu publier un courriel reçu"),
    "inbox.note_notice": _("a reçu un avis de non-remise"),
    "inbox.give_up_on_mail": _("n’a pas pu lire un courriel reçu"),
    "inbox.file_mail": _("a rattaché un courriel reçu"),
    "inbox.note_presence": _("a noté une réponse à une convocation, lue dans un courriel"),
    "inbox.assign_mail": _("a confié un courriel reçu à un groupe"),
    "inbox.set_aside": _("a classé sans suite un courriel reçu"),
    "inbox.take_back": _("a remis un courriel reçu à rattacher"),
    "inbox.reject_mail": _("a refusé un courriel reçu, avec un motif"),
    "inbox.retry_mail": _("a remis un courriel reçu à traiter"),
    "inbox.forget_mail": _("a effacé l’original d’un courriel reçu"),
    "inbox.forget_sender": _("a effacé les courriels d’un compte fermé"),
}
