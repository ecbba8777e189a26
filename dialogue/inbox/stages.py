"""Where incoming mail comes from, and what became of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    LMTP = "lmtp", _("serveur local")
    IMAP = "imap", _("boîte relevée")
    WEBHOOK = "webhook", _("prestataire")


class MailStage(TextChoices):
    """`received` is on disk and acknowledged; every other stage is final but `to_file`, where a person decides."""

    RECEIVED = "received", _("reçu")
    POSTED = "posted", _("publié")
    ANSWERED = "answered", _("réponse à une convocation")
    TO_FILE = "to_file", _("à rattacher")
    IGNORED = "ignored", _("ignoré")
    BOUNCE = "bounce", _("avis de non-remise")
    REFUSED = "refused", _("refusé")
    SET_ASIDE = "set_aside", _("classé sans suite")
    FAILED = "failed", _("en échec")
