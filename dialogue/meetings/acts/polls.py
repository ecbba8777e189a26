"""The date poll: asked by link, answered without an account, decided by those who convene."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dialogue.chantiers.letters.life import group_of
from dialogue.chantiers.models.member import hash_of, invitation_nonce
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.acts.convening import convene_draft
from dialogue.meetings.letters import polls as letters
from dialogue.meetings.models import Meeting, Poll, PollAnswer, PollInvitee, PollOption
from dialogue.meetings.stages import Available, MeetingStage

MOST_OPTIONS, MOST_ADDRESSES = 12, 40


@act("meetings.open_poll", come_from=[MeetingStage.DRAFT, MeetingStage.POSTPONED], go_to=MeetingStage.POLL)
def open_poll(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    options: Iterable[tuple[datetime, datetime]],
    deadline: datetime,
    message: str = "",
    emails: Iterable[str] = (),
) -> Poll:
    """Asks every member, and `emails` besides, which of the dates suit them. Raises Refused for what makes no sense."""
    options = sorted(set(options))
    if len(options) < 2:  # noqa: PLR2004
        raise Refused(_("Proposez au moins deux dates ; pour une seule, convoquez la séance."))
    if len(options) > MOST_OPTIONS:
        raise Refused(_("Proposez douze dates au plus."))
    if any(end <= start or end - start >= timedelta(days=1) for start, end in options):
        raise Refused(_("Chaque date a une heure de début, puis une heure de fin, le même jour."))
    if deadline <= now or options[0][0] <= now:
        raise Refused(_("Les dates proposées et l’échéance sont à venir."))
    if deadline > options[0][0]:
        raise Refused(_("L’échéance vient avant la première date proposée."))
    Poll.objects.filter(meeting=meeting).delete()
    poll = Poll.objects.create(meeting=meeting, deadline=deadline, message=message.strip()[:1000], opened_at=now)
    PollOption.objects.bulk_create([PollOption(poll=poll, starts_at=start, ends_at=end) for start, end in options])
    _invite(poll, group_of(meeting.chantier), emails, now=now)
    return poll


def _invite(poll: Poll, people: Iterable[Any], emails: Iterable[str], *, now: datetime) -> None:
    asked = {person.email.lower(): person for person in people}
    given = [email.strip().lower() for email in emails if email.strip()]
    if len(given) > MOST_ADDRESSES:
        raise Refused(_("Quarante adresses au plus."))
    known = set(poll.invitees.values_list("email", flat=True))
    for email in dict.fromkeys([*asked, *given]):
        if email in known:
            continue
        person = asked.get(email)
        invitee = PollInvitee(poll=poll, person=person, email=email, name=str(person) if person else "", invited_at=now)
        invitee.token_hash = hash_of(invitee.token)
        invitee.save()
        letters.tell_invited(invitee, now=now)


@act("meetings.invite_to_poll")
def invite_to_poll(poll: Poll, *, by: Any, now: datetime, emails: Iterable[str]) -> None:
    """More addresses, and the members who joined since."""
    _open(poll)
    _invite(poll, group_of(poll.meeting.chantier), emails, now=now)


def _open(poll: Poll) -> None:
    if poll.closed_at is not None or poll.meeting.stage != MeetingStage.POLL:
        raise Refused(_("Ce sondage est terminé."))


@act("meetings.answer_poll")
def answer_poll(
    invitee: PollInvitee, *, by: Any, now: datetime, answers: dict[int, Available], comment: str = "", name: str = ""
) -> None:
    """One answer for each date, changed as often as one likes until the end. `answers`: option id → availability."""
    poll = invitee.poll
    _open(poll)
    if now > poll.deadline:
        raise Refused(_("L’échéance est passée : écrivez à la personne qui convoque."))
    options = set(poll.options.values_list("pk", flat=True))
    if set(answers) != options:
        raise Refused(_("Répondez pour chaque date."))
    for option, available in answers.items():
        PollAnswer.objects.update_or_create(invitee=invitee, option_id=option, defaults={"available": available})
    invitee.answered_at, invitee.comment = now, comment.strip()[:500]
    if not invitee.person_id:
        invitee.name = " ".join(name.split())[:200] or invitee.name
    invitee.save(update_fields=["answered_at", "comment", "name"])
    everyone = not poll.invitees.filter(answered_at=None).exists()
    if everyone and Poll.objects.filter(pk=poll.pk, everyone_told_at=None).update(everyone_told_at=now):
        letters.tell_everyone_answered(poll, now=now)


@act("meetings.extend_poll")
def extend_poll(poll: Poll, *, by: Any, now: datetime, deadline: datetime) -> None:
    _open(poll)
    first = poll.options.order_by("starts_at").first()
    if deadline <= now or (first and deadline > first.starts_at):
        raise Refused(_("La nouvelle échéance est à venir, et vient avant la première date proposée."))
    Poll.objects.filter(pk=poll.pk).update(deadline=deadline)
    poll.refresh_from_db()


def impossible(option: PollOption) -> str | None:
    """Why a date may not be chosen: nobody can."""
    answers = list(option.answers.values_list("available", flat=True))
    if answers and all(available == Available.NO for available in answers):
        return _("Personne ne peut à cette date : choisissez-en une autre.")
    return None


@act("meetings.choose_date")
def choose_date(option: PollOption, *, by: Any, now: datetime, place: str = "", online_url: str = "") -> None:
    """Ends the poll and convenes the meeting on that date. Raises Refused for a date that everybody refused."""
    poll = option.poll
    _open(poll)
    if reason := impossible(option):
        raise Refused(reason)
    with transaction.atomic():
        if Poll.objects.filter(pk=poll.pk, closed_at=None).update(closed_at=now) != 1:
            raise Refused(_("Quelqu’un vient de choisir une date : relisez la page."))
        PollOption.objects.filter(pk=option.pk).update(chosen=True)
        convene_draft(
            poll.meeting,
            by=by,
            now=now,
            starts_at=option.starts_at,
            ends_at=option.ends_at,
            place=place or poll.meeting.place,
            online_url=online_url or poll.meeting.online_url,
        )
    letters.tell_outsiders(poll, option, now=now)


@act("meetings.close_poll")
def close_poll(poll: Poll, *, by: Any, now: datetime) -> None:
    """No date suits: the meeting goes back to its preparation, other dates can be proposed."""
    _open(poll)
    meeting = poll.meeting
    if Meeting.objects.filter(pk=meeting.pk, stage=MeetingStage.POLL).update(stage=MeetingStage.DRAFT) != 1:
        raise Refused(_("Quelqu’un vient de choisir une date : relisez la page."))
    Poll.objects.filter(pk=poll.pk).update(closed_at=now)
    meeting.refresh_from_db()


@act("meetings.remind_poll")
def remind_poll(invitee: PollInvitee, *, by: Any, now: datetime) -> None:
    """The day before the deadline, to those who have not answered and to nobody else; once."""
    letters.tell_reminded(invitee, now=now)


@act("meetings.renew_poll_link")
def renew_poll_link(invitee: PollInvitee, *, by: Any, now: datetime) -> None:
    """The link went to the wrong hands, or was lost: a new one is mailed, the old one opens nothing any more."""
    _open(invitee.poll)
    invitee.nonce = invitation_nonce()
    invitee.token_hash = hash_of(invitee.token)
    invitee.save(update_fields=["nonce", "token_hash"])
    letters.tell_invited(invitee, now=now)


@act("meetings.forget_poll")
def forget_poll(poll: Poll, *, by: Any, now: datetime) -> None:
    """Addresses and names of people without an account, sixty days after the end (docs/retention.yaml)."""
    for invitee in poll.invitees.filter(person=None).exclude(email__endswith="@oublie.invalid"):
        PollInvitee.objects.filter(pk=invitee.pk).update(email=f"{invitee.pk}@oublie.invalid", name="", comment="")
