"""How the register tells the acts of this room: the subject comes before, the thing after."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    # Life
    "chantiers.propose": _("a proposé le chantier"),
    "chantiers.open": _("a ouvert le chantier"),
    "chantiers.note_first_meeting": _("a fixé la première séance"),
    "chantiers.launch": _("a lancé le chantier"),
    "chantiers.reopen_launch": _("est revenu à la constitution du groupe"),
    "chantiers.deliver": _("a déclaré les livrables remis"),
    "chantiers.reopen_work": _("a remis le chantier au travail"),
    "chantiers.record_tabling": _("a enregistré la transmission des propositions à l’assemblée"),
    "chantiers.record_pact_entry": _("a enregistré l’inscription au pacte"),
    "chantiers.record_no_follow_up": _("a enregistré que les propositions restent sans suite"),
    "chantiers.complete": _("a déclaré le chantier achevé"),
    "chantiers.reopen_delivery": _("est revenu sur l’achèvement du chantier"),
    "chantiers.evaluate": _("a clos l’évaluation du chantier"),
    "chantiers.reopen_evaluation": _("a rouvert l’évaluation du chantier"),
    "chantiers.archive": _("a archivé le chantier"),
    "chantiers.suspend": _("a mis le chantier en pause"),
    "chantiers.resume": _("a repris le chantier"),
    "chantiers.abandon": _("a abandonné le chantier"),
    "chantiers.change_description": _("a modifié la présentation du chantier"),
    "chantiers.widen_circle": _("a rendu le chantier public"),
    "chantiers.narrow_circle": _("a réservé le chantier aux partenaires"),
    "chantiers.widen_roadmap": _("a rendu la feuille de route publique"),
    "chantiers.narrow_roadmap": _("a réservé la feuille de route aux partenaires"),
    # Roadmap
    "chantiers.start_roadmap": _("a commencé la feuille de route"),
    "chantiers.add_line": _("a ajouté une ligne à la feuille de route"),
    "chantiers.edit_line": _("a modifié une ligne de la feuille de route"),
    "chantiers.move_line": _("a déplacé une ligne de la feuille de route"),
    "chantiers.remove_line": _("a retiré une ligne de la feuille de route"),
    "chantiers.set_rhythm": _("a modifié le rythme des séances"),
    "chantiers.adopt_roadmap": _("a enregistré la feuille de route arrêtée par le groupe"),
    "chantiers.start_new_version": _("a commencé une nouvelle version de la feuille de route"),
    "chantiers.adopt_new_version": _("a enregistré une nouvelle version de la feuille de route"),
    "chantiers.complete_step": _("a marqué une étape comme faite"),
    "chantiers.reopen_step": _("a marqué une étape comme non faite"),
    # Météo
    "chantiers.report_weather": _("a donné la météo"),
    "chantiers.remind_weather": _("a rappelé de mettre à jour la météo"),
    # Deliverables and evaluation
    "chantiers.publish_deliverable": _("a enregistré la publication d’un livrable"),
    "chantiers.give_up_deliverable": _("a abandonné un livrable"),
    "chantiers.reopen_deliverable": _("a remis un livrable à faire"),
    "chantiers.rate_objective": _("a apprécié un objectif"),
    "chantiers.rate_deliverable": _("a apprécié un livrable"),
}
