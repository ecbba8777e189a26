"""What pages show of meetings: the answers, the blocks of the space, what waits for a member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier, Representative, groups_of
from dialogue.documents.models import Document
from dialogue.documents.pages import Use
from dialogue.ledger.clock import local_date
from dialogue.meetings.acts import attendance
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.agenda import AnswerForm
from dialogue.meetings.models import Action, Answer, Decision, Meeting, Minutes
from dialogue.meetings.stages import MeetingStage, MinutesStage, Rsvp
from dialogue.ui.dates import short_day

#: Rooms above append `(decision, request) -> Block | None` (docs/adr/0011): what comes of it, on its page.
decision_blocks: list[Callable[[Decision, HttpRequest], space_pages.Block | None]] = []


@dataclass(frozen=True)
class Answers:
    """`by_rsvp`: (code, label, answers) in order; `silent`: those who have not answered."""

    by_rsvp: list[tuple[str, str, list[Answer]]]
    silent: list[Any]
    asked: int

    @property
    def received(self) -> int:
        return sum(len(rows) for _code, _label, rows in self.by_rsvp)


def answers_of(meeting: Meeting) -> Answers:
    """Who comes, who does not, who has not said (2 queries)."""
    rows = list(Answer.objects.filter(meeting=meeting).select_related("person").order_by("person__name", "pk"))
    said = {row.person_id for row in rows}
    seats = Representative.objects.active().filter(member__chantier_id=meeting.chantier_id).select_related("person")
    people = {seat.person_id: seat.person for seat in seats}
    silent = sorted((person for pk, person in people.items() if pk not in said), key=str)
    grouped = [(code, str(label), [row for row in rows if row.rsvp == code]) for code, label in Rsvp.choices]
    return Answers(grouped, silent, len(people))


def awaits_answer(meeting: Meeting, now: datetime) -> bool:
    return (
        meeting.stage in {MeetingStage.CONVENED, MeetingStage.IN_SESSION}
        and meeting.ends_at is not None
        and meeting.ends_at > now
    )


def answer_form(meeting: Meeting, reader: Any, now: datetime) -> AnswerForm | None:
    """With what the reader answered; None when nothing is asked of them."""
    if not awaits_answer(meeting, now) or not attendance.answer_convocation.allows(reader, meeting):
        return None
    mine = Answer.objects.filter(meeting=meeting, person_id=reader.pk).first()
    return AnswerForm(initial={"rsvp": mine.rsvp, "replaced_by": mine.replaced_by, "comment": mine.comment} if mine else None)


def next_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """The next meeting, and one's answer, at the top of the space."""
    rows = Meeting.objects.prepared_for(request.user).filter(chantier=chantier, ends_at__gt=request.now)
    meeting = rows.filter(stage__in=[MeetingStage.CONVENED, MeetingStage.IN_SESSION]).order_by("starts_at").first()
    if meeting is None:
        return None
    meeting.chantier = chantier
    context = {
        "meeting": meeting,
        "chantier": chantier,
        "label": label_of(meeting),
        "answers": answers_of(meeting),
        "days": (local_date(meeting.starts_at) - request.today).days,
        "form": answer_form(meeting, request.user, request.now),
        "csrf_token": get_token(request),
        "next": request.path,
        "items": meeting.items.count(),
    }
    return space_pages.Block("meetings/_next.html", context, column="head", order=10)


def decisions_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """The last decisions, on the first page of the space."""
    rows = list(
        Decision.objects.visible_to(request.user).filter(chantier=chantier).select_related("meeting").order_by("-number")[:3]
    )
    if not rows:
        return None
    for row in rows:
        row.meeting.chantier = chantier
    context = {"chantier": chantier, "decisions": rows, "count": rows[0].number}
    return space_pages.Block("meetings/_decisions.html", context, column="main", order=40)


def todo_of(chantier: Chantier, reader: Any, today: date) -> list[space_pages.Todo]:
    """What waits for this reader in this group: an answer, minutes to check, actions of their organisation (4 queries)."""
    if chantier.pk not in groups_of(reader):
        return []
    found = _todo_of_convocations(chantier, reader, today)
    minutes = (
        Minutes.objects.filter(chantier=chantier, stage=MinutesStage.IN_REVIEW)
        .exclude(assents__person_id=reader.pk)
        .select_related("meeting")
    )
    for each in minutes:
        days = (local_date(each.deadline) - today).days
        title = _("Relire le compte-rendu de la séance %(n)d") % {"n": each.meeting.number}
        url = reverse("meetings:minutes", args=[chantier.slug, each.meeting.number])
        if days >= 0:
            found.append(space_pages.Todo("soon", days, title, local_date(each.deadline), url))
    seats = Representative.objects.active().filter(person_id=reader.pk, member__chantier=chantier)
    rows = Action.objects.filter(
        chantier=chantier, owner__in=seats.values("member__organisation"), done_on=None, dropped_motive=""
    )
    actions = rows.select_related("meeting").order_by("due_on", "number")[:8]
    return found + [_todo_of_action(action, chantier, today) for action in actions]


def _todo_of_convocations(chantier: Chantier, reader: Any, today: date) -> list[space_pages.Todo]:
    """Meetings to come that this reader, who is asked, has not answered; dated by the day of the meeting."""
    rows = Meeting.objects.prepared_for(reader).filter(chantier=chantier, stage=MeetingStage.CONVENED, starts_at__date__gte=today)
    waiting = list(rows.exclude(answers__person_id=reader.pk).order_by("starts_at")[:4])
    for meeting in waiting:
        meeting.chantier = chantier
    # Who is asked depends on the group alone: judged once, for as many meetings as there are.
    if not waiting or not attendance.answer_convocation.allows(reader, waiting[0]):
        return []
    found = []
    for meeting in waiting:
        day = local_date(meeting.starts_at)
        days = (day - today).days
        kind = "soon" if days <= timedelta(days=7).days else "next"
        title = _("Répondre à la convocation de la séance %(n)d") % {"n": meeting.number}
        url = reverse("meetings:meeting", args=[chantier.slug, meeting.number])
        found.append(space_pages.Todo(kind, days if kind == "soon" else 0, title, day, url))
    return found


def _todo_of_action(action: Action, chantier: Chantier, today: date) -> space_pages.Todo:
    late = action.days_late(today)
    left = (action.due_on - today).days if action.due_on else 99
    kind = "late" if late else "soon" if left <= timedelta(days=7).days else "next"
    note = _("%(label)s, décidée le %(day)s") % {"label": action.label, "day": short_day(action.meeting.starts_at or action.at)}
    url = reverse("meetings:decisions", args=[chantier.slug]) + f"#a{action.number}"
    return space_pages.Todo(kind, late or (left if kind == "soon" else 0), action.text, action.due_on, url, note)


def document_uses(document: Document, reader: Any) -> list[Use]:
    """The meetings that read a document beforehand, or show it in the carnet (documents.pages.use_sources; 1 query)."""
    shown = Q(items__documents=document) | Q(materials__document=document)
    rows = Meeting.objects.prepared_for(reader).filter(shown, chantier=document.chantier_id).distinct().order_by("number")
    slug = document.chantier.slug
    return [Use(_("Séance n° %(n)d") % {"n": row.number}, reverse("meetings:meeting", args=[slug, row.number])) for row in rows]
