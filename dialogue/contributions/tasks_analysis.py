"""Background work of the analysis: a whole run when it is asked for or worth it, suggestions for what has just come."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from dialogue.contributions.models import AnalysisRun, Contribution
from dialogue.contributions.stages import RunStage
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every

logger = logging.getLogger(__name__)
#: A run that has not spoken for this long is dead.
SILENCE = timedelta(minutes=15)
#: What makes a new run worth it: texts that came, or classifications that people made, since the last one.
NEW_TEXTS, NEW_LABELS = 200, 50


@task()
def analyse(pk: int) -> None:
    """One run. May run twice: it writes the same answers over its own."""
    from dialogue.contributions.acts import analysis as acts
    from dialogue.contributions.analyses import Analysis

    run = AnalysisRun.objects.filter(pk=pk, stage__in=[RunStage.WAITING, RunStage.RUNNING]).first()
    if run is None:
        return
    try:
        Analysis(run, clock.now(), lambda: _beat(run)).perform()
    except Exception as problem:
        logger.exception("analysis %s", pk)
        acts.fail_analysis(run, by=SYSTEM, now=clock.now(), error=f"{type(problem).__name__}: {problem}")


def _beat(run: AnalysisRun) -> None:
    """The job lives (real time)."""
    rows = AnalysisRun.objects.filter(pk=run.pk, stage__in=[RunStage.WAITING, RunStage.RUNNING])
    rows.update(stage=RunStage.RUNNING, beat_at=timezone.now())
    run.stage = RunStage.RUNNING


@every(seconds=30)
def suggest_for_newcomers(now: datetime) -> int:
    """What was deposited or imported since the last run is given its suggestions with the last model. Returns how many."""
    from dialogue.contributions import analyses

    rows = Contribution.objects.standing().filter(suggestion=None)
    if not rows.exists() or (latest := analyses.latest_model()) is None:
        return 0
    run = AnalysisRun.objects.get(pk=latest[0])
    return analyses.suggest(latest[1], analyses.chunks(rows, "title", "text"), run=run, now=now)[0]


@every(minutes=10)
def learn_when_worth_it(now: datetime) -> bool:
    """Starts a run when enough came or was said since the last one; settles a dead one."""
    from dialogue.contributions.acts import analysis as acts

    for dead in AnalysisRun.objects.filter(stage=RunStage.RUNNING, beat_at__lt=timezone.now() - SILENCE):
        acts.fail_analysis(dead, by=SYSTEM, now=now, error="interrupted")
    last = AnalysisRun.objects.filter(stage=RunStage.DONE).first()
    texts = Contribution.objects.standing().count()
    labelled = Contribution.objects.standing().filter(theme__isnull=False).count()
    grown = texts - (last.texts if last else 0) >= NEW_TEXTS or (last and labelled - last.labelled >= NEW_LABELS)
    if not grown:
        return False
    try:
        acts.start_analysis(None, by=SYSTEM, now=now)
    except Refused:
        return False
    return True


@task()
def cluster_all(theme: int | None, territory: int | None, by: int) -> int:
    """Groups every cell of a theme, of a territory, or of both; returns in how many cells there was enough to group."""
    from dialogue.contributions.acts.clusters import make_clusters
    from dialogue.people.models import Person
    from dialogue.territories.models import Territory, Theme

    person, done = Person.objects.get(pk=by), 0
    themes = Theme.objects.filter(pk=theme) if theme else Theme.objects.all()
    territories = Territory.objects.filter(pk=territory) if territory else Territory.objects.all()
    for each in themes:
        for place in territories:
            done += make_clusters(None, by=person, now=clock.now(), theme=each, territory=place) is not None
    return done
