"""What the worker does for the carnet: copies of photos, sounds without notes, PDF and EPUB; what closed meetings kept.

Each job may be killed and run twice: it writes under names of its own, then says so in one act.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django_tasks import task

from dialogue.files import antivirus
from dialogue.files.stages import Scan
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM
from dialogue.logbook import darkroom, sounds
from dialogue.logbook.models import BoundFile, LogbookEntry
from dialogue.logbook.stages import EntryKind, EntryStage, Format, Treatment
from dialogue.mailer.periodic import every
from dialogue.meetings.models import Material, Meeting

logger = logging.getLogger(__name__)
#: A file without a row may belong to an upload that is under way; after a day it belongs to nobody.
GRACE = timedelta(days=1)
#: After how long a job that did not answer is done again.
PATIENCE = timedelta(minutes=5)
#: After how long a carnet that cannot be bound is no longer tried.
GIVEN_UP = timedelta(hours=2)
#: What was not kept loses its file and the name of who agreed (docs/retention.yaml, in days).
REFUSED_DAYS = 60


def keep(name: str, data: bytes) -> None:
    """Under this very name, whatever a job that was killed left there."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


@task()
def prepare(pk: int) -> None:
    """Copies of a photo or of a sound; may run twice. Without an answer of the antivirus it waits for `prepare_waiting`."""
    from dialogue.logbook.acts.consent import note_treatment

    entry = LogbookEntry.objects.select_related("chantier", "by").filter(pk=pk, treatment=Treatment.WAITING).first()
    if entry is None or not entry.original:
        return
    facts: dict[str, object] = {}
    with entry.original.open("rb") as file:
        try:
            scanned = antivirus.scan(file)
        except antivirus.Unreachable as problem:
            logger.warning("antivirus: %s", problem)
            return
        treatment = Treatment.FAILED
        if scanned != Scan.INFECTED:
            try:
                facts = _photo(entry, file) if entry.kind == EntryKind.PHOTO else _sound(entry, file)
                treatment = Treatment.READY
            except (darkroom.Unreadable, sounds.Unfit) as problem:
                logger.info("entry %s: %s", pk, problem)
    note_treatment(entry, by=SYSTEM, now=clock.now(), treatment=treatment, scan=scanned, **facts)


def _photo(entry: LogbookEntry, file: object) -> dict[str, object]:
    made = darkroom.develop(file)  # type: ignore[arg-type]
    for name, data in made.copies.items():
        keep(entry.stored(name), data)
    return {"size": (made.width, made.height), "widths": made.widths}


def _sound(entry: LogbookEntry, file: object) -> dict[str, object]:
    from dialogue.files.judging import judge

    extension = judge(file, "son").extension  # type: ignore[arg-type]
    file.seek(0)  # type: ignore[attr-defined]
    keep(entry.stored(f"sound.{extension}"), sounds.cleaned(file.read(), extension))  # type: ignore[attr-defined]
    return {"sound": extension}


@task()
def bind(pk: int) -> None:
    """The PDF or the EPUB of a published edition; may run twice."""
    from dialogue.logbook import epub, pdf
    from dialogue.logbook.acts.publishing import note_bound

    bound = BoundFile.objects.select_related("edition").filter(pk=pk, treatment=Treatment.WAITING).first()
    if bound is None:
        return
    key, name, pages = bound.key, bound.stored, 0
    try:
        with translation.override(settings.LANGUAGE_CODE):
            if bound.format == Format.PDF:
                data = pdf.of_edition(bound.edition)
                pages = pdf.pages_of(data)
            else:
                data = epub.of_edition(bound.edition)
        keep(name, data)
    except Exception:
        # Tried again for a while (a disk that was full); then the team is told, and may ask for it again.
        logger.exception("%s of edition %s", bound.format, bound.edition_id)
        if bound.asked_at < timezone.now() - GIVEN_UP:
            note_bound(bound, by=SYSTEM, now=clock.now(), key=key, treatment=Treatment.FAILED)
        return
    facts = {"treatment": Treatment.READY, "size": len(data), "pages": pages}
    if not note_bound(bound, by=SYSTEM, now=clock.now(), key=key, **facts):
        default_storage.delete(name)


@every(minutes=10)
def prepare_waiting(now: datetime) -> None:
    """Files whose job died or whose antivirus did not answer."""
    old = timezone.now() - PATIENCE
    rows = LogbookEntry.objects.filter(treatment=Treatment.WAITING, stored_at__lt=old)
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:100]:
        _again(prepare, pk)


@every(minutes=10)
def bind_waiting(now: datetime) -> None:
    rows = BoundFile.objects.filter(treatment=Treatment.WAITING, asked_at__lt=timezone.now() - PATIENCE)
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:10]:
        _again(bind, pk)


def _again(job: object, pk: int) -> None:
    try:
        job.call(pk)  # type: ignore[attr-defined]
    except Exception:
        # One that cannot be done must not keep the others waiting.
        logger.exception("%s of %s failed", job, pk)


@every(hours=1)
def gather_closed(now: datetime) -> int:
    """What closed meetings kept for the carnet comes to the editors' table, with the agreement it needs. How many."""
    from dialogue.logbook.acts.entries import gather

    rows = Material.objects.filter(logbook_entry=None).values("meeting")
    return gather(Meeting.objects.filter(pk__in=rows), now=now)


@every(days=1)
def forget_refused(now: datetime) -> int:
    """Files of what was not kept, after their term. How many."""
    from dialogue.logbook.acts.consent import forget_original

    old = now - timedelta(days=REFUSED_DAYS)
    rows = LogbookEntry.objects.filter(stage=EntryStage.REFUSED, answered_at__lte=old)
    rows = rows.exclude(treatment__in=[Treatment.NONE, Treatment.REMOVED]) | rows.exclude(consent_by="")
    count = 0
    for entry in rows.select_related("chantier").distinct():
        forget_original(entry, by=SYSTEM, now=now)
        count += 1
    return count


@every(days=1)
def forget_orphans(now: datetime) -> int:
    """Files that no row names any more (a process killed between the two), after a day. How many."""
    limit, count = timezone.now() - GRACE, 0
    for path in _kept_files():
        if not _is_known(path) and default_storage.get_modified_time(path) < limit:
            default_storage.delete(path)
            count += 1
    return count


def _kept_files() -> list[str]:
    found, folders = [], ["logbook"]
    while folders:
        folder = folders.pop()
        try:
            inside, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}" for name in inside]
        found += [f"{folder}/{name}" for name in names]
    return found


def _is_known(path: str) -> bool:
    """Whether a row names this file: an original that waits, a copy of something that is ready, a file of an edition."""
    parts = path.split("/")
    if parts[1] == "editions":
        return BoundFile.objects.filter(key=parts[2].partition(".")[0]).exists()
    if parts[1] == "originals":
        return LogbookEntry.objects.filter(original=path).exists()
    return LogbookEntry.objects.filter(key=parts[2], treatment__in=[Treatment.READY, Treatment.WAITING]).exists()
