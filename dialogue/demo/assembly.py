"""What the groups propose and what the assembly decides of it, told act by act (all of it invented)."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from dialogue.assembly.acts import instruction, sessions, votes
from dialogue.assembly.acts import propositions as acts
from dialogue.assembly.models import AssemblySession, Opinion, Proposition
from dialogue.assembly.stages import Outcome, Verdict
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage
from dialogue.demo.cast import DATA
from dialogue.demo.groups import SATURDAY, Group, meeting_days
from dialogue.demo.story import Story, at
from dialogue.meetings.acts import capture
from dialogue.meetings.models import Decision, Meeting

#: The vote of the budget primitif 2018, and the session after it.
DECEMBER, FEBRUARY = date(2017, 12, 14), date(2018, 2, 12)
MEMBERS = 66
#: The meeting of October at which each group adopts what it proposes.
ADOPTING = 3
#: Groups that took their time to write: number → days after the meeting.
SLOW = {15: 24, 21: 28}
OUTCOMES = {
    "voted": Outcome.ADOPTED,
    "amended": Outcome.ADOPTED_AMENDED,
    "rejected": Outcome.REJECTED,
    "adjourned": Outcome.ADJOURNED,
    "referred": Outcome.REFERRED_BACK,
}
#: When a chantier whose propositions are settled is completed: number → day.
COMPLETED = {
    12: date(2017, 12, 18), 17: date(2017, 12, 18), 3: date(2018, 1, 15), 11: date(2018, 1, 15), 21: date(2018, 1, 16),
    5: date(2018, 2, 28),
}  # fmt: skip


def listed() -> list[dict[str, Any]]:
    """What is proposed (data/propositions.toml)."""
    with (DATA / "propositions.toml").open("rb") as file:
        return tomllib.load(file)["proposition"]


def _workday(day: date) -> date:
    """That day, or the Monday after when it falls at a week-end."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


