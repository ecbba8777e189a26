"""What a mail is about: what its address says, else what it answers, else who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.contributions.mailbox import campaign_at
from dialogue.contributions.models import Campaign
from dialogue.discussion.models import Thread
from dialogue.inbox import addresses
from dialogue.inbox.letters import person_at
from dialogue.ledger import clock
from dialogue.mailer import replying
from dialogue.mailer.models import Letter
from dialogue.mailer.replying import Target
from dialogue.meetings.models import Meeting

#: How many of the Message-IDs that a mail names are looked up.
LOOKED_UP = 20


@dataclass
class Aim:
    """`target` is sure: the address, or one of our letters, names the person and the thing. The rest is a suggestion."""

    destination: addresses.Destination
    target: Target | None = None
    chantier: Chantier | None = None
    thread: Thread | None = None
    meeting: Meeting | None = None
    #: A contribution for it.
    campaign: Campaign | None = None
    #: Whether it was found by what the mail answers, not by its address.
    by_letter: bool = False


def aim_of(envelope_to: str, references: list[str], sender: str) -> Aim:
    """What the mail concerns, as far as can be known (five queries at most)."""
    aim = Aim(addresses.read(envelope_to) or addresses.Destination("contact"))
    if aim.destination.kind == "campaign":
        aim.campaign = campaign_at(aim.destination.slug, clock.local_date(clock.now()))
        return aim
    aim.target = aim.destination.target
    letter = _letter(references) if aim.target is None else None
    if letter is not None:
        aim.target, aim.by_letter = replying.read(letter.reply_to), True
    if aim.target is not None:
        _load(aim, aim.target)
    if aim.chantier is None:
        aim.chantier = _group(aim, letter, sender)
    return aim


def _letter(references: list[str]) -> Letter | None:
    """The last of our letters that the mail answers."""
    wanted = [reference for reference in references if reference][-LOOKED_UP:]
    if not wanted:
        return None
    found = {letter.message_id: letter for letter in Letter.objects.filter(message_id__in=wanted)}
    return next((found[reference] for reference in reversed(wanted) if reference in found), None)


def _load(aim: Aim, target: Target) -> None:
    if target.kind == "thread":
        aim.thread = Thread.objects.select_related("chantier").filter(pk=target.pk).first()
        aim.chantier = aim.thread.chantier if aim.thread else None
    else:
        aim.meeting = Meeting.objects.select_related("chantier").filter(pk=target.pk).first()
        aim.chantier = aim.meeting.chantier if aim.meeting else None


def _group(aim: Aim, letter: Letter | None, sender: str) -> Chantier | None:
    if aim.destination.kind == "group":
        return Chantier.objects.filter(number=aim.destination.number).first()
    if letter is not None and letter.space.startswith("chantier/"):
        return Chantier.objects.filter(slug=letter.space.partition("/")[2]).first()
    person: Any = person_at(sender)
    groups = groups_of(person) if person else frozenset()
    return Chantier.objects.filter(pk__in=groups).first() if len(groups) == 1 else None
