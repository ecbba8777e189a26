"""What must be true before a chantier goes on. Each guard answers with the sentence that says what is missing.

Rooms above append their own to the acts (`complete.guards.append(...)`), never the other way round.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.models import Chantier, Objective, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage, Role
from dialogue.ledger.clock import local_date


def _quoted(titles: list[str]) -> str:
    return ", ".join(f"« {title} »" for title in titles)


def has_theme_and_territory(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.theme_id and chantier.territories.exists():
        return None
    return _("Choisissez un thème et au moins un territoire.")


def has_reason(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.reason and chantier.reason_text.strip():
        return None
    return _("Dites pourquoi ce chantier s’ouvre : la raison et son explication.")


def has_objective(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    return None if chantier.objective.strip() else _("Écrivez l’objectif, atteignable dans un temps court.")


def has_deliverable(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    return None if chantier.deliverable.strip() else _("Écrivez le livrable attendu, précisément.")


def has_sponsor(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.members.active().filter(role=Role.SPONSOR).exists():
        return None
    return _("Désignez l’élu qui porte le chantier.")


def has_lead(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.members.active().filter(role=Role.LEAD).exists():
        return None
    return _("Désignez la direction référente, qui pilote le chantier.")


def requests_are_answered(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    """Nobody joins a chantier that is completed: who asked hears it before."""
    n = chantier.join_requests.waiting().count()
    said = ngettext(
        "%(n)d demande pour rejoindre le groupe attend une réponse : répondez-y d’abord.",
        "%(n)d demandes pour rejoindre le groupe attendent une réponse : répondez-y d’abord.",
        n,
    )
    return said % {"n": n} if n else None


def has_first_meeting(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    return None if chantier.first_meeting_at else _("Convoquez la première séance.")


def first_meeting_was_held(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.first_meeting_at and chantier.first_meeting_at <= now:
        return None
    return _("La feuille de route s’arrête en séance : attendez la première séance.")


def no_roadmap_adopted(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.roadmaps.exclude(stage=RoadmapStage.DRAFT).exists():
        return _("La feuille de route est déjà arrêtée.")
    return None


def missing_in(roadmap: Roadmap) -> list[str]:
    """What a draft still needs before the group can adopt it (the guide: objectives, deliverables, calendar)."""
    needed = [(roadmap.objectives, _("un objectif")), (roadmap.deliverables, _("un livrable")), (roadmap.steps, _("une étape datée"))]
    return [name for lines, name in needed if not lines.all()]


def draft_is_whole(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    # `all()`: a page that prefetched the roadmaps asks nothing more; the act itself looks again (`_adopt`).
    draft = next((roadmap for roadmap in chantier.roadmaps.all() if roadmap.stage == RoadmapStage.DRAFT), None)
    if draft is None:
        return _("Commencez le brouillon de la feuille de route.")
    missing = missing_in(draft)
    return _("Il manque à la feuille de route : %(what)s.") % {"what": ", ".join(missing)} if missing else None


def has_adopted_roadmap(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.roadmaps.filter(stage=RoadmapStage.ADOPTED).exists():
        return None
    return _("Aucune feuille de route n’est arrêtée.")


def no_draft_pending(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    if chantier.roadmaps.filter(stage=RoadmapStage.DRAFT).exists():
        return _("Une nouvelle version de la feuille de route est déjà en préparation.")
    return None


def deliverables_are_settled(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    """Each planned deliverable of the roadmap in force is published, or given up with a motive."""
    rows = PlannedDeliverable.objects.filter(roadmap__chantier=chantier, roadmap__stage=RoadmapStage.ADOPTED)
    waiting = list(rows.filter(published_on=None, abandon_motive="").values_list("title", flat=True))
    if not waiting:
        return None
    return _("Publiez, ou abandonnez avec un motif : %(what)s.") % {"what": _quoted(waiting)}


def was_not_tabled(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    return _("Les propositions sont déjà transmises à l’assemblée.") if chantier.tabled_on else None


def nothing_is_rated(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    rated = (
        Objective.objects.filter(roadmap__chantier=chantier).exclude(rating="").exists()
        or PlannedDeliverable.objects.filter(roadmap__chantier=chantier).exclude(rating="").exists()
    )
    return _("L’évaluation a déjà commencé.") if rated else None


def baseline_is_rated(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    """The evaluation measures against version 1, as adopted in the first meeting."""
    rows = {"roadmap__chantier": chantier, "roadmap__version": 1, "rating": ""}
    waiting = [
        title for model in (Objective, PlannedDeliverable)
        for title in model.objects.filter(**rows).values_list("title", flat=True)
    ]
    if not waiting:
        return None
    return _("Appréciez encore : %(what)s.") % {"what": _quoted(waiting)}


def day_is_possible(day: Any, *, now: datetime, chantier: Chantier) -> str | None:
    """A day on which something was done: not in the future, not before the chantier's opening."""
    if day > local_date(now):
        return _("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui.")
    if chantier.opened_on and day < chantier.opened_on:
        return _("Cette date est antérieure à l’ouverture du chantier.")
    return None
