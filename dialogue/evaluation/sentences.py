"""How the register tells the acts of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "evaluation.start_evaluation": _("a commencé l’évaluation du chantier"),
    "evaluation.save_draft": _("a complété l’évaluation du chantier"),
    "evaluation.publish_evaluation": _("a publié l’évaluation du chantier"),
    "evaluation.correct_evaluation": _("a rouvert l’évaluation pour la corriger"),
    "evaluation.change_circle": _("a changé les lecteurs de l’évaluation"),
    "evaluation.remind_lead": _("a relancé la direction référente sur l’évaluation"),
    "evaluation.open_survey": _("a ouvert l’enquête auprès des participants"),
    "evaluation.close_survey": _("a clos l’enquête auprès des participants"),
    "evaluation.remind_survey": _("a rappelé l’enquête à ceux qui n’avaient pas répondu"),
    "evaluation.forget_survey": _("a détruit les liens de l’enquête"),
    "evaluation.forget_person": _("a effacé les liens d’enquête d’une personne"),
    "evaluation.prepare_process": _("a préparé l’évaluation de la démarche"),
    "evaluation.save_process": _("a complété l’évaluation de la démarche"),
    "evaluation.publish_process": _("a publié l’évaluation de la démarche"),
}
