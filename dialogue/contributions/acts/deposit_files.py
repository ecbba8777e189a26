"""Files of a contribution: judged by their content, without what cameras note, shown to the antivirus."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from dialogue.contributions.models import Attachment, Contribution
from dialogue.contributions.rules import deposit as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import AUTHORS
from dialogue.files import antivirus
from dialogue.files.judging import Kind, Unfit, judge
from dialogue.files.stages import Scan
from dialogue.ledger.acts import Refused, act

MOST_FILES, MOST_BYTES = 5, 10_000_000
#: Images that carry the camera's notes (place, hour): only a copy without them is kept.
PHOTOGRAPHS = {"image/jpeg": "JPEG", "image/webp": "WEBP"}
MOST_PIXELS = 40_000_000


def examined(file: IO[bytes], name: str) -> tuple[Kind, bytes]:
    """What the file is and the bytes that are kept of it. Raises Refused, with a sentence for its sender."""
    file.seek(0)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(_("Ce fichier est trop lourd : %(limit)d Mo au plus.") % {"limit": MOST_BYTES // 1_000_000})
    try:
        kind = judge(io.BytesIO(data), name)
    except Unfit as problem:
        raise Refused(str(problem)) from None
    return kind, _without_notes(data, PHOTOGRAPHS[kind.content_type]) if kind.content_type in PHOTOGRAPHS else data


def _without_notes(data: bytes, code: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_("Cette image est trop grande : réduisez-la."))
            upright = ImageOps.exif_transpose(image)
            for note in ("exif", "xmp", "icc_profile", "comment"):
                upright.info.pop(note, None)
            out = io.BytesIO()
            upright.save(out, code, quality=88)
    except (OSError, SyntaxError, ValueError):
        raise Refused(_("Cette image est abîmée : impossible de l’ouvrir.")) from None
    return out.getvalue()


def keep(contribution: Contribution, file: IO[bytes], name: str, *, now: datetime) -> Attachment:
    """The file is on the disk before its row is committed. Raises Refused for what may not be taken, or is there already."""
    if contribution.attachments.count() >= MOST_FILES:
        raise Refused(_("Cinq fichiers au plus."))
    kind, data = examined(file, name)
    row = Attachment(
        contribution=contribution, filename=kind.filename, size=len(data), content_type=kind.content_type, added_at=now
    )
    row.sha256 = hashlib.sha256(data).hexdigest()
    row.scan = Scan.WAITING if antivirus.is_set() else Scan.UNCHECKED
    row.file.save(kind.filename, ContentFile(data), save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        default_storage.delete(row.file.name)
        raise Refused(_("Ce fichier est déjà joint.")) from None
    from dialogue.contributions.tasks_deposit import scan_file

    scan_file.enqueue(row.pk)
    return row


def keep_bytes(contribution: Contribution, data: bytes, name: str, *, now: datetime) -> Attachment:
    return keep(contribution, io.BytesIO(data), name, now=now)


@act("contributions.attach_file", come_from=AUTHORS)
def attach_file(contribution: Contribution, *, by: Any, now: datetime, file: Any, name: str = "") -> Attachment:
    return keep(contribution, file, name or getattr(file, "name", "") or "fichier", now=now)


@act("contributions.remove_file", come_from=AUTHORS)
def remove_file(contribution: Contribution, *, by: Any, now: datetime, attachment: Attachment) -> None:
    """By its author, as long as they may correct."""
    _erase(list(contribution.attachments.filter(pk=attachment.pk)))


def erase_all(contribution: Contribution) -> None:
    _erase(list(contribution.attachments.all()))


def _erase(rows: list[Attachment]) -> None:
    """Rows now, files once it is sure."""
    for row in rows:
        name = row.file.name
        row.delete()
        transaction.on_commit(lambda name=name: default_storage.delete(name))


@act("contributions.note_scan", record=("scan",))
def note_scan(attachment: Attachment, *, by: Any, now: datetime, scan: Scan) -> None:
    """What the antivirus said (a background job, which may run twice)."""
    Attachment.objects.filter(pk=attachment.pk).update(scan=scan)
    attachment.refresh_from_db()
