"""The life of the 26 groups, told act by act (the dates are invented, the acts are real)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dialogue.chantiers.acts import life, members, roadmap, weather
from dialogue.chantiers.models import Chantier, Step
from dialogue.chantiers.stages import RoadmapStage, Role, Weather
from dialogue.demo.cast import Cast
from dialogue.demo.story import Story, at
from dialogue.meetings.acts import convening as meetings
from dialogue.meetings.models import Meeting
from dialogue.people.models import Person

#: number → (state shown on 6 November 2017, meetings held by then, next meeting, last météo, its sentence, when it was given).
PLOT: dict[int, tuple[str, int, date | None, str, str, date]] = {
    1: ("working", 4, date(2017, 11, 15), "clear", "", date(2017, 10, 20)),
    2: ("working", 3, date(2017, 11, 7), "clear", "Le cahier des charges prend une semaine de plus.", date(2017, 11, 2)),
    3: ("delivered", 4, None, "clear", "", date(2017, 10, 18)),
    4: ("working", 3, date(2017, 11, 22), "cloudy", "Le chiffrage du troisième scénario manque encore.", date(2017, 10, 30)),
    5: ("delivered", 5, None, "clear", "", date(2017, 10, 13)),
    6: ("working", 4, date(2017, 11, 9), "clear", "", date(2017, 10, 27)),
    7: ("working", 3, date(2017, 11, 13), "cloudy", "Personne n’est encore prêt à entretenir les vélos.", date(2017, 10, 23)),
    8: ("working", 2, None, "gale", "Aucun propriétaire n’ouvre ses portes : il faut l’appui de l’État.", date(2017, 9, 18)),
    9: ("working", 3, date(2017, 11, 17), "clear", "", date(2017, 10, 10)),
    10: ("working", 3, date(2017, 11, 29), "cloudy", "Les chiffres de deux communes manquent.", date(2017, 10, 12)),
    11: ("delivered", 4, None, "clear", "", date(2017, 10, 9)),
    12: ("tabled", 4, None, "clear", "", date(2017, 10, 20)),
    13: ("working", 3, date(2017, 11, 8), "clear", "", date(2017, 11, 3)),
    14: ("launched", 1, date(2017, 12, 1), "cloudy", "Une structure hésite encore à signer.", date(2017, 10, 24)),
    15: ("delivered", 4, None, "clear", "", date(2017, 10, 26)),
    16: ("working", 3, date(2017, 11, 16), "clear", "", date(2017, 9, 29)),
    17: ("tabled", 5, None, "clear", "", date(2017, 10, 20)),
    18: ("launched", 1, date(2017, 11, 10), "cloudy", "Les employeurs tardent à répondre à l’enquête.", date(2017, 10, 6)),
    19: ("working", 3, date(2017, 11, 28), "clear", "", date(2017, 10, 31)),
    20: ("working", 3, date(2017, 11, 21), "clear", "", date(2017, 10, 17)),
    21: ("delivered", 5, None, "clear", "", date(2017, 10, 16)),
    22: ("open", 0, date(2017, 11, 14), "cloudy", "La première séance a été reportée deux fois.", date(2017, 10, 9)),
    23: ("working", 3, date(2017, 11, 23), "clear", "", date(2017, 10, 25)),
    24: ("working", 4, date(2017, 11, 30), "clear", "", date(2017, 10, 24)),
    25: ("working", 3, date(2017, 11, 20), "clear", "", date(2017, 10, 17)),
    26: ("suspended", 1, None, "gale", "Aucun local : nous cherchons une salle de soixante mètres carrés.", date(2017, 9, 15)),
}
#: Meetings fall in five windows of 2017 (first day, days over which the groups are spread).
WINDOWS = {
    "A": (date(2017, 5, 15), 15),
    "B": (date(2017, 6, 26), 9),
    "C": (date(2017, 9, 11), 11),
    "D": (date(2017, 10, 2), 9),
    "E": (date(2017, 10, 16), 9),
}
HELD_IN = {0: "", 1: "D", 2: "AB", 3: "ACD", 4: "ABCD", 5: "ABCDE"}
SATURDAY = 5
PLACES = ("Salle du conseil", "Maison du Département", "Salle polyvalente", "Collège, salle des professeurs", "Médiathèque")
HOURS = ((9, 30), (14, 30), (18, 0))


def meeting_days(number: int) -> list[date]:
    """The days on which the group met before 6 November 2017, week days only."""
    state, held = PLOT[number][:2]
    days = []
    for window in "A" if state == "suspended" else HELD_IN[held]:
        first, spread = WINDOWS[window]
        day = first + timedelta(days=(number * 4) % spread)
        days.append(day + timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0))
    return days


class Group:
    """One group: who is in it, and what it does when."""

    def __init__(self, cast: Cast, script: dict[str, Any]) -> None:
        self.cast, self.script, self.number = cast, script, script["n"]
        self.state, self.held, self.next_day, self.sky, self.sentence, self.sky_day = PLOT[self.number]
        chantier = self.row()
        self.territory, self.theme = chantier.territories.all()[0].code, chantier.theme.code
        self.lead = cast.officers[script["lead"]]
        self.sponsor = cast.sponsors[self.territory]
        locals_, experts = cast.by_territory[self.territory], cast.by_theme[self.theme]
        # Two groups of one territory share some members, never all.
        skip = (self.number + 1) % len(locals_)
        self.partners = [person for n, person in enumerate(locals_) if n != skip] + experts

    def row(self) -> Chantier:
        return Chantier.objects.get(number=self.number)

    def draft(self) -> Any:
        return self.row().roadmaps.get(stage=RoadmapStage.DRAFT)

    def start(self, day: date) -> tuple[datetime, datetime]:
        hour, minute = HOURS[self.number % 3]
        begins = at(day, hour, minute)
        return begins, begins + timedelta(hours=2)

    def tell(self, story: Story) -> None:
        """Everything that happens to this group, for the story to put in order."""
        story.tell(at(date(2017, 4, 5) + timedelta(days=self.number % 9), 10, self.number), self.enter)
        days = meeting_days(self.number)
        for n, day in enumerate([*days, self.next_day] if self.next_day else days):
            self.tell_meeting(story, n, day)
        if days:
            self.tell_first_meeting(story, days[0])
        story.tell(at(self.sky_day, 17, self.number), self.report)
        self.tell_end(story, days)

    def enter(self, now: datetime) -> None:
        me, chantier = self.cast.coordination, self.row()
        if self.state != "open":
            members.add_member(chantier, by=me, now=now, organisation=self.cast.council, role=Role.SPONSOR, person=self.sponsor)
        self.add(self.cast.directorates[self.script["lead"]], Role.LEAD, self.lead, now)
        for code in self.script["resources"]:
            self.add(self.cast.directorates[code], Role.RESOURCE, self.cast.officers[code], now)
        for person in self.partners:
            # The first two committed themselves at the council; the fifth came to listen.
            role = Role.OBSERVER if person in self.partners[4:5] else Role.PARTNER
            committed = person in self.partners[:2]
            self.add(self.cast.organisation_of[person.pk], role, person, now, committed=committed)

    def add(self, organisation: Any, role: str, person: Person, now: datetime, *, committed: bool = False) -> None:
        members.add_member(
            self.row(),
            by=self.cast.coordination,
            now=now,
            organisation=organisation,
            role=role,
            person=person,
            committed_at_council=committed,
        )

    # Meetings -----------------------------------------------------------------------------------------------------

    def tell_meeting(self, story: Story, n: int, day: date) -> None:
        begins, ends = self.start(day)
        notice = at(day - timedelta(days=30), 11)
        story.tell(notice, lambda now: self.convene(begins, ends, now))
        story.tell(ends + timedelta(minutes=5), lambda now: self.hold(begins, now))

    def convene(self, begins: datetime, ends: datetime, now: datetime) -> None:
        place = f"{PLACES[self.number % len(PLACES)]}, {self.row().territories.all()[0].name}"
        meetings.convene_meeting(self.row(), by=self.lead, now=now, starts_at=begins, ends_at=ends, place=place)

    def hold(self, begins: datetime, now: datetime) -> None:
        meeting = Meeting.objects.get(chantier__number=self.number, starts_at=begins)
        meetings.hold_meeting(meeting, by=self.lead, now=now)

    def tell_first_meeting(self, story: Story, day: date) -> None:
        _begins, ends = self.start(day)
        story.tell(at(day - timedelta(days=19), 11), lambda now: life.launch(self.row(), by=self.lead, now=now))
        story.tell(at(day - timedelta(days=9), 15), lambda now: roadmap.start_roadmap(self.row(), by=self.lead, now=now))
        story.tell(at(day - timedelta(days=8), 16), self.write_roadmap)
        if self.state != "launched":
            story.tell(ends + timedelta(minutes=20), self.adopt)

    def write_roadmap(self, now: datetime) -> None:
        """Lead and partners each write lines of the draft."""
        draft, writers = self.draft(), [self.lead, *self.partners[:2]]
        dated = ("title", "due_on")
        fields = {"objectif": ("title", "indicator", "start_value", "target_value"), "livrable": dated, "etape": dated}
        lines = [("objectif", row) for row in self.script["objectives"]]
        lines += [("livrable", [row[0], date.fromisoformat(row[1])]) for row in self.script["deliverables"]]
        lines += [("etape", [row[0], date.fromisoformat(row[1])]) for row in self.script["steps"]]
        for n, (line, row) in enumerate(lines):
            values = dict(zip(fields[line], row, strict=True))
            roadmap.add_line(draft, by=writers[n % len(writers)], now=now, line=line, values=values)
        rhythm = "Une séance toutes les six semaines, jamais pendant les vacances scolaires."
        roadmap.set_rhythm(draft, by=self.lead, now=now, revision=draft.revision, rhythm=rhythm)

    def adopt(self, now: datetime) -> None:
        roadmap.adopt_roadmap(self.row(), by=self.sponsor, now=now, meeting_number=1, adopted_on=now.date())

    # Work and end -------------------------------------------------------------------------------------------------

    def report(self, now: datetime) -> None:
        weather.report_weather(self.row(), by=self.lead, now=now, weather=Weather(self.sky), sentence=self.sentence)

    def report_clear(self, now: datetime) -> None:
        weather.report_weather(self.row(), by=self.lead, now=now, weather=Weather.CLEAR)

    def tell_end(self, story: Story, days: list[date]) -> None:
        if self.state in {"launched", "open"}:
            return
        story.tell(at(days[0] + timedelta(days=1), 9), self.report_clear)
        for title, _due, done in self.script["steps"]:
            if done:
                self.tell_step(story, title, date.fromisoformat(done))
        if self.state == "suspended":
            motive = "Le local prévu ne s’est pas libéré. Trois communes cherchent une salle ; le groupe reprendra dès qu’elle est trouvée."
            story.tell(at(date(2017, 9, 18), 10), lambda now: life.suspend(self.row(), by=self.lead, now=now, motive=motive))
            return

    def tell_step(self, story: Story, title: str, day: date) -> None:
        def done(now: datetime) -> None:
            step = Step.objects.get(roadmap__chantier__number=self.number, roadmap__stage=RoadmapStage.ADOPTED, title=title)
            roadmap.complete_step(step, by=self.lead, now=now, done_on=now.date())

        story.tell(at(day, 17, 30), done)
