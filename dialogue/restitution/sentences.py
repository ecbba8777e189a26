"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "restitution.draft_point": _("a préparé un point d’étape"),
    "restitution.edit_point": _("a modifié un point d’étape"),
    "restitution.refresh_line": _("a actualisé un chantier d’un point d’étape"),
    "restitution.refresh_point": _("a actualisé un point d’étape"),
    "restitution.use_steps": _("a repris des étapes dans un point d’étape"),
    "restitution.move_line": _("a déplacé un chantier dans un point d’étape"),
    "restitution.leave_out": _("a laissé un chantier de côté dans un point d’étape"),
    "restitution.take_back": _("a repris un chantier dans un point d’étape"),
    "restitution.freeze_point": _("a figé un point d’étape"),
    "restitution.thaw_point": _("a rouvert un point d’étape figé"),
    "restitution.publish_point": _("a publié un point d’étape"),
    "restitution.correct_point": _("a commencé à corriger un point d’étape"),
    "restitution.give_up_point": _("a renoncé à corriger un point d’étape"),
    "restitution.discard_point": _("a jeté un point d’étape en préparation"),
    "restitution.draft_conference": _("a préparé la conférence départementale"),
    "restitution.edit_conference": _("a modifié la conférence départementale"),
    "restitution.refresh_figures": _("a recompté les chiffres de la conférence départementale"),
    "restitution.freeze_conference": _("a figé la conférence départementale"),
    "restitution.thaw_conference": _("a rouvert la conférence départementale"),
    "restitution.publish_conference": _("a publié la conférence départementale"),
    "restitution.correct_conference": _("a commencé à corriger la conférence départementale"),
    "restitution.give_up_conference": _("a renoncé à corriger la conférence départementale"),
    "restitution.discard_conference": _("a jeté la conférence départementale en préparation"),
}
