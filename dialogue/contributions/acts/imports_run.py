"""What writes the rows of an import, a thousand at a time, as drafts that nobody sees; a killed one is taken up again.

Whoever works holds a lease: the beat (real time) that only the last holder knows. Each thousand is written in one transaction
with the next beat; a process that was thought dead, and is not, writes nothing more. Rows are told apart by their external
identifier, so that taking up means reading the file again and leaving out what is there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.contributions.acts import imports_rows
from dialogue.contributions.acts.rows import CHUNK, next_number
from dialogue.contributions.importing import checking
from dialogue.contributions.importing.problems import unreadable
from dialogue.contributions.models import Contribution, ContributionWords, ImportBatch, Pair, Suggestion
from dialogue.contributions.stages import ImportStage, Stage
from dialogue.formats.tables import Unreadable
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM, Refused

logger = logging.getLogger(__name__)
#: Silence after which the process that held a batch is dead; how often a batch is taken up again.
SILENCE = timedelta(minutes=1)
LIVES = 5


class Superseded(Exception):
    """Another process holds the batch now: leave, write nothing."""


class Lease:
    """The right to write for one batch. `beat` is what the row says as long as nobody else has taken it."""

    def __init__(self, pk: int, beat: datetime) -> None:
        self.pk, self.beat = pk, beat

    def renew(self, **fields: Any) -> None:
        """Says that one lives, and how far one is. Raises Superseded."""
        beat = max(timezone.now(), self.beat + timedelta(microseconds=1))
        if ImportBatch.objects.filter(pk=self.pk, beat_at=self.beat).update(beat_at=beat, **fields) != 1:
            raise Superseded
        self.beat = beat


def take(pk: int, beat: datetime, *, stage: str = ImportStage.RUNNING) -> Lease | None:
    """The lease of a batch whose beat is still `beat`, or silent for long; None when someone else holds it."""
    moment = timezone.now()
    rows = ImportBatch.objects.filter(pk=pk, stage=stage)
    if rows.filter(beat_at=beat).update(beat_at=moment) or rows.filter(beat_at__lt=moment - SILENCE).update(beat_at=moment):
        return Lease(pk, moment)
    return None


def silent() -> list[tuple[int, datetime]]:
    """Batches whose process died, each with a new beat for the next one; those that kill whoever takes them are given up."""
    found = []
    moment = timezone.now()
    waiting = ImportBatch.objects.filter(stage__in=[ImportStage.RUNNING, ImportStage.UPLOADED], beat_at__lt=moment - SILENCE)
    for batch in waiting:
        attempts = int(batch.source.get("attempts", 0)) + 1
        source = batch.source | {"attempts": attempts}
        if ImportBatch.objects.filter(pk=batch.pk, stage=batch.stage, beat_at=batch.beat_at).update(beat_at=moment, source=source) != 1:
            continue
        if attempts >= LIVES:
            _give_up(batch, Lease(batch.pk, moment))
        else:
            found.append((batch.pk, moment))
    return found


def _give_up(batch: ImportBatch, lease: Lease) -> None:
    words = _("Le serveur s’est arrêté %(count)s fois pendant ce travail : partagez le fichier en plusieurs.") % {"count": LIVES}
    if batch.stage == ImportStage.UPLOADED:
        lease.renew(error=words)
        ImportBatch.objects.filter(pk=batch.pk, beat_at=lease.beat).update(beat_at=None)
    else:
        _fail(batch, lease, words)


def fresh_beat() -> datetime:
    """What the first holder of a lease must show."""
    return timezone.now()


# The dry run -----------------------------------------------------------------
def ask_check(batch: ImportBatch) -> datetime:
    """Someone will check: the beat that they must show."""
    beat = fresh_beat()
    ImportBatch.objects.filter(pk=batch.pk, stage=ImportStage.UPLOADED).update(beat_at=beat, done_rows=0, error="")
    return beat


def check(pk: int, beat: datetime, *, by: Any, tick: Any = None, now: datetime | None = None) -> None:
    """The dry run; may run twice. Raises Refused for a file that cannot be read to its end."""
    from dialogue.contributions.acts import imports

    lease = take(pk, beat, stage=ImportStage.UPLOADED)
    if lease is None:
        return

    def alive(done: int) -> None:
        lease.renew(done_rows=done)
        if tick is not None:
            tick(done)

    batch = ImportBatch.objects.select_related("campaign").get(pk=pk)
    try:
        with batch.file.open("rb") as file:
            report = checking.check(batch, file, now=now or clock.now(), tick=alive)
        imports.check_batch(batch, by=by, now=now or clock.now(), report=report, lease=lease)
    except Superseded:
        logger.info("check of import %s: another process took it over", pk)
    except (Unreadable, OSError) as problem:
        words = _why(problem)
        ImportBatch.objects.filter(pk=pk, beat_at=lease.beat).update(beat_at=None, error=words[:300])
        raise Refused(words) from problem


def _why(problem: Exception) -> str:
    if isinstance(problem, Unreadable):
        return unreadable(problem)
    return _("Le fichier ne se lit plus : déposez-le de nouveau.")


# The import ------------------------------------------------------------------
def run(pk: int, beat: datetime, *, tick: Any = None, now: datetime | None = None) -> None:
    """Writes the drafts, then makes them enter; may run twice, may be killed at any point. `now`: domain time, the clock's by default."""
    from dialogue.contributions.acts import imports

    lease = take(pk, beat)
    if lease is None:
        return
    batch = ImportBatch.objects.select_related("campaign").get(pk=pk)
    try:
        counts = _write(batch, lease, tick)
        # The stage moves before the body runs: the database wants the date first.
        lease.renew(finished_at=now or clock.now())
        imports.finish_import(batch, by=SYSTEM, now=now or clock.now(), lease=lease, **counts)
    except Superseded:
        logger.info("import %s: another process took it over", pk)
    except (Unreadable, OSError) as problem:
        _fail(batch, lease, _why(problem))


