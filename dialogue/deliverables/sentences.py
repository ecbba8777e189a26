"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "deliverables.start_deliverable": _("a commencé un livrable"),
    "deliverables.describe": _("a rédigé un livrable"),
    "deliverables.attach_file": _("a déposé un fichier pour un livrable"),
    "deliverables.replace_accessible": _("a remplacé la version accessible d’un livrable"),
    "deliverables.submit": _("a soumis un livrable au groupe"),
    "deliverables.take_back": _("a repris un livrable soumis au groupe"),
    "deliverables.agree": _("a donné son accord à un livrable"),
    "deliverables.ask_change": _("a demandé une modification d’un livrable"),
    "deliverables.validate": _("a validé un livrable"),
    "deliverables.validate_at_meeting": _("a noté qu’un livrable est validé en séance"),
    "deliverables.rework": _("a remis au travail un livrable validé"),
    "deliverables.publish": _("a publié un livrable"),
    "deliverables.supersede": _("a remplacé un livrable par sa nouvelle version"),
    "deliverables.start_version": _("a commencé une nouvelle version d’un livrable"),
    "deliverables.drop_version": _("a annulé une nouvelle version d’un livrable"),
    "deliverables.give_up": _("a abandonné un livrable"),
    "deliverables.resume": _("a repris un livrable abandonné"),
    "deliverables.change_circle": _("a changé les lecteurs d’un livrable"),
    "deliverables.move_organisation": _("a rattaché des avis à l’organisme réuni"),
}
