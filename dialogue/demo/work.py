"""The groups at work: meetings with their agenda, notes, decisions, minutes and remarks; documents, talks, a poll, mail."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from dialogue.chantiers.stages import RoadmapStage
from dialogue.demo.cast import DATA
from dialogue.demo.groups import Group
from dialogue.demo.story import Story, at
from dialogue.discussion import acts as talk
from dialogue.discussion.pages_roadmap import title_of
from dialogue.discussion.stages import Outcome, Subject, Via
from dialogue.documents import acts as documents
from dialogue.documents.stages import Nature
from dialogue.meetings.acts import agenda, attendance, capture, convening, polls
from dialogue.meetings.acts import minutes as path
from dialogue.meetings.models import Meeting, Minutes
from dialogue.meetings.stages import Available, ItemKind, ItemState, MaterialKind, Presence, Rsvp
from dialogue.people.stages import Circle

#: Groups whose life is told in full (talks, documents, remarks), and those with a remark by mail.
TALKATIVE = (1, 2, 4, 6, 7, 9, 13, 16, 19, 23)

#: One organisation in seven is excused.
ABSENT = 5


def lines() -> dict[str, Any]:
    """What is said (data/seances.toml)."""
    with (DATA / "seances.toml").open("rb") as file:
        return tomllib.load(file)


class Work:
    """What one group does in its meetings and between them; `n` counts its meetings from 0."""

    def __init__(self, group: Group, said: dict[str, Any]) -> None:
        self.group, self.said = group, said

    def pick(self, name: str, n: int) -> Any:
        rows = self.said[name]
        return rows[(self.group.number * 3 + n) % len(rows)]

    def meeting(self, day: date) -> Meeting:
        begins, _ends = self.group.start(day)
        meeting = Meeting.objects.get(chantier__number=self.group.number, starts_at=begins)
        meeting.chantier = self.group.row()
        return meeting

    def subject(self, n: int) -> str:
        rows = self.group.script["steps"] or self.group.script["objectives"] or [["Préparer la feuille de route"]]
        return str(rows[n % len(rows)][0])

    # Before ---------------------------------------------------------------------------------------------------------

    def plan(self, day: date, n: int, now: datetime) -> None:
        """The agenda, ten days before; three members answer."""
        meeting, lead = self.meeting(day), self.group.lead
        owner = self.group.cast.organisation_of[self.group.partners[n % 2].pk]
        facts = {"by": lead, "now": now}
        agenda.add_item(meeting, **facts, title="Où en sommes-nous ?", kind=ItemKind.INFORMATION, planned_minutes=20)
        agenda.add_item(meeting, **facts, title=self.subject(n), kind=ItemKind.DECISION, planned_minutes=60, owner=owner)
        agenda.add_item(meeting, **facts, title="La suite du travail", kind=ItemKind.DISCUSSION, planned_minutes=30)
        for m, person in enumerate(self.group.partners[:4]):
            rsvp = Rsvp.DECLINED if (m + n) % 4 == 3 else Rsvp.ACCEPTED  # noqa: PLR2004
            via = Via.MAIL if m % 2 else Via.PAGE
            attendance.answer_convocation(meeting, by=person, now=now + timedelta(hours=m), rsvp=rsvp, via=via)

    # During and after -------------------------------------------------------------------------------------------------

    def open(self, day: date, now: datetime) -> None:
        convening.open_session(self.meeting(day), by=self.group.lead, now=now)

    def hold(self, day: date, n: int, now: datetime) -> None:
        """Notes, decisions, actions, attendance: before the meeting is closed."""
        meeting, lead = self.meeting(day), self.group.lead
        items = list(meeting.items.all())
        texts = [self.pick("openings", n), self.pick("talks", n).replace("{}", self.subject(n)), self.pick("closings", n)]
        for item, text in zip(items[-3:], texts, strict=False):
            item.meeting = meeting
            capture.save_notes(item, by=lead, now=now, text=text, revision=item.revision)
            capture.mark_item(item, by=lead, now=now, state=ItemState.DONE)
        self._decide(meeting, items, n, now)
        facts = {"by": lead, "now": now, "item": items[-2]}
        text, credit = self.pick("words", n), self.pick("credits", n)
        capture.add_material(meeting, **facts, kind=MaterialKind.VERBATIM, text=text, credit=credit, consent=True)
        for m, row in enumerate(meeting.attendances.select_related("organisation")):
            is_away = row.presence == Presence.EXCUSED or (m + n + self.group.number) % 7 == ABSENT
            presence = Presence.EXCUSED if is_away else Presence.PRESENT
            attendance.mark_attendance(meeting, by=lead, now=now, organisation=row.organisation, presence=presence)

    def _decide(self, meeting: Meeting, items: list[Any], n: int, now: datetime) -> None:
        lead, partners = self.group.lead, self.group.partners
        facts = {"by": lead, "now": now, "item": items[-2]}
        written = [row for row in self.said["chantier2"]["decisions"] if row[0] == n + 1] if self.group.number == 2 else []  # noqa: PLR2004
        for _number, text, agreement, follow_up in written:
            capture.add_decision(meeting, **facts, text=text, agreement=agreement, follow_up=follow_up)
        if not written:
            step = self.subject(n)
            text = (
                self.said["decisions"][0].replace("{}", step[0].lower() + step[1:]) if n % 2 == 0 else self.pick("decisions", n)
            )
            text = text.replace("{}", step[0].lower() + step[1:])
            capture.add_decision(meeting, **facts, text=text, agreement=self.pick("agreements", n))
        for m in range(2):
            owner = self.group.cast.organisation_of[partners[(n + m) % len(partners)].pk]
            due = now.date() + timedelta(days=28 + 7 * m)
            text = self.said["actions"][(self.group.number + 2 * n + m) % 6]
            capture.add_action(meeting, **facts, text=text, owner=owner, due_on=due)

    def review(self, day: date, n: int, now: datetime) -> None:
        meeting = self.meeting(day)
        minutes = path.start_minutes(meeting, by=self.group.lead, now=now)
        path.send_for_review(minutes, by=self.group.lead, now=now)

    def minutes(self, day: date) -> Minutes:
        minutes = Minutes.objects.select_related("thread").get(meeting=self.meeting(day))
        minutes.chantier = minutes.meeting.chantier = self.group.row()
        return minutes

    def remark(self, day: date, n: int, now: datetime) -> None:
        """One by mail, one on the page; the first is kept and corrected, the second goes to the next meeting."""
        minutes, lead = self.minutes(day), self.group.lead
        item = minutes.meeting.items.order_by("order")[1]
        folded = "Le mar. 7 nov. 2017 à 09:12, Chantiers a écrit :\n> Le brouillon du compte-rendu est en ligne."
        facts = {"passage_key": f"item-{item.pk}", "now": now}
        first = talk.post_comment(
            minutes.thread, by=self.group.partners[1], text=self.pick("remarks", n), via=Via.MAIL, folded=folded, **facts
        )
        later = now + timedelta(days=1)
        second = talk.post_comment(
            minutes.thread, by=self.group.partners[2], now=now + timedelta(hours=5), text=self.pick("remarks", n + 1)
        )
        notes = {
            item.pk: item.notes
            + "\n\nPrécision apportée par un partenaire pendant la relecture : les chiffres de 2016 remplacent ceux de 2015."
        }
        path.correct_minutes(minutes, by=lead, now=later, note="Chiffres de 2016", notes=notes)
        talk.settle_remark(first, by=lead, now=later, outcome=Outcome.KEPT, reason=self.said["answers"][0])
        talk.settle_remark(second, by=lead, now=later, outcome=Outcome.TO_DISCUSS, reason=self.said["answers"][2])

    def publish(self, day: date, now: datetime) -> None:
        minutes = self.minutes(day)
        path.approve(minutes, by=self.group.sponsor, now=now)
        path.publish(minutes, by=self.group.lead, now=now + timedelta(hours=1), circle=Circle.PUBLIC)

    def close(self, day: date, n: int, now: datetime) -> None:
        """Actions that were done, and the meeting complete."""
        meeting = self.meeting(day)
        for action in meeting.actions.select_related("owner"):
            if (self.group.number + action.number) % 3:
                capture.complete_action(action, by=self.group.lead, now=now, done_on=now.date())
        capture.close_meeting(meeting, by=self.group.lead, now=now)

    # Between meetings ---------------------------------------------------------------------------------------------------

    def doubt(self, now: datetime) -> None:
        """A remark on a step of the roadmap, which the lead keeps."""
        chantier, by = self.group.row(), self.group.partners[0]
        roadmap = chantier.roadmaps.filter(stage=RoadmapStage.ADOPTED).first()
        step = roadmap.steps.last() if roadmap else None
        if step is None:
            return
        about = {"subject": Subject.ROADMAP, "title": title_of(roadmap), "roadmap": roadmap}
        thread = talk.open_thread(chantier, by=by, now=now, **about)
        said = {"passage_key": f"etape-{step.pk}", "passage_text": step.title}
        text = "Cette échéance tombe en pleine période de budget des communes. Peut-on la reculer de deux semaines ?"
        remark = talk.post_comment(thread, by=by, now=now, text=text, **said)
        later = now + timedelta(hours=20)
        reason = "Oui : ce sera dans la prochaine version de la feuille de route."
        talk.settle_remark(remark, by=self.group.lead, now=later, outcome=Outcome.KEPT, reason=reason)

    def talk(self, n: int, now: datetime) -> None:
        title, text, answer = self.said["talks_started"][n % 3]
        thread = talk.start_thread(self.group.row(), by=self.group.partners[n % 2], now=now, title=title, text=text)
        talk.post_comment(thread, by=self.group.partners[2], now=now + timedelta(hours=6), text=answer, via=Via.MAIL)

    def share(self, now: datetime) -> None:
        """A study, a table, and a questionnaire offered to all the groups."""
        chantier, lead = self.group.row(), self.group.lead
        title = self.subject(0)
        data = f"commune;réponses;remarques\nLande-Basse;34;à revoir\nCastelnou;41;\n# {title}\n"
        documents.add_document(
            chantier,
            by=lead,
            now=now,
            file=_file(f"resultats-{chantier.slug}.csv", data),
            nature=Nature.DATA,
            title="Résultats de l’enquête",
        )
        note = (
            f"Note de travail\n\n{title}\n\nCe document présente les choix possibles et leurs conséquences."
            " À relire avant la prochaine séance.\n"
        )
        documents.add_document(
            chantier, by=self.group.partners[0], now=now, file=_file(f"note-{chantier.slug}.txt", note), title=f"Note : {title}"
        )
        form = (
            f"Questionnaire\n\nChantier n° {chantier.number}\n1. Que faites-vous déjà ?\n"
            "2. Qu’est-ce qui vous manque ?\n3. Qui peut vous aider ?\n"
        )
        tool = documents.add_document(
            chantier,
            by=lead,
            now=now,
            file=_file(f"questionnaire-{chantier.slug}.txt", form),
            nature=Nature.TOOL,
            title="Questionnaire aux partenaires",
        )
        documents.offer_tool(tool, by=lead, now=now)

    def ask_dates(self, now: datetime) -> None:
        """A poll that is under way on the day of the demonstration: half of the members have answered."""
        chantier, lead = self.group.row(), self.group.lead
        meeting = convening.draft_meeting(chantier, by=lead, now=now, place="Maison du Département")
        dates = [(at(date(2017, 12, day), 14), at(date(2017, 12, day), 16)) for day in (5, 7, 12)]
        poll = polls.open_poll(
            meeting,
            by=lead,
            now=now,
            options=dates,
            deadline=at(date(2017, 11, 10), 18),
            message="Deux heures suffiront.",
            emails=["voisine@partenaire.example"],
        )
        options = list(poll.options.all())
        for n, invitee in enumerate(poll.invitees.all()):
            if n % 2 == 0:
                answers = {
                    option.pk: (Available.YES, Available.IF_NEED_BE, Available.NO)[(n + m) % 3]
                    for m, option in enumerate(options)
                }
                polls.answer_poll(invitee, by=None, now=now + timedelta(hours=n), answers=answers, name="Une voisine")


def _file(name: str, text: str) -> ContentFile:
    return ContentFile(text.encode(), name=name)


def tell(story: Story, group: Group, days: list[date], next_day: date | None) -> None:
    """Everything this group does, for the story to put in order."""
    work = Work(group, lines())
    held_without_roadmap = group.state == "suspended"
    for n, day in enumerate(days):
        if group.number not in TALKATIVE and n < len(days) - 1:
            continue  # told in a word: the demonstration must load within a minute
        begins, ends = group.start(day)
        story.tell(at(day - timedelta(days=10), 9, 30), lambda now, day=day, n=n: work.plan(day, n, now))
        story.tell(begins + timedelta(minutes=5), lambda now, day=day: work.open(day, now))
        story.tell(ends - timedelta(minutes=10), lambda now, day=day, n=n: work.hold(day, n, now))
        story.tell(at(day + timedelta(days=2), 10), lambda now, day=day, n=n: work.review(day, n, now))
        if n % 2 == 1 and not held_without_roadmap:
            story.tell(at(day + timedelta(days=4), 11), lambda now, day=day, n=n: work.remark(day, n, now))
        story.tell(at(day + timedelta(days=10), 9), lambda now, day=day: work.publish(day, now))
        story.tell(at(day + timedelta(days=30), 9), lambda now, day=day, n=n: work.close(day, n, now))
    if next_day:
        story.tell(at(next_day - timedelta(days=10), 9, 30), lambda now: work.plan(next_day, len(days), now))
    if group.number in TALKATIVE:
        story.tell(at(date(2017, 10, 17), 15, group.number), work.doubt)
        story.tell(at(date(2017, 10, 23), 10, group.number), work.share)
        for n in range(2):
            story.tell(at(date(2017, 10, 26) + timedelta(days=4 * n), 17, group.number), lambda now, n=n: work.talk(n, now))
    if group.number == 8:  # noqa: PLR2004
        story.tell(at(date(2017, 11, 2), 10), work.ask_dates)