def _fail(batch: ImportBatch, lease: Lease, words: str) -> None:
    from dialogue.contributions.acts import imports

    try:
        clear(batch, lease)
        imports.fail_import(ImportBatch.objects.get(pk=batch.pk), by=SYSTEM, now=clock.now(), error=words)
    except (Superseded, Refused):
        logger.info("import %s: another process took it over", batch.pk)


def _write(batch: ImportBatch, lease: Lease, tick: Any) -> dict[str, int]:
    counts = {"created": 0, "known": 0, "refused": 0}
    done = 0
    maker = imports_rows.Maker(batch)
    known = checking.Known(batch)
    with batch.file.open("rb") as file:
        for chunk in checking.chunks(checking.lines(batch, file, now=clock.now()), CHUNK):
            done += len(chunk)
            fine = [line for line in chunk if not line.is_refused]
            taken = [line for line in fine if not known.has(line)]
            counts["refused"] += len(chunk) - len(fine)
            counts["known"] += len(fine) - len(taken)
            counts["created"] += len(taken)
            _write_chunk([maker.row(line) for line in taken if not known.is_written(line)], lease, done)
            if tick is not None:
                tick(done)
    return counts


def _write_chunk(made: list[tuple[Contribution, ContributionWords]], lease: Lease, done: int) -> None:
    """One short transaction; what can be prepared before is."""
    with transaction.atomic():
        lease.renew(done_rows=done)
        if not made:
            return
        for number, (row, _words) in enumerate(made, next_number()):
            row.number = number
        imports_rows.insert([row for row, _words in made])
        for row, words in made:
            words.contribution_id = row.pk
        ContributionWords.objects.bulk_create([words for _row, words in made])


# Telling their authors -----------------------------------------------------------
#: The room's letter of acknowledgement, `(contribution, now)`, when there is one (appended by `AppConfig.ready`).
acknowledgers: list[Callable[[Contribution, datetime], Any]] = []
TOLD_AT_ONCE = 100


def to_tell() -> list[ImportBatch]:
    """Imports whose officer wanted their authors told, as long as some are not."""
    wanted = ImportBatch.objects.filter(stage=ImportStage.DONE, choices__tell_authors=True)
    return [batch for batch in wanted.select_related("campaign") if acknowledgers and not batch.source.get("told_all")]


def tell_some(batch: ImportBatch, *, now: datetime) -> int:
    """The next authors, a hundred at a time; how far one is stands in the transaction of their letters. Returns how many."""
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        rows = Contribution.objects.filter(batch=batch, number__gt=held.source.get("told", 0)).exclude(author_email="")
        some = list(rows.select_related("campaign").order_by("number")[:TOLD_AT_ONCE])
        for row in some:
            for acknowledge in acknowledgers:
                acknowledge(row, now)
        told = {"told": some[-1].number} if some else {"told_all": True}
        ImportBatch.objects.filter(pk=batch.pk).update(source=held.source | told)
    return len(some)


# Removing --------------------------------------------------------------------
def remove(rows: Any) -> int:
    """Contributions and what the machine said of them; the database refuses when something else names one. Returns how many."""
    Pair.objects.filter(first__in=rows).delete()
    Pair.objects.filter(second__in=rows).delete()
    for machine in (Suggestion, ContributionWords):
        machine.objects.filter(contribution__in=rows)._raw_delete(connection.alias)
    return int(rows._raw_delete(connection.alias))


def clear(batch: ImportBatch, lease: Lease) -> None:
    """The drafts of a batch, a thousand at a time. Raises Superseded."""
    while True:
        with transaction.atomic():
            lease.renew()
            drafts = Contribution.objects.filter(batch=batch, stage=Stage.DRAFT)
            some = list(drafts.order_by("pk").values_list("pk", flat=True)[:CHUNK])
            if not some:
                return
            remove(Contribution.objects.filter(pk__in=some))
