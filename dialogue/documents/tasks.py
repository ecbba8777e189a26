"""What is done with a file after it was accepted: antivirus, words, reduced image; and files that nobody kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from dialogue.documents import bounded, reading
from dialogue.documents.models import Version
from dialogue.documents.stages import Reading, Scan
from dialogue.files import antivirus
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM
from dialogue.mailer.periodic import every

logger = logging.getLogger(__name__)
#: A file without a row may belong to an upload that is under way; after a day it belongs to nobody.
GRACE = timedelta(days=1)


@task()
def treat(pk: int) -> None:
    """Scan and read one version; may run twice. Without an answer of the antivirus the file waits for `treat_waiting`."""
    from dialogue.documents import acts

    version = Version.objects.select_related("document__chantier").filter(pk=pk).first()
    if version is None or (version.scan != Scan.WAITING and version.reading != Reading.WAITING):
        return
    with version.file.open("rb") as file:
        try:
            scanned = antivirus.scan(file) if version.scan == Scan.WAITING else Scan(version.scan)
        except antivirus.Unreachable as problem:
            logger.warning("antivirus: %s", problem)
            return
        words, state = "", Reading.NOTHING
        if scanned != Scan.INFECTED:
            words, state = _read(version, file)
    acts.note_treatment(version, by=SYSTEM, now=clock.now(), scan=scanned, reading=state, words=words)


def _read(version: Version, file: object) -> tuple[str, Reading]:
    extension = version.filename.rpartition(".")[2]
    try:
        if version.content_type.startswith("image/"):
            if not default_storage.exists(version.preview_name):
                default_storage.save(version.preview_name, ContentFile(bounded.preview_of(file)))  # type: ignore[arg-type]
            return "", Reading.NOTHING
        words = bounded.words_of(file, extension)  # type: ignore[arg-type]
    except reading.Unreadable:
        return "", Reading.FAILED
    return words, Reading.DONE if words else Reading.NOTHING


@every(minutes=10)
def treat_waiting(now: datetime) -> None:
    """Versions whose job died or whose antivirus did not answer."""
    old = timezone.now() - timedelta(minutes=5)
    rows = Version.objects.filter(reading=Reading.WAITING, stored_at__lt=old)
    for pk in rows.order_by("pk").values_list("pk", flat=True)[:200]:
        try:
            treat.call(pk)
        except Exception:
            # A file that the storage does not give back must not keep the others waiting.
            logger.exception("version %s could not be treated", pk)


def scan_unchecked() -> dict[Scan, int]:
    """Asks the antivirus about the files that came before there was one (`manage.py scan_documents`). Answer → how many;
    those it could not be asked about stay UNCHECKED."""
    from dialogue.documents import acts

    found: dict[Scan, int] = dict.fromkeys((Scan.CLEAN, Scan.INFECTED, Scan.UNCHECKED), 0)
    for version in Version.objects.filter(scan=Scan.UNCHECKED).select_related("document__chantier").order_by("pk"):
        answer = Scan.UNCHECKED
        try:
            with version.file.open("rb") as file:
                answer = antivirus.scan(file)
        except (antivirus.Unreachable, OSError) as problem:
            logger.warning("version %s: %s", version.pk, problem)
        if answer != Scan.UNCHECKED:
            acts.note_treatment(version, by=SYSTEM, now=clock.now(), scan=answer, reading=Reading(version.reading))
        found[answer] += 1
    return found


@every(days=1)
def forget_orphans(now: datetime) -> int:
    """Files of uploads that were never committed (a process killed between the file and its row). Returns how many."""
    count = 0
    for folder in _folders():
        names = default_storage.listdir(folder)[1]
        known = set(Version.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
        for name in names:
            path = f"{folder}/{name}"
            if path.removesuffix(".webp") not in known and default_storage.get_modified_time(path) < timezone.now() - GRACE:
                default_storage.delete(path)
                count += 1
    return count


def _folders() -> list[str]:
    try:
        return [f"documents/{name}" for name in default_storage.listdir("documents")[0]]
    except FileNotFoundError:
        return []
