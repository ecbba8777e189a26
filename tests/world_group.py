"""The group at work, in the small world of the house tests: talks, documents, meetings in each state, minutes, a poll."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.models.member import hash_of
from dialogue.chantiers.stages import Role
from dialogue.discussion.models import FormerText, Mention, Subscription, Thread
from dialogue.discussion.stages import Outcome, Subject
from dialogue.documents.models import Document
from dialogue.formats.json import seal
from dialogue.meetings.content import content_of
from dialogue.meetings.models import (
    Action,
    AgendaItem,
    Answer,
    Assent,
    Attendance,
    Decision,
    Material,
    Meeting,
    Minutes,
    MinutesVersion,
    NotesConflict,
    Poll,
    PollAnswer,
    PollInvitee,
    PollOption,
    Reminder,
)
from dialogue.meetings.stages import MeetingStage, MinutesStage, Presence, Rsvp
from dialogue.people.models import Person
from dialogue.people.stages import Circle
from tests import factories as make

#: Numbers of the meetings of each kind: those of the same hundred are alike.
REVIEWED, PUBLISHED, POLLED, LIVE = 101, 201, 301, 401
CIRCLES = {"group": Circle.GROUP, "partners": Circle.PARTNERS, "public": Circle.PUBLIC}


def build(chantier: Chantier, size: int) -> None:
    """What the group of one chantier says, keeps and decides; `size` of each."""
    seats = {seat.role: seat.representatives.first().person for seat in chantier.members.order_by("-pk")}
    member = chantier.members.filter(role=Role.PARTNER).order_by("pk").first().representatives.first().person
    for n in range(size):
        thread = _talk(chantier, member, seats[Role.LEAD], n)
        _documents(chantier, member, thread, n)
        _meetings(chantier, member, seats[Role.LEAD], n)


def _talk(chantier: Chantier, member: Person, lead: Person, n: int) -> Thread:
    at = make.NOW - timedelta(days=3, minutes=n)
    thread = Thread.objects.create(chantier=chantier, title=f"Qui livre ? {n}", started_by=member, started_at=at, last_at=at)
    said = make.make_comment(thread, member, at=at, folded="> cité")
    Mention.objects.create(comment=said, person=lead)
    FormerText.objects.create(comment=said, text="Avant", until=at)
    make.make_comment(thread, member, at=at, hidden_at=at, hidden_by=lead, hidden_motive="Hors sujet")
    Subscription.objects.create(thread=thread, person=member, follows=True)
    if n == 0:
        remarks = Thread.objects.create(
            chantier=chantier,
            subject=Subject.ROADMAP,
            title="Feuille de route",
            roadmap=chantier.roadmaps.get(version=2),
            started_by=lead,
            started_at=at,
            last_at=at,
        )
        settled = {"outcome": Outcome.KEPT, "outcome_reason": "Merci", "outcome_by": lead, "outcome_at": at}
        make.make_comment(remarks, member, at=at, passage_key="objectif", passage_text="trois", **settled)
    return thread


def _documents(chantier: Chantier, member: Person, thread: Thread, n: int) -> None:
    for code, circle in CIRCLES.items():
        document = make.make_document(
            chantier, member, title=f"Étude {code} {n}", circle=circle, is_shared_tool=code == "partners"
        )
        if code == "group":
            document.comments.add(thread.comments.first())
            make.make_version(document, member, number=2, note="Chiffres corrigés")
    withdrawn = make.make_document(chantier, member, title=f"Retirée {n}", circle=Circle.PUBLIC)
    Document.objects.filter(pk=withdrawn.pk).update(withdrawn_at=make.NOW, withdrawn_motive="Remplacée")


def _meetings(chantier: Chantier, member: Person, lead: Person, n: int) -> None:
    coming = chantier.meetings.get(number=2 + 2 * n)
    Answer.objects.create(
        meeting=coming, person=member, rsvp=Rsvp.REPLACED, replaced_by="Paul", comment="Désolée", at=make.NOW, stamped_at=make.NOW
    )
    Reminder.objects.create(meeting=coming, hours_before=24)
    AgendaItem.objects.create(meeting=coming, title="Le guide", order=n)
    reviewed = _held(chantier, member, lead, REVIEWED + n, MeetingStage.HELD, days=20 + n)
    _minutes(reviewed, MinutesStage.IN_REVIEW, member, deadline=make.NOW + timedelta(days=3))
    published = _held(chantier, member, lead, PUBLISHED + n, MeetingStage.CLOSED, days=40 + n)
    _minutes(
        published,
        MinutesStage.PUBLISHED,
        member,
        approved_at=make.NOW,
        published_at=make.NOW,
        deadline=make.NOW - timedelta(days=2),
    )
    live = _held(chantier, member, lead, LIVE + n, MeetingStage.IN_SESSION, days=0, minutes=n)
    item = live.items.first()
    NotesConflict.objects.create(item=item, text="Autre texte", base_revision=0, by=lead, at=make.NOW, client_key=make.key())
    _poll(chantier, member, n)


def _held(
    chantier: Chantier, member: Person, lead: Person, number: int, stage: MeetingStage, *, days: int, minutes: int = 0
) -> Meeting:
    starts = make.NOW - timedelta(days=days, hours=1, minutes=minutes)
    meeting = make.make_meeting(chantier, number=number, starts_at=starts, stage=stage, opened_at=starts, introduction="Bonjour")
    item = AgendaItem.objects.create(meeting=meeting, title="Les cantines", notes="Notes", order=1)
    owner = member.mandates.first().organisation
    common = {"chantier": chantier, "meeting": meeting, "item": item, "by": lead, "at": make.NOW, "number": number}
    Decision.objects.create(
        **common, text="On livre le mercredi.", agreement="à l’unanimité", follow_up="Le Cabas", state_note="En bonne voie"
    )
    Action.objects.create(**common, text="Écrire aux communes.", owner=owner, due_on=date(2017, 11, 17))
    done = {"done_on": date(2017, 11, 1), "done_note": "Quatorze lettres", "owner_text": "Les communes"}
    Action.objects.create(**common | {"number": number + 1000}, text="Compter.", **done)
    Action.objects.create(**common | {"number": number + 2000}, text="Peser.", dropped_motive="Inutile")
    Material.objects.create(
        meeting=meeting, item=item, text="La plus utile", credit="Un cuisinier", by=lead, at=make.NOW, consent=True
    )
    absent = chantier.members.exclude(organisation=owner).first().organisation
    Attendance.objects.create(meeting=meeting, organisation=owner, presence=Presence.PRESENT, people="Anne")
    Attendance.objects.create(meeting=meeting, organisation=absent, presence=Presence.REPRESENTED, represented_by_name="Paul")
    return meeting


def _minutes(meeting: Meeting, stage: MinutesStage, member: Person, **fields: Any) -> None:
    thread = Thread.objects.create(
        chantier=meeting.chantier,
        subject=Subject.MINUTES,
        title=f"Compte-rendu {meeting.number}",
        started_at=make.NOW,
        last_at=make.NOW,
    )
    minutes = Minutes.objects.create(
        meeting=meeting,
        chantier=meeting.chantier,
        stage=stage,
        thread=thread,
        reviewed_at=make.NOW,
        circle=meeting.chantier.circle,
        **fields,
    )
    item = meeting.items.first()
    make.make_comment(thread, member, outcome=Outcome.OPEN, passage_key=f"item-{item.pk}")
    Assent.objects.create(minutes=minutes, person=member, at=make.NOW)
    content = content_of(meeting)
    for number in (1, 2):
        published = {"published_at": make.NOW} if number == 2 and stage == MinutesStage.PUBLISHED else {}
        MinutesVersion.objects.create(
            minutes=minutes,
            number=number,
            content=content,
            sha256=seal(content),
            made_at=make.NOW,
            change_note="Un chiffre",
            **published,
        )


def _poll(chantier: Chantier, member: Person, n: int) -> None:
    meeting = Meeting.objects.create(chantier=chantier, number=POLLED + n, stage=MeetingStage.POLL, place="Mairie")
    poll = Poll.objects.create(meeting=meeting, deadline=make.NOW + timedelta(days=5), message="Choisissons", opened_at=make.NOW)
    starts = make.NOW + timedelta(days=10)
    options = [
        PollOption.objects.create(poll=poll, starts_at=starts + timedelta(days=d), ends_at=starts + timedelta(days=d, hours=1))
        for d in range(2)
    ]
    for person, email in ((member, member.email), (None, f"dehors{chantier.pk}-{n}@ailleurs.example")):
        invitee = PollInvitee(
            poll=poll, person=person, email=email, name="Une voisine", comment="Plutôt le soir", invited_at=make.NOW
        )
        invitee.token_hash = hash_of(invitee.token)
        invitee.answered_at = make.NOW
        invitee.save()
        for option in options:
            PollAnswer.objects.create(invitee=invitee, option=option, available="yes")
