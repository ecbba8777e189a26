"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "archive.open_year": _("a ouvert une année de la démarche"),
    "archive.close_year": _("a clos une année de la démarche"),
    "archive.reopen_year": _("a rouvert une année de la démarche"),
}
