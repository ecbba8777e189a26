"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "opendata.create_token": _("a créé un jeton de l’API"),
    "opendata.revoke_token": _("a révoqué un jeton de l’API"),
    "opendata.note_use": _("a noté l’emploi d’un jeton de l’API ce jour-là"),
}
