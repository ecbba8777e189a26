"""What the pages of the pacts show, gathered in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest
from django.utils.functional import Promise

from dialogue.assembly.models import Proposition
from dialogue.pacts import pdf
from dialogue.pacts.content import Content, adoption_of, grouped, total_cost
from dialogue.pacts.missing import voted_by_territory, voted_for
from dialogue.pacts.models import EditionLine, Pact, PactAction, PactEdition
from dialogue.pacts.stages import OPEN, ActionState, EditionStage, Situation
from dialogue.pacts.wording import counted, day_of, headings, state_of
from dialogue.territories.models import Priority, Territory

#: Icon and class of each state: the word always goes with them.
STATES: dict[str, tuple[str, str]] = {
    ActionState.PLANNED: ("n1", ""),
    ActionState.UNDER_WAY: ("n3", "att"),
    ActionState.DONE: ("n6", "ok"),
    ActionState.DROPPED: ("n0", "err"),
}


@dataclass(frozen=True)
class ActionLine:
    """An action in a list, with its lateness on the day of reading."""

    action: PactAction
    late: bool

    @property
    def icon(self) -> str:
        return STATES[self.action.state][0]


@dataclass(frozen=True)
class IndexLine:
    """One territory: its pact when the reader may read it, how its actions stand, its last year."""

    territory: Territory
    pact: Pact | None
    year: int | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def told(self) -> str:
        """« 3 prévues, 1 en cours »."""
        return ", ".join(counted(code, self.counts[code]) for code in ActionState.values if self.counts.get(code))


def index_lines(reader: Any, today: date) -> list[IndexLine]:
    """Every territory, in its order (4 queries)."""
    last = PactEdition.objects.published().filter(pact=OuterRef("pk")).order_by("-year").values("year")[:1]
    pacts = {row.territory_id: row for row in Pact.objects.visible_to(reader).annotate(last_year=Subquery(last))}
    rows = PactAction.objects.visible_to(reader).order_by().values_list("pact", "state").annotate(n=Count("pk"))
    counts: dict[int, dict[str, int]] = {}
    for pact, state, n in rows:
        counts.setdefault(pact, {})[state] = n
    return [
        IndexLine(row, pact, getattr(pact, "last_year", None), counts.get(pact.pk, {}) if pact else {})
        for row in Territory.objects.all()
        for pact in [pacts.get(row.pk)]
    ]


def issues_of(pact: Pact) -> list[Priority]:
    """The issues of a pact are the priorities of its territory, kept there (1 query)."""
    rows = Priority.objects.filter(territory=pact.territory_id).select_related("theme")
    return list(rows.order_by("theme__order", "theme__name"))


def pact_page(pact: Pact, reader: Any, today: date, asked: Any) -> dict[str, Any]:
    """`asked`: the filters of the address, `etat` and `theme`; what means nothing is left aside (4 queries)."""
    rows = list(PactAction.objects.visible_to(reader).filter(pact=pact).for_list().order_by("number"))
    themes = {row.theme.code: row.theme for row in rows}
    theme, state = themes.get(asked.get("theme", "")), asked.get("etat", "")
    state = state if state in ActionState.values else ""
    shown = [row for row in rows if (theme is None or row.theme == theme) and (not state or row.state == state)]
    counts = {code: sum(row.state == code for row in rows) for code in ActionState.values}
    editions = list(PactEdition.objects.visible_to(reader).filter(pact=pact).order_by("-year", "-number"))
    for edition in editions:
        edition.pact = pact
    return {
        "pact": pact,
        "issues": issues_of(pact),
        "actions": [ActionLine(row, row.is_late(today)) for row in shown],
        "total": len(rows),
        "themes": sorted(themes.values(), key=lambda row: (row.order, row.name)),
        "theme": theme,
        "state": state,
        "states": [(code, ActionState(code).label, n, counted(code, n)) for code, n in counts.items() if n],
        "editions": editions_by_year(editions),
    }


@dataclass(frozen=True)
class YearLine:
    """The editions of one year, latest first; `before`: the year that it can be compared with."""

    year: int
    editions: list[PactEdition]
    before: int | None


def editions_by_year(editions: list[PactEdition]) -> list[YearLine]:
    """Latest first. Years of which nothing is adopted can be compared with nothing."""
    years: dict[int, list[PactEdition]] = {}
    for row in editions:
        years.setdefault(row.year, []).append(row)
    adopted = [year for year, rows in years.items() if any(row.stage != EditionStage.DRAFT for row in rows)]
    return [
        YearLine(year, rows, next((y for y in adopted if y < year), None) if year in adopted else None)
        for year, rows in years.items()
    ]


# One edition ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One action of a frozen content, in words."""

    row: dict[str, Any]
    state: str
    icon: str
    css: str
    origin: str
    starts_on: str
    due_on: str

    @property
    def is_over(self) -> bool:
        return self.row["state"] not in OPEN


@dataclass(frozen=True)
class Group:
    title: str | Promise
    code: str
    rows: list[Shown]


def shown(content: Content) -> list[Group]:
    """The actions by what became of them since the year before. No query."""
    titles = headings(content["year"])
    return [Group(titles[situation], situation.value, [_shown(row) for row in rows]) for situation, rows in grouped(content)]


def _shown(row: dict[str, Any]) -> Shown:
    icon, css = STATES[row["state"]]
    return Shown(row, state_of(row), icon, css, pdf.origin_of(row["origin"]), day_of(row["starts_on"]), day_of(row["due_on"]))


