"""Meetings told to other rooms, and to calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.pages import MeetingLine
from dialogue.formats.ics import Event
from dialogue.meetings.models import Answer, Meeting, PollInvitee
from dialogue.meetings.stages import OUT, MeetingStage, MinutesStage, Rsvp
from dialogue.ui.dates import ordinal, short_day

#: An answer in the words of calendars (PARTSTAT, RFC 5545 §3.2.12), and back.
PARTSTATS = {Rsvp.ACCEPTED: "ACCEPTED", Rsvp.TENTATIVE: "TENTATIVE", Rsvp.DECLINED: "DECLINED", Rsvp.REPLACED: "DELEGATED"}
RSVPS = {partstat: rsvp for rsvp, partstat in PARTSTATS.items()}


def label_of(meeting: Meeting) -> str:
    """« 2e séance, 27 juin » ; without a date: « 2e séance »."""
    number = ordinal(meeting.number, feminine=True)
    if meeting.starts_at is None:
        return _("%(number)s séance") % {"number": number}
    return _("%(number)s séance, %(day)s") % {"number": number, "day": short_day(meeting.starts_at)}


def url_of(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.chantier.slug, meeting.number])


def uid_of(meeting: Meeting) -> str:
    """The same in invitations and in the calendars one subscribes to."""
    return f"seance-{meeting.uid}@{settings.MAIL_DOMAIN}"


def event_of(meeting: Meeting) -> Event:
    """The meeting as its members' calendars know it."""
    chantier = meeting.chantier
    lines = [meeting.introduction, _("À distance : %(url)s") % {"url": meeting.online_url} if meeting.online_url else ""]
    return Event(
        uid=uid_of(meeting),
        sequence=meeting.sequence,
        starts=meeting.starts_at,  # type: ignore[arg-type]
        ends=meeting.ends_at,
        all_day=False,
        summary=_("%(chantier)s : séance n° %(n)d") % {"chantier": chantier.title, "n": meeting.number},
        description="\n\n".join(line for line in lines if line),
        location=meeting.place or meeting.online_url,
        url=settings.BASE_URL + url_of(meeting),
        updated=meeting.updated_at,
        cancelled=meeting.stage in {MeetingStage.CANCELLED, MeetingStage.POSTPONED},
    )


def state_of(meeting: Meeting) -> str:
    """What a list says of a meeting: its minutes once it took place."""
    minutes = getattr(meeting, "minutes", None)
    if minutes is None or minutes.stage == MinutesStage.DRAFTING:
        return str(meeting.get_stage_display())
    if minutes.stage in OUT:
        return _("Compte-rendu publié")
    return _("Compte-rendu en relecture") if minutes.stage == MinutesStage.IN_REVIEW else _("Compte-rendu approuvé")


def lines_of(chantier: Chantier) -> list[MeetingLine]:
    """The group's meetings, for its space and for the adoption of its roadmap (one query)."""
    rows = Meeting.objects.filter(chantier=chantier, starts_at__isnull=False).exclude(stage=MeetingStage.POSTPONED)
    return [
        MeetingLine(
            number=meeting.number,
            starts_at=meeting.starts_at,  # type: ignore[arg-type]
            ends_at=meeting.ends_at,  # type: ignore[arg-type]
            place=meeting.place,
            online_url=meeting.online_url,
            stage=meeting.stage,
            label=label_of(meeting),
            url=reverse("meetings:meeting", args=[chantier.slug, meeting.number]),
            note=state_of(meeting),
        )
        for meeting in rows.select_related("minutes")
    ]


def minutes_are_closed(thread: Any, now: datetime) -> str | None:
    """Remarks on minutes are made during their review (discussion.subjects)."""
    minutes = thread.minutes
    if minutes.stage == MinutesStage.IN_REVIEW and minutes.deadline is not None and now <= minutes.deadline:
        return None
    if minutes.stage == MinutesStage.DRAFTING:
        return _("Le compte-rendu n’est pas encore en relecture.")
    return _("La relecture est terminée : demandez une rectification à la direction référente.")


def personal_data(person: Any) -> dict[str, list[dict[str, Any]]]:
    """What the room keeps about a person (people.hooks.exporters): answers to convocations and to date polls."""
    answers = Answer.objects.filter(person=person).select_related("meeting__chantier").order_by("at")
    polls = PollInvitee.objects.filter(person=person).select_related("poll__meeting__chantier").order_by("pk")
    return {
        "reponses_aux_convocations": [
            {"seance": str(a.meeting), "reponse": a.rsvp, "par": a.via, "le": a.at.isoformat(), "mot": a.comment} for a in answers
        ],
        "sondages_de_date": [
            {
                "seance": str(i.poll.meeting),
                "repondu_le": i.answered_at.isoformat() if i.answered_at else "",
                "remarque": i.comment,
            }
            for i in polls
        ],
    }
