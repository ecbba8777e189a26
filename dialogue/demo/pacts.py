"""The pacts of the nine territories: published in the spring of 2017, followed all year, brought up to date with the budget of 2018."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Value, When

from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Stage
from dialogue.demo.cast import DATA, Cast
from dialogue.demo.story import Story, at
from dialogue.pacts.acts import actions, editions
from dialogue.pacts.missing import voted_for
from dialogue.pacts.models import Pact, PactAction, PactEdition
from dialogue.pacts.stages import Origin
from dialogue.people.models import Organisation
from dialogue.people.stages import Circle
from dialogue.territories.models import Territory, Theme

FIRST, SECOND = 2017, 2018
ADOPTED_FIRST = date(2017, 4, 6)
#: With the budget of 2018 (the guide: December 2017); the day is invented.
ADOPTED_SECOND = date(2017, 12, 14)
DECISIONS = {FIRST: "Délibération n° 2017-31, pactes territoriaux 2017", SECOND: "Délibération du budget primitif 2018"}
#: Contributions that an action comes from, at most.
TIED = 3
GENERAL = (
    "Le pacte dit ce que le territoire et le Département font ensemble. Chaque action a un pilote, une échéance et une origine. "
    "Chaque année, nous disons ce qui est fait, ce qui tarde et ce qui s’arrête."
)


def script() -> dict[str, Any]:
    """What the pacts say (data/pactes.toml)."""
    with (DATA / "pactes.toml").open("rb") as file:
        return tomllib.load(file)


def tell(story: Story, cast: Cast) -> None:
    """From April 2017 to February 2018."""
    told = Pacts(cast, script())
    story.tell(at(date(2017, 4, 5), 10), told.write)
    story.tell(at(ADOPTED_FIRST, 18), told.adopt_first)
    story.tell(at(date(2017, 4, 7), 9), lambda now: told.publish(FIRST, now))
    told.follow(story)
    story.tell(at(date(2017, 12, 4), 9), told.add_later)
    story.tell(at(date(2017, 12, 11), 9), told.prepare_second)
    # The secretariat records the votes of the 14th on the 15th, until half past ten.
    story.tell(at(ADOPTED_SECOND + timedelta(days=1), 10, 45), told.adopt_second)
    story.tell(at(date(2018, 1, 29), 9), lambda now: told.publish(SECOND, now))
    story.tell(at(date(2018, 2, 26), 9), told.complete)


class Pacts:
    """What the coordination does with them; actions are found again by their title."""

    def __init__(self, cast: Cast, said: dict[str, Any]) -> None:
        self.cast, self.by, self.said = cast, cast.coordination, said
        self.used: set[int] = set()

    def write(self, now: datetime) -> None:
        """Each territory's project, its first actions, the edition of the year."""
        for territory in Territory.objects.all():
            pact = editions.open_pact(
                None, by=self.by, now=now, territory=territory, introduction=self.said["projects"].get(territory.code, "")
            )
            for row in self.said["action"]:
                if row["t"] == territory.code:
                    self._add(pact, row, FIRST, now)
            editions.prepare_edition(pact, by=self.by, now=now, year=FIRST)

    def _add(self, pact: Pact, row: dict[str, Any], year: int, now: datetime) -> None:
        theme = Theme.objects.get(code=row["theme"])
        found = self._contributions(pact, theme) if row["from"] == "contribution" else []
        origin = {"origin": Origin.CONTRIBUTION, "contributions": found} if found else {"origin": Origin.OTHER}
        if not found:
            words = "Le conseil de territoire de mars 2017" if row["from"] == "contribution" else row["from"]
            origin["origin_words"] = words
        actions.add_action(
            pact,
            by=self.by,
            now=now,
            title=row["title"],
            text=row["text"],
            theme=theme,
            entered_year=year,
            lead=self._lead(pact.territory.code, row["lead"]),
            cost=row.get("cost"),
            due_on=row.get("due"),
            **origin,
        )

    def _lead(self, territory: str, code: str) -> Organisation:
        if code in self.cast.directorates:
            return self.cast.directorates[code]
        return self.cast.organisation_of[self.cast.by_territory[territory][int(code[1:])].pk]

    def _contributions(self, pact: Pact, theme: Theme) -> list[Contribution]:
        """Some that everybody may read: first those that no chantier takes up, whose end this is."""
        rows = Contribution.objects.filter(
            stage__in=[Stage.QUALIFIED, Stage.LINKED],
            circle=Circle.PUBLIC,
            territory=pact.territory,
            theme=theme,
            pact_links=None,
        )
        free = Case(When(stage=Stage.QUALIFIED, then=Value(0)), default=Value(1))
        found = list(rows.exclude(pk__in=self.used).order_by(free, "number")[:TIED])
        self.used |= {row.pk for row in found}
        return found

    def adopt_first(self, now: datetime) -> None:
        for edition in PactEdition.objects.filter(year=FIRST).select_related("pact__territory"):
            self._adopt(edition, now, ADOPTED_FIRST, report=edition.report, notes={})

    def _adopt(self, edition: PactEdition, now: datetime, day: date, *, report: str, notes: dict[int, str]) -> None:
        words = {"introduction": f"{edition.pact.introduction}\n\n{GENERAL}", "report": report, "notes": notes}
        editions.write_edition(edition, by=self.by, now=now, **words)
        editions.adopt_edition(edition, by=self.by, now=now, adopted_on=day, resolution_words=DECISIONS[edition.year])

    def publish(self, year: int, now: datetime) -> None:
        for edition in PactEdition.objects.filter(year=year).select_related("pact__territory"):
            editions.publish_edition(edition, by=self.by, now=now)

    # During the year ------------------------------------------------------------------------------------------------------

    def follow(self, story: Story) -> None:
        """Each action begins, ends or is dropped on its day."""
        for n, row in enumerate(self.said["action"]):
            title, minute = row["title"], n
            if "start" in row:
                story.tell(at(row["start"], 9, minute), lambda now, title=title: self._begin(title, now))
            if "done" in row:
                story.tell(at(row["done"], 17, minute), lambda now, title=title: self._end(title, now))
            if "drop" in row:
                day, motive = row["drop"]
                story.tell(at(day, 17, minute), lambda now, title=title, motive=motive: self._drop(title, motive, now))

    def _action(self, title: str) -> PactAction:
        return PactAction.objects.select_related("pact__territory").get(title=title)

    def _begin(self, title: str, now: datetime) -> None:
        actions.start_action(self._action(title), by=self.by, now=now)

    def _end(self, title: str, now: datetime) -> None:
        actions.complete_action(self._action(title), by=self.by, now=now, done_on=now.date())

    def _drop(self, title: str, motive: str, now: datetime) -> None:
        actions.drop_action(self._action(title), by=self.by, now=now, motive=motive)

    # Brought up to date ---------------------------------------------------------------------------------------------------

    def add_later(self, now: datetime) -> None:
        """Actions that come from contributions, beside what the assembly votes."""
        for row in self.said["later"]:
            self._add(Pact.objects.select_related("territory").get(territory__code=row["t"]), row, SECOND, now)

    def prepare_second(self, now: datetime) -> None:
        """« Bilan 2017 et propositions validées »: in one click for all, whatever was voted by then."""
        for pact in Pact.objects.select_related("territory"):
            editions.prepare_edition(pact, by=self.by, now=now, year=SECOND)

    def adopt_second(self, now: datetime) -> None:
        """What was voted at the same session comes in, then each action says where it is."""
        notes = {row["title"]: row.get("note", "") for row in [*self.said["action"], *self.said["later"]]}
        for edition in PactEdition.objects.filter(year=SECOND).select_related("pact__territory"):
            editions.refresh_edition(edition, by=self.by, now=now, redraft=True)
            lines = edition.lines.select_related("action")
            said = {line.action.number: notes.get(line.action.title, "") for line in lines}
            opening = "L’année 2017 a vu naître les chantiers. Voici ce qui s’est fait sur le territoire, et ce qui continue."
            self._adopt(edition, now, ADOPTED_SECOND, report=f"{opening}\n\n{edition.report}", notes=said)

    def complete(self, now: datetime) -> None:
        """What the session of February voted comes in by a new edition of the year, published at once."""
        for pact in Pact.objects.select_related("territory"):
            if not voted_for(pact):
                continue
            last = pact.editions.order_by("-year", "-number").first()
            assert last is not None  # noqa: S101 (the story published one)
            edition = editions.correct_edition(last, by=self.by, now=now)
            editions.refresh_edition(edition, by=self.by, now=now)
            texts = {"introduction": edition.introduction, "report": edition.report, "notes": {}}
            note = "Une proposition votée en février 2018 entre au pacte."
            editions.write_edition(edition, by=self.by, now=now, change_note=note, **texts)
            words = "Délibérations de la séance de février 2018"
            editions.adopt_edition(edition, by=self.by, now=now, adopted_on=date(2018, 2, 12), resolution_words=words)
            editions.publish_edition(edition, by=self.by, now=now)
