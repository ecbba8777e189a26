"""The agenda: items written, moved, carried over from the last meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from dialogue.discussion.models import Comment
from dialogue.discussion.stages import Outcome, Subject
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.models import AgendaItem, Meeting
from dialogue.meetings.stages import PAST, ItemKind, ItemState, MeetingStage

MOST_ITEMS = 60
#: Its agenda is still to be treated.
COMING = (MeetingStage.DRAFT, MeetingStage.POLL, MeetingStage.CONVENED, MeetingStage.POSTPONED)


def may_change(meeting: Meeting) -> str | None:
    """A sentence, once the agenda belongs to the past."""
    ended = {MeetingStage.HELD, MeetingStage.CLOSED, MeetingStage.CANCELLED}
    return _("La séance est passée : son ordre du jour ne change plus.") if meeting.stage in ended else None


def _still(meeting: Meeting) -> None:
    if reason := may_change(meeting):
        raise Refused(reason)


@act("meetings.add_item", creates=True, record=("kind",))
def add_item(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    title: str,
    kind: ItemKind = ItemKind.DISCUSSION,
    planned_minutes: int | None = None,
    owner: Any = None,
    documents: Iterable[Any] = (),
) -> AgendaItem:
    """The next item of the agenda, also while in session. Raises Refused when the meeting is over."""
    _still(meeting)
    if meeting.items.count() >= MOST_ITEMS:
        raise Refused(_("Un ordre du jour de plus de soixante points ne tient pas dans une séance."))
    order = (meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    item = AgendaItem.objects.create(
        meeting=meeting, order=order, title=_title(title), kind=kind, planned_minutes=planned_minutes, owner=owner
    )
    item.documents.set(documents)
    touch(meeting)
    return item


def _title(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused(_("Donnez un intitulé au point."))
    return title


@act("meetings.edit_item", record=("kind",))
def edit_item(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    title: str,
    kind: ItemKind,
    planned_minutes: int | None = None,
    owner: Any = None,
    documents: Iterable[Any] = (),
) -> None:
    _still(item.meeting)
    AgendaItem.objects.filter(pk=item.pk).update(title=_title(title), kind=kind, planned_minutes=planned_minutes, owner=owner)
    item.refresh_from_db()
    item.documents.set(documents)
    touch(item.meeting)


@act("meetings.move_item")
def move_item(item: AgendaItem, *, by: Any, now: datetime, down: bool) -> None:
    """One place up or down; nothing at the ends."""
    _still(item.meeting)
    rows = list(item.meeting.items.order_by("order", "pk"))
    place = [row.pk for row in rows].index(item.pk)
    other = place + (1 if down else -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        for order, row in enumerate(rows, 1):
            AgendaItem.objects.filter(pk=row.pk).update(order=order)
        touch(item.meeting)


@act("meetings.remove_item")
def remove_item(item: AgendaItem, *, by: Any, now: datetime) -> None:
    """Before the session, or when nothing was written under it."""
    _still(item.meeting)
    if (
        item.notes.strip()
        or item.decisions.exists()
        or item.actions.exists()
        or item.materials.exists()
        or item.conflicts.exists()
    ):
        raise Refused(_("Ce point porte des notes : il reste à l’ordre du jour."))
    AgendaItem.objects.filter(pk=item.pk).delete()
    touch(item.meeting)


@act("meetings.carry_over")
def carry_over(meeting: Meeting, *, by: Any, now: datetime) -> int:
    """Takes again what the last meeting left undone; returns how many items came."""
    _still(meeting)
    count = carry_from_last(meeting)
    touch(meeting)
    return count


def carry_from_last(meeting: Meeting) -> int:
    """The items that the last held meeting did not treat, at the top of the agenda, each once, then the remarks on former
    minutes that were to be discussed. Returns how many."""
    remarks = _take_remarks(meeting)
    last = (
        Meeting.objects.filter(chantier_id=meeting.chantier_id, stage__in=PAST)
        .exclude(pk=meeting.pk)
        .order_by("-starts_at")
        .first()
    )
    if last is None:
        return remarks
    known = set(
        AgendaItem.objects.filter(carried_from__meeting=last)
        .exclude(meeting__stage=MeetingStage.CANCELLED)
        .values_list("carried_from_id", flat=True)
    )
    left = [item for item in last.items.exclude(state=ItemState.DONE).order_by("order", "pk") if item.pk not in known]
    if left:
        for item in meeting.items.all():
            AgendaItem.objects.filter(pk=item.pk).update(order=item.order + len(left))
    for order, item in enumerate(left, 1):
        AgendaItem.objects.create(
            meeting=meeting,
            order=order,
            title=item.title,
            kind=item.kind,
            planned_minutes=item.planned_minutes,
            owner_id=item.owner_id,
            carried_from=item,
        )
    return len(left) + remarks


def _take_remarks(meeting: Meeting) -> int:
    rows = Comment.objects.filter(
        thread__subject=Subject.MINUTES, thread__chantier_id=meeting.chantier_id, hidden_at=None, outcome=Outcome.TO_DISCUSS
    )
    left = rows.filter(agenda_item=None).select_related("thread__minutes__meeting", "organisation").order_by("at", "pk")
    return sum(_take_remark(meeting, comment) for comment in left)


def _take_remark(meeting: Meeting, comment: Comment) -> bool:
    """Whether the remark is now at the end of this agenda."""
    if meeting.items.count() >= MOST_ITEMS:
        return False
    number = comment.thread.minutes.meeting.number
    title = _("Remarque sur le compte-rendu de la séance %(n)d") % {"n": number}
    if comment.organisation is not None:
        title = f"{title} ({comment.organisation})"
    order = (meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    AgendaItem.objects.create(meeting=meeting, order=order, title=_title(title), kind=ItemKind.DISCUSSION, remark=comment)
    return True


@act("meetings.discuss_remark")
def discuss_remark(meeting: Meeting, *, by: Any, now: datetime, remark: Comment) -> None:
    """A remark on former minutes comes to this agenda, once."""
    _still(meeting)
    if not AgendaItem.objects.filter(remark=remark).exists() and _take_remark(meeting, remark):
        touch(meeting)


def remark_settled(remark: Comment, *, by: Any, now: datetime) -> None:
    """What the answer to a remark on minutes changes here (discussion.subjects): to be discussed, it comes to the agenda of
    the next meeting, if there is one (the one drafted later takes it); answered otherwise, it leaves an agenda to come."""
    item = AgendaItem.objects.filter(remark=remark).select_related("meeting").first()
    if remark.outcome != Outcome.TO_DISCUSS:
        if item is not None and item.meeting.stage in COMING and not item.notes:
            remove_item(item, by=by, now=now)
        return
    rows = Meeting.objects.filter(chantier_id=remark.thread.chantier_id, stage__in=COMING)
    coming = rows.exclude(starts_at__lte=now).order_by(F("starts_at").asc(nulls_last=True), "number").first()
    if coming is not None:
        discuss_remark(coming, by=by, now=now, remark=remark)


def touch(meeting: Meeting) -> None:
    """What is seen in session changed: the pages that look on will ask for it."""
    Meeting.objects.filter(pk=meeting.pk).update(pulse=F("pulse") + 1)
