"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "documents.add_document": _("a ajouté un document"),
    "documents.add_version": _("a déposé une nouvelle version d’un document"),
    "documents.attach": _("a joint un fichier à un message"),
    "documents.change_document": _("a modifié la fiche d’un document"),
    "documents.change_circle": _("a changé les lecteurs d’un document"),
    "documents.offer_tool": _("a proposé un document dans la boîte à outils commune"),
    "documents.take_back_tool": _("a retiré un document de la boîte à outils commune"),
    "documents.withdraw": _("a retiré un document"),
    "documents.put_back": _("a remis un document"),
    "documents.note_treatment": _("a vérifié un fichier"),
    "documents.open_remarks": _("a ouvert les remarques d’un document"),
}
