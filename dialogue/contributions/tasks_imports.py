"""Jobs of imports: the dry run of a large file, the import itself, what a killed process left; files kept too long."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django_tasks import task

from dialogue.contributions.acts import imports, imports_run
from dialogue.contributions.models import ImportBatch
from dialogue.contributions.stages import ImportStage
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every

#: How long the file of an import, with the addresses in it, is kept after its end.
KEPT = timedelta(days=90)


@task()
def check_import(pk: int, beat: str) -> None:
    with suppress(Refused):  # the batch says why
        imports_run.check(pk, datetime.fromisoformat(beat), by=SYSTEM)


@task()
def run_import(pk: int, beat: str) -> None:
    """May run twice; another one that holds the batch is left alone."""
    imports_run.run(pk, datetime.fromisoformat(beat))


#: A smaller file is checked while its sender waits.
AT_ONCE = 2_000_000


def check(batch: ImportBatch, *, by: Any) -> None:
    """The dry run, at once or by a job. Raises Refused."""
    beat = imports_run.ask_check(batch)
    if batch.size <= AT_ONCE:
        imports_run.check(batch.pk, beat, by=by)
    else:
        check_import.enqueue(batch.pk, beat.isoformat())


def launch(batch: ImportBatch, *, by: Any, now: datetime, may_publish: bool) -> None:
    """Starts the import; should the job be lost, `take_up_imports` finds the batch. Raises Refused."""
    beat = imports_run.fresh_beat()
    imports.start_import(batch, by=by, now=now, beat=beat, may_publish=may_publish)
    run_import.enqueue(batch.pk, beat.isoformat())


@every(seconds=5)
def take_up_imports(now: datetime) -> None:
    """At each round: what the death of a process interrupted starts again."""
    for pk, beat in imports_run.silent():
        running = ImportBatch.objects.filter(pk=pk, stage=ImportStage.RUNNING).exists()
        (run_import if running else check_import).enqueue(pk, beat.isoformat())


@every(seconds=5)
def tell_imported_authors(now: datetime) -> None:
    """At each round, a hundred authors of an import whose officer wanted them told."""
    for batch in imports_run.to_tell()[:1]:
        imports_run.tell_some(batch, now=now)


@every(hours=24)
def forget_import_files(now: datetime) -> None:
    """Files imported three months ago are erased: their contributions hold what matters."""
    old = ImportBatch.objects.filter(stage__in=[ImportStage.DONE, ImportStage.UNDONE], finished_at__lt=now - KEPT).exclude(file="")
    for batch in old[:100]:
        with suppress(Refused):
            imports.forget_file(batch, by=SYSTEM, now=now)