class Proposal:
    """One proposition: its text, and what happens to it when; `rank`: its place in the file."""

    def __init__(self, group: Group, said: dict[str, Any], rank: int) -> None:
        self.group, self.said, self.rank = group, said, rank
        self.day = meeting_days(group.number)[ADOPTING]

    def row(self) -> Proposition:
        return Proposition.objects.select_related("chantier", "session").get(title=self.said["title"])

    def meeting(self) -> Meeting:
        begins, _ends = self.group.start(self.day)
        return Meeting.objects.select_related("chantier").get(chantier__number=self.group.number, starts_at=begins)

    def tell(self, story: Story) -> None:
        _begins, ends = self.group.start(self.day)
        minute = self.rank
        written = _workday(self.day + timedelta(days=SLOW.get(self.group.number, 1)))
        # On 6 November 2017 one group still writes, another has just adopted.
        adopted = written + timedelta(days=5 if self.group.number == max(SLOW) else 0)
        sent = _workday(adopted + timedelta(days=4))
        story.tell(ends + timedelta(minutes=8), self.decide)
        story.tell(at(written, 9, minute), self.draft)
        story.tell(at(adopted, 11, minute), self.adopt)
        story.tell(at(sent, 15, minute), self.submit)
        story.tell(at(sent + timedelta(days=7), 10, minute), self.instruct)
        story.tell(at(date.fromisoformat(self.said["tabled"]), 9, minute), lambda now: self.table(now, DECEMBER))
        story.tell(at(DECEMBER + timedelta(days=1), 10, minute), lambda now: self.vote(now, first=True))
        if self.said["path"] in {"adjourned", "referred"}:
            story.tell(at(date(2018, 1, 9), 9, minute), self.return_to_instruction)
        if self.said["path"] == "adjourned":
            story.tell(at(date(2018, 1, 22), 9, minute), lambda now: self.table(now, FEBRUARY))
            story.tell(at(FEBRUARY, 18, minute), lambda now: self.vote(now, first=False))

    def decide(self, now: datetime) -> None:
        capture.add_decision(self.meeting(), by=self.group.lead, now=now, text=self.said["decision"], agreement="à l’unanimité")

    def draft(self, now: datetime) -> None:
        """From the decision, by a partner; the lead writes the rest."""
        decision = Decision.objects.get(chantier__number=self.group.number, text=self.said["decision"])
        line = PlannedDeliverable.objects.filter(roadmap__chantier__number=self.group.number, roadmap__stage=RoadmapStage.ADOPTED)
        said = self.said
        acts.draft(
            self.group.row(), by=self.group.partners[0], now=now, title=said["title"], decisions=[decision], deliverable=line.first()
        )
        values = {
            "text": said["text"].strip(), "reasons": said["reasons"], "expected_effect": said["effect"], "estimated_cost": said["cost"],
        }  # fmt: skip
        acts.edit(self.row(), by=self.group.lead, now=now + timedelta(minutes=40), revision=0, values=values)

    def adopt(self, now: datetime) -> None:
        acts.adopt_by_group(self.row(), by=self.group.sponsor, now=now, meeting=self.meeting())

    def submit(self, now: datetime) -> None:
        services = [self.group.cast.directorates[code] for code in self.said["services"]]
        due = now.date() + timedelta(days=12)
        instruction.submit(self.row(), by=self.group.lead, now=now, services=services, opinions_due_on=due)

    def instruct(self, now: datetime) -> None:
        """Each service answers; of two, the second says why it hesitates."""
        for code, verdict in zip(self.said["services"], self.said["verdicts"], strict=True):
            opinion = Opinion.objects.select_related("proposition__chantier", "service").get(
                proposition=self.row(), service=self.group.cast.directorates[code]
            )
            instruction.give_opinion(
                opinion,
                by=self.group.cast.officers[code],
                now=now,
                verdict=Verdict(verdict),
                text=self.said["opinion"],
                cost=self.said["cost"] if verdict == Verdict.FAVOURABLE else None,
            )

    def table(self, now: datetime, day: date) -> None:
        session = AssemblySession.objects.get(date=day)
        instruction.table(self.row(), by=self.group.cast.secretariat, now=now, session=session)

    def vote(self, now: datetime, *, first: bool) -> None:
        outcome = OUTCOMES[self.said["path"]] if first else Outcome.ADOPTED
        day = DECEMBER if first else FEBRUARY
        values: dict[str, Any] = {"members_count": MEMBERS}
        if outcome in {Outcome.ADJOURNED, Outcome.REFERRED_BACK}:
            values["reason"] = self.said["reason"]
        else:
            ayes, noes, abstained, aside = self.said["votes"]
            values |= {
                "number": f"CD.{day:%Y.%m}.{40 + self.rank:03d}", "matter_code": self.said["matter"], "votes_for": ayes,
                "votes_against": noes, "abstentions": abstained, "not_voting": aside or None, "budget_name": "Budget principal",
                "budget_year": 2018, "prefecture_date": day + timedelta(days=5),
            }  # fmt: skip
        if outcome == Outcome.ADOPTED_AMENDED:
            values["adopted_text"] = self.said["amended"].strip()
        votes.record_vote(self.row(), by=self.group.cast.secretariat, now=now, outcome=outcome, date=day, **values)

    def return_to_instruction(self, now: datetime) -> None:
        instruction.return_to_instruction(self.row(), by=self.group.cast.coordination, now=now)


def tell(story: Story, groups: dict[int, Group]) -> None:
    """The sessions, each proposition, then the end of the chantiers; the pacts take in what is voted (demo/pacts.py)."""
    first = next(iter(groups.values()))
    desk = first.cast.secretariat
    for told, day, title in (
        (date(2017, 10, 2), DECEMBER, "Vote du budget primitif 2018"),
        (date(2018, 1, 8), FEBRUARY, "Séance plénière de février 2018"),
    ):

        def create(now: datetime, day: date = day, title: str = title) -> None:
            pattern = f"CD.{day:%Y.%m}.###"
            sessions.create_session(
                None, by=desk, now=now, date=day, title=title, members_count=MEMBERS, number_pattern=pattern
            )

        story.tell(at(told, 9), create)
    proposals = [Proposal(groups[said["n"]], said, rank) for rank, said in enumerate(listed(), 1)]
    for proposal in proposals:
        proposal.tell(story)
    for number, day in COMPLETED.items():
        group = groups[number]
        story.tell(at(day, 9, number), lambda now, group=group: life.complete(group.row(), by=group.lead, now=now))
