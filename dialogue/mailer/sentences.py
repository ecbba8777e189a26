"""The acts of the mailer, as the register tells them."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "mailer.choose": _("a choisi les courriels reçus"),
    "mailer.unsubscribe": _("ne veut plus d’une sorte de courriel"),
    "mailer.subscribe_again": _("veut de nouveau une sorte de courriel"),
    "mailer.retry_letter": _("a remis un courriel en partance"),
    "mailer.note_bounce": _("a noté qu’un courriel n’est pas arrivé"),
    "mailer.lift_suspension": _("a levé la suspension d’une adresse"),
}
