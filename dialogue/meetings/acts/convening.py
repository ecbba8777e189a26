"""Meetings are prepared, convened, moved, postponed, cancelled; opened and closed (levées)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.chantiers.acts.life import note_first_meeting
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ACTIVE, Stage
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.acts.agenda import carry_from_last
from dialogue.meetings.acts.attendance import expect_members
from dialogue.meetings.letters import convening as letters
from dialogue.meetings.models import Meeting, Minutes, Reminder
from dialogue.meetings.stages import MeetingStage, MinutesStage

#: Hours before the start at which the group is reminded, unless the lead chose otherwise.
REMINDERS = (7 * 24, 24)
OPENS_BEFORE = timedelta(hours=1)


def _check(starts_at: datetime, ends_at: datetime, place: str, online_url: str) -> None:
    reasons = []
    if ends_at <= starts_at:
        reasons.append(_("La séance doit finir après son début."))
    elif (ends_at - starts_at).days >= 1:
        reasons.append(_("Une séance tient dans une journée : corrigez l’heure de fin."))
    if not place.strip() and not online_url.strip():
        reasons.append(_("Indiquez un lieu, un lien de visioconférence, ou les deux."))
    if reasons:
        raise Refused(*reasons)


def _tell_chantier(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """The chantier knows when its first standing meeting is, until its roadmap is adopted."""
    if chantier.stage not in {Stage.OPEN, Stage.LAUNCHED}:
        return
    first = Meeting.objects.standing().filter(chantier=chantier).order_by("starts_at").first()
    starts_at = first.starts_at if first else None
    if chantier.first_meeting_at != starts_at:
        note_first_meeting(chantier, by=by, now=now, starts_at=starts_at)


@act("meetings.convene_meeting", come_from=ACTIVE, creates=True, record=("starts_at", "ends_at"))
def convene_meeting(
    chantier: Chantier, *, by: Any, now: datetime, starts_at: datetime, ends_at: datetime, place: str = "", online_url: str = ""
) -> Meeting:
    """The group's next meeting, with the next number. Raises Refused for two meetings at the same hour."""
    _check(starts_at, ends_at, place, online_url)
    if Meeting.objects.standing().filter(chantier=chantier, starts_at=starts_at).exists():
        raise Refused(_("Une séance est déjà convoquée à cette heure."))
    last = Meeting.objects.filter(chantier=chantier).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                chantier=chantier,
                number=last + 1,
                starts_at=starts_at,
                ends_at=ends_at,
                place=place.strip(),
                online_url=online_url.strip(),
            )
    except IntegrityError:
        raise Refused(_("Une autre séance vient d’être convoquée : relisez la liste.")) from None
    carry_from_last(meeting)
    _convened(meeting, by=by, now=now)
    return meeting


def _convened(meeting: Meeting, *, by: Any, now: datetime, event: str = "convened") -> None:
    """The chantier, the reminders and the group learn the date."""
    _tell_chantier(meeting.chantier, by=by, now=now)
    _set_reminders(meeting, now=now)
    if meeting.starts_at > now:
        letters.tell_group(event, meeting, by=by, now=now)


def _set_reminders(meeting: Meeting, *, now: datetime, hours: Iterable[int] | None = None) -> None:
    """What is already past when the date is known is not sent any more."""
    if hours is not None:
        meeting.reminders.all().delete()
    elif not meeting.reminders.exists():
        hours = REMINDERS
    Reminder.objects.bulk_create([Reminder(meeting=meeting, hours_before=count) for count in sorted(set(hours or ()))])
    for reminder in meeting.reminders.all():
        late = meeting.starts_at - timedelta(hours=reminder.hours_before) <= now
        reminder.sent_sequence = meeting.sequence if late else None
        reminder.save(update_fields=["sent_sequence"])


@act("meetings.draft_meeting", come_from=ACTIVE, creates=True)
def draft_meeting(
    chantier: Chantier, *, by: Any, now: datetime, place: str = "", online_url: str = "", introduction: str = ""
) -> Meeting:
    """A meeting without a date yet: its agenda can be written, its date asked for. What the last one left is proposed."""
    last = Meeting.objects.filter(chantier=chantier).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                chantier=chantier,
                number=last + 1,
                stage=MeetingStage.DRAFT,
                place=place.strip(),
                online_url=online_url.strip(),
                introduction=introduction.strip(),
            )
    except IntegrityError:
        raise Refused(_("Une autre séance vient d’être préparée : relisez la liste.")) from None
    carry_from_last(meeting)
    return meeting


@act(
    "meetings.convene_draft",
    come_from=[MeetingStage.DRAFT, MeetingStage.POLL, MeetingStage.POSTPONED],
    record=("starts_at", "ends_at"),
)
def convene_draft(
    meeting: Meeting, *, by: Any, now: datetime, starts_at: datetime, ends_at: datetime, place: str = "", online_url: str = ""
) -> None:
    """The date is chosen: the group is convened, calendars get the event (after a postponement, the same one again)."""
    _check(starts_at, ends_at, place, online_url)
    if meeting.chantier.stage not in ACTIVE:
        raise Refused(_("Le chantier ne se réunit plus : reprenez-le d’abord."))
    if Meeting.objects.standing().filter(chantier_id=meeting.chantier_id, starts_at=starts_at).exists():
        raise Refused(_("Une séance est déjà convoquée à cette heure."))
    again = meeting.stage == MeetingStage.POSTPONED
    Meeting.objects.filter(pk=meeting.pk).update(
        stage=MeetingStage.CONVENED,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place.strip(),
        online_url=online_url.strip(),
        sequence=F("sequence") + (1 if again else 0),
        updated_at=timezone.now(),
    )
    meeting.refresh_from_db()
    _convened(meeting, by=by, now=now)


