"""What the worker does for deposits: the antivirus, drafts that nobody came back to, files that nobody kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from dialogue.contributions.models import Attachment, Contribution, Support
from dialogue.contributions.stages import Stage
from dialogue.files import antivirus
from dialogue.files.stages import Scan
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every

logger = logging.getLogger(__name__)
#: A draft without an account, and a support whose address was never proven (docs/retention.yaml, in days).
DRAFT_DAYS = 15
#: A file without a row may belong to an upload that is under way; after a day it belongs to nobody.
GRACE = timedelta(days=1)


@task()
def scan_file(pk: int) -> None:
    """Show one file to the antivirus; may run twice. Without an answer it waits for `scan_waiting`."""
    from dialogue.contributions.acts.deposit_files import note_scan

    row = Attachment.objects.filter(pk=pk, scan=Scan.WAITING).first()
    if row is None:
        return
    with row.file.open("rb") as file:
        try:
            said = antivirus.scan(file)
        except antivirus.Unreachable as problem:
            logger.warning("antivirus: %s", problem)
            return
    note_scan(row, by=SYSTEM, now=clock.now(), scan=said)


@every(minutes=10)
def scan_waiting(now: datetime) -> None:
    """Files whose job died or whose antivirus did not answer."""
    for pk in Attachment.objects.filter(scan=Scan.WAITING).order_by("pk").values_list("pk", flat=True)[:200]:
        try:
            scan_file.call(pk)
        except Exception:
            # A file that the storage does not give back must not keep the others waiting.
            logger.exception("attachment %s could not be scanned", pk)


@every(days=1)
def purge_drafts(now: datetime) -> int:
    """Fifteen days after the last word, a draft without an account goes; so does a support that was never confirmed. How many."""
    from dialogue.contributions.acts.deposit import purge_draft
    from dialogue.contributions.acts.support import purge_support

    limit = now - timedelta(days=DRAFT_DAYS)
    # Those of an import under way are old from the start, and nobody's.
    drafts = Contribution.objects.filter(stage=Stage.DRAFT, person=None, batch=None, written_at__lte=limit).select_related("campaign")
    supports = Support.objects.filter(confirmed_at=None, at__lte=limit).select_related("contribution")
    count = 0
    for act, row in [*((purge_draft, row) for row in drafts), *((purge_support, row) for row in supports)]:
        try:
            act(row, by=SYSTEM, now=now)
        except Refused:  # its author came back at this very moment
            continue
        count += 1
    return count


@every(days=1)
def forget_orphans(now: datetime) -> int:
    """Files on the disk that no row names, after a day. Returns how many."""
    known = {name.rpartition("/")[2] for name in Attachment.objects.values_list("file", flat=True)}
    limit, count = timezone.now() - GRACE, 0
    folders = default_storage.listdir("contributions")[0] if default_storage.exists("contributions") else []
    for folder in folders:
        for name in default_storage.listdir(f"contributions/{folder}")[1]:
            path = f"contributions/{folder}/{name}"
            if name not in known and default_storage.get_modified_time(path) < limit:
                default_storage.delete(path)
                count += 1
    return count
