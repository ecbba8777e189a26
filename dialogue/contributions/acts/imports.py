"""A file of contributions: deposited, understood, checked, imported, undone. What writes its rows is acts/imports_run.py."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from dialogue.contributions.acts import imports_run
from dialogue.contributions.acts.rows import CHUNK, published_at
from dialogue.contributions.importing import tables, uses
from dialogue.contributions.importing.checking import Report
from dialogue.contributions.importing.problems import unreadable
from dialogue.contributions.models import Campaign, Contribution, ImportBatch, ImportProblem
from dialogue.contributions.rules import imports as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import ImportStage, Stage, ThemeSource
from dialogue.formats.tables import Unreadable
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date

#: Before anything was written.
OPEN = [ImportStage.UPLOADED, ImportStage.CHECKED, ImportStage.FAILED]


@act("contributions.upload_batch", creates=True)
def upload_batch(campaign: Campaign, *, by: Any, now: datetime, file: IO[bytes], filename: str) -> ImportBatch:
    """Keeps the file and says what it is. Raises Refused, with what to do, for what is no table."""
    size = file.seek(0, 2)
    if size > settings.IMPORT_MAX_BYTES:
        limit = {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
        raise Refused(_("Ce fichier dépasse %(limit)s Mo : partagez-le en plusieurs, ou enregistrez-le en CSV.") % limit)
    author = by if getattr(by, "is_authenticated", False) else None
    name = PurePath(filename.replace("\\", "/")).name[:200] or "fichier"
    batch = ImportBatch(campaign=campaign, filename=name, size=size, by=author, at=now)
    try:
        tables.understand(batch, file)
    except Unreadable as problem:
        raise Refused(unreadable(problem)) from problem
    file.seek(0)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(name, File(file), save=False)
    try:
        batch.save()
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


@act("contributions.map_batch", come_from=OPEN, go_to=ImportStage.UPLOADED)
def map_batch(
    batch: ImportBatch,
    *,
    by: Any,
    now: datetime,
    source: Mapping[str, Any] | None = None,
    mapping: Mapping[str, int] | None = None,
    choices: Mapping[str, Any] | None = None,
) -> None:
    """How the file is read (`source`), which column is which field, what holds for all lines; to be checked again.

    A new `source` guesses the columns anew. Raises Refused for a file that cannot be read that way.
    """
    try:
        with batch.file.open("rb") as file:
            tables.understand(batch, file, source=source, mapping=mapping, choices=choices)
    except Unreadable as problem:
        raise Refused(unreadable(problem)) from problem
    if not {"title", "text"} & set(batch.mapping):
        raise Refused(_("Dites au moins quelle colonne contient le texte, ou le titre."))
    batch.problems.all().delete()
    batch.beat_at, batch.done_rows, batch.rows, batch.error = None, 0, None, ""
    batch.save()


@act("contributions.check_batch", come_from=[ImportStage.UPLOADED], go_to=ImportStage.CHECKED)
def check_batch(batch: ImportBatch, *, by: Any, now: datetime, report: Report, lease: imports_run.Lease) -> None:
    """Keeps what the dry run found (imports_run.check). Raises Superseded when someone changed the columns meanwhile."""
    lease.renew()
    batch.problems.all().delete()
    ImportProblem.objects.bulk_create(
        (
            ImportProblem(batch=batch, line=line, column=column, code=code, value=value, is_fatal=is_fatal)
            for line, column, code, value, is_fatal in report.problems
        ),
        batch_size=CHUNK,
    )
    batch.rows, batch.done_rows, batch.beat_at, batch.error = report.rows, report.rows, None, ""
    batch.created, batch.known, batch.refused = report.taken, report.known, report.refused
    batch.source = batch.source | {"found": dict(report.codes), "words": report.words, "attempts": 0}
    batch.save()


def _something_to_take(batch: ImportBatch, *, by: Any, now: datetime) -> str | None:
    if batch.stage != ImportStage.FAILED and batch.rows is not None and not batch.created:
        return _("Aucune ligne de ce fichier n’est à prendre.")
    return None


def _file_is_there(batch: ImportBatch, *, by: Any, now: datetime) -> str | None:
    return None if batch.file else _("Le fichier a été effacé : déposez-le de nouveau.")


@act(
    "contributions.start_import",
    come_from=[ImportStage.CHECKED, ImportStage.FAILED],
    go_to=ImportStage.RUNNING,
    guards=[_file_is_there, _something_to_take],
    record=("may_publish",),
)
def start_import(batch: ImportBatch, *, by: Any, now: datetime, beat: datetime, may_publish: bool) -> None:
    """From now on a job writes; `beat` (real time) is what it must show to take the batch. One import at a time by campaign."""
    Campaign.objects.select_for_update().get(pk=batch.campaign_id)
    others = ImportBatch.objects.filter(campaign_id=batch.campaign_id, stage=ImportStage.RUNNING).exclude(pk=batch.pk)
    if others.exists():
        raise Refused(_("Un autre import est en cours dans cette campagne : attendez qu’il se termine."))
    batch.choices = batch.choices | {"may_publish": may_publish}
    batch.source = batch.source | {"attempts": 0}
    batch.done_rows, batch.beat_at, batch.error = 0, beat, ""
    batch.save(update_fields=["choices", "source", "done_rows", "beat_at", "error"])


@act(
    "contributions.finish_import",
    come_from=[ImportStage.RUNNING],
    go_to=ImportStage.DONE,
    record=("created", "known", "refused"),
)
def finish_import(
    batch: ImportBatch, *, by: Any, now: datetime, lease: imports_run.Lease, created: int, known: int, refused: int
) -> None:
    """All the drafts of the batch enter at once. Raises imports_run.Superseded when another process has taken it over."""
    lease.renew()
    campaign = batch.campaign
    entered = Contribution.objects.filter(batch=batch, stage=Stage.DRAFT).update(
        stage=Stage.RECEIVED,
        received_at=now,
        due_on=campaign.due_on(local_date(now)),
        is_published=published_at(Stage.RECEIVED, campaign),
    )
    if batch.choices.get("sorted"):
        _take_as_sorted(batch, now)
    if entered != created:
        raise RuntimeError(f"import {batch.pk}: {entered} drafts for {created} lines")
    batch.created, batch.known, batch.refused, batch.finished_at = created, known, refused, now
    batch.done_rows, batch.beat_at = batch.rows or batch.done_rows, None
    batch.save(update_fields=["created", "known", "refused", "finished_at", "done_rows", "beat_at"])


def _take_as_sorted(batch: ImportBatch, now: datetime) -> None:
    """The file was sorted before it came: what says its theme and its place needs no other reading."""
    rows = Contribution.objects.filter(batch=batch, stage=Stage.RECEIVED, theme__isnull=False, territory__isnull=False)
    is_published = published_at(Stage.QUALIFIED, batch.campaign)
    said = {"theme_source": ThemeSource.AGENT, "qualified_by": batch.by, "qualified_at": now}
    rows.update(stage=Stage.QUALIFIED, is_published=is_published, **said)


@act("contributions.fail_import", come_from=[ImportStage.RUNNING], go_to=ImportStage.FAILED)
def fail_import(batch: ImportBatch, *, by: Any, now: datetime, error: str) -> None:
    """Nothing is imported: the drafts were cleared (imports_run.clear). It may be started again."""
    batch.error, batch.done_rows, batch.beat_at = error[:300], 0, None
    batch.save(update_fields=["error", "done_rows", "beat_at"])


def _nothing_used(batch: ImportBatch, *, by: Any, now: datetime) -> str | None:
    blocking = uses.of(batch)
    return uses.sentence(blocking) if blocking else None


@act("contributions.undo_import", come_from=[ImportStage.DONE], go_to=ImportStage.UNDONE, guards=[_nothing_used])
def undo_import(batch: ImportBatch, *, by: Any, now: datetime) -> None:
    """Its contributions go, all or none; the line of the import stays. Their numbers are not given again."""
    rows = Contribution.objects.filter(batch=batch)
    # Held: nobody sorts one while it goes; what was done just before is seen.
    list(rows.select_for_update().values_list("pk", flat=True))
    if used := uses.of(batch):
        raise Refused(uses.sentence(used))
    found = rows.aggregate(last=Max("number"), count=Count("pk"))
    imports_run.remove(rows)
    batch.source = batch.source | {"last_number": found["last"], "undone": found["count"]}
    batch.beat_at = None
    batch.save(update_fields=["source", "beat_at"])


@act("contributions.forget_file", come_from=[ImportStage.DONE, ImportStage.UNDONE])
def forget_file(batch: ImportBatch, *, by: Any, now: datetime) -> None:
    """The file goes, with the addresses in it, and the values quoted of it; the line of the import stays."""
    name, storage = batch.file.name, batch.file.storage
    batch.problems.update(value="")
    batch.file = ""
    batch.save(update_fields=["file"])
    transaction.on_commit(lambda: storage.delete(name))


@act("contributions.forget_batch", come_from=OPEN, creates=True)
def forget_batch(batch: ImportBatch, *, by: Any, now: datetime) -> Campaign:
    """A file that was left before anything of it entered goes, with what was found in it (docs/retention.yaml)."""
    name, storage, campaign = batch.file.name, batch.file.storage, batch.campaign
    batch.problems.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).delete()
    transaction.on_commit(lambda: storage.delete(name))
    return campaign