@act("meetings.describe_meeting")
def describe_meeting(meeting: Meeting, *, by: Any, now: datetime, introduction: str) -> None:
    """The words of introduction; neither date nor place: the SEQUENCE does not grow, nobody is disturbed."""
    Meeting.objects.filter(pk=meeting.pk).update(introduction=introduction.strip()[:2000])
    meeting.refresh_from_db()


@act("meetings.set_reminders")
def set_reminders(meeting: Meeting, *, by: Any, now: datetime, hours: list[int]) -> None:
    """When the group is reminded, in hours before the start; the reminders move with the meeting."""
    if meeting.starts_at is None:
        raise Refused(_("La séance n’a pas encore de date."))
    _set_reminders(meeting, now=now, hours=hours)


@act("meetings.move_meeting", come_from=[MeetingStage.CONVENED], record=("starts_at", "ends_at"))
def move_meeting(
    meeting: Meeting, *, by: Any, now: datetime, starts_at: datetime, ends_at: datetime, place: str = "", online_url: str = ""
) -> None:
    """New date or place: same UID, SEQUENCE + 1 (RFC 5545), so that calendars move the event instead of doubling it."""
    _check(starts_at, ends_at, place, online_url)
    clash = Meeting.objects.standing().filter(chantier_id=meeting.chantier_id, starts_at=starts_at).exclude(pk=meeting.pk)
    if clash.exists():
        raise Refused(_("Une séance est déjà convoquée à cette heure."))
    new = {"starts_at": starts_at, "ends_at": ends_at, "place": place.strip(), "online_url": online_url.strip()}
    if all(getattr(meeting, name) == value for name, value in new.items()):
        return
    for name, value in new.items():
        setattr(meeting, name, value)
    meeting.sequence = F("sequence") + 1
    meeting.save(update_fields=[*new, "sequence", "updated_at"])
    meeting.refresh_from_db()
    _convened(meeting, by=by, now=now, event="moved")


def has_begun(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    return None if meeting.starts_at <= now else _("Cette séance n’a pas encore commencé.")


def begins_soon(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    return None if meeting.starts_at - OPENS_BEFORE <= now else _("La séance ne s’ouvre qu’une heure avant son début.")


@act("meetings.open_session", come_from=[MeetingStage.CONVENED], go_to=MeetingStage.IN_SESSION, guards=[begins_soon])
def open_session(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """The group is in session: notes are taken, everyone sees them."""
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=now)
    meeting.refresh_from_db()
    expect_members(meeting)


@act(
    "meetings.hold_meeting",
    come_from=[MeetingStage.CONVENED, MeetingStage.IN_SESSION],
    go_to=MeetingStage.HELD,
    guards=[has_begun],
)
def hold_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """The meeting took place (séance levée)."""
    Meeting.objects.filter(pk=meeting.pk).update(held_at=now, opened_at=Coalesce("opened_at", "starts_at"))
    meeting.refresh_from_db()
    expect_members(meeting)


@act("meetings.reopen_session", come_from=[MeetingStage.HELD], go_to=MeetingStage.IN_SESSION)
def reopen_session(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """Closed too early: back in session, as long as the minutes were not sent for review."""
    if Minutes.objects.filter(meeting=meeting).exclude(stage=MinutesStage.DRAFTING).exists():
        raise Refused(_("Le compte-rendu est déjà parti en relecture."))
    Meeting.objects.filter(pk=meeting.pk).update(held_at=None)
    meeting.refresh_from_db()


@act("meetings.postpone_meeting", come_from=[MeetingStage.CONVENED], go_to=MeetingStage.POSTPONED)
def postpone_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """It will take place another day, not known yet: calendars drop it (CANCEL, SEQUENCE + 1) and get it back, under the same
    UID, when the new date is chosen. Answers given for the old date are forgotten."""
    if meeting.chantier.stage == Stage.LAUNCHED and not _others(meeting):
        raise Refused(_("Le chantier est lancé : déplacez sa séance à une autre date plutôt que de la reporter sans date."))
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db()
    _tell_chantier(meeting.chantier, by=by, now=now)
    if meeting.starts_at > now:
        letters.tell_group("postponed", meeting, by=by, now=now)
    meeting.answers.all().delete()


@act(
    "meetings.cancel_meeting",
    come_from=[MeetingStage.DRAFT, MeetingStage.POLL, MeetingStage.CONVENED, MeetingStage.POSTPONED],
    go_to=MeetingStage.CANCELLED,
)
def cancel_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """It will not take place; its number is not used again, calendars show it cancelled (SEQUENCE + 1)."""
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db()
    chantier = meeting.chantier
    if chantier.stage == Stage.LAUNCHED and meeting.starts_at and not _others(meeting):
        raise Refused(_("Le chantier est lancé : convoquez une autre séance avant d’annuler celle-ci, ou déplacez-la."))
    _tell_chantier(chantier, by=by, now=now)
    if meeting.starts_at and meeting.starts_at > now:
        letters.tell_group("cancelled", meeting, by=by, now=now)


def _others(meeting: Meeting) -> bool:
    return Meeting.objects.standing().filter(chantier_id=meeting.chantier_id).exclude(pk=meeting.pk).exists()
