"""Files and agreements: what the darkroom made, what is destroyed, who is no longer named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from dialogue.files.stages import Scan
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.logbook import letters
from dialogue.logbook import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.logbook.acts import publishing
from dialogue.logbook.models import Edition, LogbookEntry, Placement
from dialogue.logbook.stages import OUT, EditionStage, Treatment


@act("logbook.end_consent")
def end_consent(entry: LogbookEntry, *, by: Any, now: datetime) -> list[Edition]:
    """Someone recognised, heard or quoted takes their agreement back: the thing leaves every page at once, its file is
    destroyed, and each edition that stands with it is made anew without it. Returns the new editions."""
    if entry.consent_ended_at is not None:
        raise Refused(_("C’est déjà retiré."))
    touched = list(Edition.objects.filter(stage__in=OUT, chapters__placements__entry=entry).distinct())
    destroy(entry)
    LogbookEntry.objects.filter(pk=entry.pk).update(consent=False, consent_by="", consent_ended_at=now)
    entry.refresh_from_db()
    Placement.objects.filter(entry=entry, chapter__edition__stage=EditionStage.DRAFT).delete()
    for edition in touched:
        publishing.bind_again(edition, by=SYSTEM, now=now)
    standing = [edition for edition in touched if edition.stage == EditionStage.PUBLISHED]
    note = _("Un élément a été retiré à la demande d’une personne.")
    return [publishing.reissue(edition, by=SYSTEM, now=now, note=note) for edition in standing]


def files_of(entry: LogbookEntry) -> Iterable[str]:
    """Every file that may have been made for an entry."""
    if entry.original:
        yield entry.original.name
    yield from (entry.stored(f"{width}.{code}") for width in entry.widths for code in ("avif", "webp", "jpg"))
    if entry.sound:
        yield entry.stored(f"sound.{entry.sound}")


def destroy(entry: LogbookEntry) -> None:
    """The files once the transaction is committed; the row says at once that there are none."""
    names = list(files_of(entry))
    if entry.treatment:
        LogbookEntry.objects.filter(pk=entry.pk).update(treatment=Treatment.REMOVED, original="", widths=[], sound="")
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])


@act("logbook.note_treatment", record=("treatment", "scan"))
def note_treatment(
    entry: LogbookEntry,
    *,
    by: Any,
    now: datetime,
    treatment: Treatment,
    scan: Scan,
    size: tuple[int, int] = (0, 0),
    widths: list[int] | None = None,
    sound: str = "",
) -> None:
    """The darkroom is done (a background job, which may run twice). What was sent is destroyed: it holds place and hour."""
    fields = {"treatment": treatment, "scan": scan, "width": size[0], "height": size[1], "widths": widths or [], "sound": sound}
    if LogbookEntry.objects.filter(pk=entry.pk, treatment=Treatment.WAITING).update(original="", **fields):
        name = entry.original.name
        transaction.on_commit(lambda: default_storage.delete(name) if name else None)
    entry.refresh_from_db()
    if treatment == Treatment.FAILED:
        letters.tell_unreadable(entry, now=now)


@act("logbook.forget_original")
def forget_original(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """Files of something that was not kept, after their term (docs/retention.yaml); who agreed is forgotten with them."""
    destroy(entry)
    LogbookEntry.objects.filter(pk=entry.pk).update(consent_by="")
    entry.refresh_from_db()


@act("logbook.unname")
def unname(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """The author's name is no longer shown, in any edition."""
    LogbookEntry.objects.filter(pk=entry.pk).update(may_name=False)
    entry.refresh_from_db()
    for edition in Edition.objects.filter(stage__in=OUT, chapters__placements__entry=entry).distinct():
        publishing.bind_again(edition, by=SYSTEM, now=now)