def edition_page(edition: PactEdition, content: Content, reader: Any) -> dict[str, Any]:
    """What the page of an edition shows, frozen or in preparation (1 query)."""
    others = PactEdition.objects.visible_to(reader).filter(pact=edition.pact_id).exclude(stage=EditionStage.DRAFT)
    years = sorted({*others.order_by().values_list("year", flat=True)})
    new = sum(row["situation"] == Situation.NEW for row in content["actions"])
    return {
        "edition": edition,
        "pact": edition.pact,
        "content": content,
        "adoption": adoption_of(edition),
        "groups": shown(content),
        "total_cost": total_cost(content),
        "new_count": new,
        "year_before": next((year for year in reversed(years) if year < edition.year), None),
    }


# One action ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HistoryLine:
    """What the pact of one year said of the action."""

    edition: PactEdition
    situation: str | Promise
    state: str | Promise
    icon: str
    note: str


def history_of(action: PactAction, reader: Any) -> list[HistoryLine]:
    """Year by year, oldest first; of a year that was corrected, the last edition (1 query)."""
    rows = EditionLine.objects.visible_to(reader).filter(action=action).select_related("edition")
    by_year = {line.edition.year: line for line in rows.order_by("edition__year", "edition__number")}
    for line in by_year.values():
        line.edition.pact = action.pact
    return [
        HistoryLine(
            line.edition, Situation(line.situation).label, ActionState(line.state).label, STATES[line.state][0], line.note
        )
        for line in by_year.values()
    ]


def proposition_of(action: PactAction, reader: Any) -> Proposition | None:
    """The proposition it comes from, when the reader may read it (1 query)."""
    if action.proposition_id is None:
        return None
    return Proposition.objects.visible_to(reader).filter(pk=action.proposition_id).select_related("resolution").first()


# What other pages show of a pact ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """The pact of a territory in a few lines, for the page of the territory."""

    pact: Pact
    year: int | None
    #: Of each state, its code and « 3 prévues ».
    counts: list[tuple[str, str]]


def summary_of(territory: Territory, reader: Any) -> Summary | None:
    """None when there is nothing to read yet (2 queries)."""
    last = PactEdition.objects.published().filter(pact=OuterRef("pk")).order_by("-year").values("year")[:1]
    pact = Pact.objects.visible_to(reader).filter(territory=territory).annotate(last_year=Subquery(last)).first()
    if pact is None:
        return None
    pact.territory = territory
    rows = dict(PactAction.objects.visible_to(reader).filter(pact=pact).order_by().values_list("state").annotate(n=Count("pk")))
    counts = [(code, counted(code, rows[code])) for code in ActionState.values if rows.get(code)]
    return Summary(pact, pact.last_year, counts)  # type: ignore[attr-defined]


# For the coordination --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PilotLine:
    """One territory: what its pact holds, and the next thing to do."""

    territory: Territory
    pact: Pact | None
    open_count: int
    late_count: int
    draft: PactEdition | None
    last: PactEdition | None
    #: Propositions of the territory that the assembly adopted and that no action carries.
    voted_count: int = 0


def pilot_lines(reader: Any, today: date) -> list[PilotLine]:
    """Every territory, in its order (3 queries)."""
    is_open = Q(actions__state__in=OPEN)
    pacts = Pact.objects.visible_to(reader).annotate(
        open_count=Count("actions", filter=is_open),
        late_count=Count("actions", filter=is_open & Q(actions__due_on__lt=today)),
    )
    editions = PactEdition.objects.visible_to(reader).defer("content", "introduction", "report").order_by("-year", "-number")
    found = {row.territory_id: row for row in pacts.prefetch_related(Prefetch("editions", queryset=editions))}
    lines, voted = [], voted_by_territory()
    for territory in Territory.objects.all():
        pact = found.get(territory.pk)
        rows = list(pact.editions.all()) if pact else []
        for row in rows:
            row.pact, row.pact.territory = pact, territory
        draft = next((row for row in rows if row.stage == EditionStage.DRAFT), None)
        last = next((row for row in rows if row.stage != EditionStage.DRAFT), None)
        counts = (pact.open_count, pact.late_count) if pact else (0, 0)  # type: ignore[attr-defined]
        lines.append(PilotLine(territory, pact, *counts, draft, last, voted.get(territory.pk, 0)))
    return lines


@dataclass(frozen=True)
class Preparation:
    """What preparing the update of a pact would bring, said before it is done."""

    propositions: list[Proposition]
    carried: int
    ended: int

    @property
    def is_empty(self) -> bool:
        return not (self.propositions or self.carried or self.ended)


def preparation_of(pact: Pact, year: int) -> Preparation:
    """Of the edition of `year` (3 queries)."""
    told = EditionLine.objects.filter(action=OuterRef("pk"), edition__stage__in=[EditionStage.ADOPTED, EditionStage.PUBLISHED])
    said = told.order_by("-edition__year", "-edition__number").values("state")[:1]
    rows = PactAction.objects.filter(pact=pact, entered_year__lte=year).holding().annotate(said=Subquery(said))
    still = sum(row.state in OPEN for row in rows)
    ended = sum(row.state not in OPEN and row.said in [*OPEN, None] for row in rows)  # type: ignore[attr-defined]
    return Preparation(voted_for(pact), still, ended)


def waiting_count(request: HttpRequest) -> int:
    """Updates in preparation or to publish: beside the coordination's entry in the navigation."""
    if not getattr(request.user, "is_coordination", False):
        return 0
    return PactEdition.objects.exclude(stage=EditionStage.PUBLISHED).count()
