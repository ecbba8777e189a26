"""Meetings are convened, moved, held, cancelled. Their agenda and minutes come with their own room's growth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from dialogue.chantiers.acts.life import note_first_meeting
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ACTIVE, Stage
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.letters import convening as letters
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage


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
                chantier=chantier, number=last + 1, starts_at=starts_at, ends_at=ends_at,
                place=place.strip(), online_url=online_url.strip(),
            )
    except IntegrityError:
        raise Refused(_("Une autre séance vient d’être convoquée : relisez la liste.")) from None
    _tell_chantier(chantier, by=by, now=now)
    if starts_at > now:
        letters.tell_group("convened", meeting, by=by, now=now)
    return meeting


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
    _tell_chantier(meeting.chantier, by=by, now=now)
    letters.tell_group("moved", meeting, by=by, now=now)


def has_begun(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    return None if meeting.starts_at <= now else _("Cette séance n’a pas encore commencé.")


@act("meetings.hold_meeting", come_from=[MeetingStage.CONVENED], go_to=MeetingStage.HELD, guards=[has_begun])
def hold_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """The meeting took place."""


@act("meetings.cancel_meeting", come_from=[MeetingStage.CONVENED], go_to=MeetingStage.CANCELLED)
def cancel_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """It will not take place; its number is not used again, calendars show it cancelled (SEQUENCE + 1)."""
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db()
    chantier = meeting.chantier
    if chantier.stage == Stage.LAUNCHED and not _others(meeting):
        raise Refused(_("Le chantier est lancé : convoquez une autre séance avant d’annuler celle-ci, ou déplacez-la."))
    _tell_chantier(chantier, by=by, now=now)
    if meeting.starts_at > now:
        letters.tell_group("cancelled", meeting, by=by, now=now)


def _others(meeting: Meeting) -> bool:
    return Meeting.objects.standing().filter(chantier_id=meeting.chantier_id).exclude(pk=meeting.pk).exists()
