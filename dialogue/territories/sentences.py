"""How the register tells the acts of this room: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "territories.load_frame": _("a chargé le cadre du Département"),
    "territories.import_outlines": _("a importé les contours des territoires"),
    "territories.set_brand": _("a modifié la marque du site"),
    "territories.change_territory": _("a modifié un territoire"),
    "territories.change_theme": _("a modifié un thème"),
    "territories.add_theme": _("a ajouté un thème"),
    "territories.move_commune": _("a rattaché une commune à un autre territoire"),
    "territories.set_priorities": _("a modifié les priorités des pactes"),
    "territories.add_date": _("a ajouté une date au calendrier"),
    "territories.change_date": _("a modifié une date du calendrier"),
    "territories.remove_date": _("a retiré une date du calendrier"),
}
