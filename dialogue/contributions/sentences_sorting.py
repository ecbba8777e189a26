"""How the register tells these acts: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "contributions.take_up": _("a pris la contribution pour la trier"),
    "contributions.release": _("a rendu la contribution"),
    "contributions.assign": _("a confié la contribution à quelqu’un"),
    "contributions.judge_admissible": _("a jugé la contribution recevable"),
    "contributions.ask_to_complete": _("a demandé un complément à l’auteur"),
    "contributions.judge_inadmissible": _("a jugé la contribution non recevable"),
    "contributions.qualify": _("a classé la contribution"),
    "contributions.requalify": _("a changé le classement de la contribution"),
    "contributions.reopen": _("a repris l’examen de la contribution"),
    "contributions.undo_sorting": _("a annulé le dernier geste sur la contribution"),
    "contributions.refer": _("a orienté la contribution vers une aide ou un service"),
    "contributions.close": _("a répondu à la contribution, sans suite"),
    "contributions.change_answer": _("a corrigé la réponse à la contribution"),
    "contributions.mark_linked": _("a repris la contribution dans un chantier"),
    "contributions.unlink": _("a retiré la contribution du chantier"),
    "contributions.send_answer": _("a envoyé la réponse à l’auteur"),
    "contributions.merge": _("a regroupé la contribution avec une autre, plus ancienne"),
    "contributions.unmerge": _("a de nouveau séparé la contribution"),
    "contributions.judge_pair": _("a comparé deux contributions"),
    "contributions.reconsider_pair": _("a remis deux contributions à comparer"),
    "contributions.write_template": _("a écrit un modèle de réponse"),
    "contributions.change_template": _("a changé un modèle de réponse"),
    "contributions.delete_template": _("a supprimé un modèle de réponse"),
    "contributions.draw_second_reading": _("a tiré un échantillon pour la seconde lecture"),
    "contributions.read_second": _("a relu une contribution sans voir le premier classement"),
    "contributions.settle_reading": _("a tranché entre deux lectures"),
    "contributions.remind_late": _("a rappelé à la coordination les contributions en retard"),
}
