"""What an analysis leaves behind. The computing is done before, outside any transaction (dialogue/contributions/analyses.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.contributions.models import AnalysisRun, Contribution, Pair, Suggestion, TrainedModel
from dialogue.contributions.rules import analysis as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import Likeness, RunStage
from dialogue.ledger.acts import Refused, act


@dataclass(frozen=True)
class Guess:
    """What the machine thinks of one contribution: themes best first (see models.Suggestion), and how much it doubts, 0 to 1."""

    contribution: int
    themes: list[dict[str, Any]] = field(default_factory=list)
    theme: int | None = None
    doubt: float = 1.0
    places: list[dict[str, str]] = field(default_factory=list)


@act("contributions.start_analysis", creates=True)
def start_analysis(thing: None, *, by: Any, now: datetime) -> AnalysisRun:
    """Asks for an analysis of everything that stands; a job does it. Raises Refused while one is under way."""
    from dialogue.contributions import tasks_analysis

    if AnalysisRun.objects.filter(stage__in=[RunStage.WAITING, RunStage.RUNNING]).exists():
        raise Refused(_("Une analyse est déjà en cours : ses résultats paraîtront ici."))
    run = AnalysisRun.objects.create(by_id=getattr(by, "pk", None), at=now, beat_at=timezone.now())
    tasks_analysis.analyse.enqueue(run.pk)
    return run


@act("contributions.note_suggestions", record=("run",))
def note_suggestions(thing: None, *, by: Any, now: datetime, guesses: Sequence[Guess], run: AnalysisRun | None) -> None:
    """Writes some suggestions, in place of those before; what a person said is not touched."""
    Suggestion.objects.bulk_create(
        [Suggestion(contribution_id=g.contribution, run=run, themes=g.themes, places=g.places) for g in guesses],
        update_conflicts=True,
        unique_fields=["contribution"],
        update_fields=["run", "themes", "places"],
        batch_size=500,
    )
    Contribution.objects.bulk_update(
        [Contribution(pk=g.contribution, suggested_theme_id=g.theme, doubt=g.doubt) for g in guesses],
        ["suggested_theme", "doubt"],
        batch_size=300,
    )


@act("contributions.note_copies", record=("run",))
def note_copies(thing: None, *, by: Any, now: datetime, pairs: Sequence[tuple[int, int, float]], run: AnalysisRun | None) -> None:
    """Near-copies to be shown to a person, (older, newer, score); a pair that was judged keeps its verdict."""
    Pair.objects.bulk_create(
        [Pair(first_id=first, second_id=second, score=score, likeness=Likeness.COPY) for first, second, score in pairs],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score"],
        batch_size=500,
    )


@act("contributions.finish_analysis", stage_field="stage", come_from=[RunStage.WAITING, RunStage.RUNNING], go_to=RunStage.DONE)
def finish_analysis(run: AnalysisRun, *, by: Any, now: datetime, data: bytes, **figures: Any) -> None:
    """Keeps the model and the figures of the run; the models of the runs before go, three apart."""
    for name, value in figures.items():
        setattr(run, name, value)
    run.save(update_fields=[*figures])
    TrainedModel.objects.update_or_create(run=run, defaults={"data": data})
    kept = list(TrainedModel.objects.order_by("-run__at", "-pk").values_list("pk", flat=True)[:3])
    TrainedModel.objects.exclude(pk__in=kept).delete()


@act("contributions.fail_analysis", come_from=[RunStage.WAITING, RunStage.RUNNING], go_to=RunStage.FAILED)
def fail_analysis(run: AnalysisRun, *, by: Any, now: datetime, error: str) -> None:
    """It stopped: what was there before still holds."""
    AnalysisRun.objects.filter(pk=run.pk).update(error=error[:300])
