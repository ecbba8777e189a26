"""What the group's space shows of a chantier, gathered in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers.models import (
    Chantier,
    JoinRequest,
    Member,
    PlannedDeliverable,
    Representative,
    Roadmap,
    WeatherReport,
)
from dialogue.chantiers.models.chantier import ChantierQuerySet
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.ledger.models import Entry


@dataclass(frozen=True)
class StepLine:
    """A step of the adopted roadmap; `days_late` is 0 when it is on time or done."""

    pk: int
    title: str
    due_on: date
    done_on: date | None
    days_late: int


@dataclass(frozen=True)
class DeliverableLine:
    pk: int
    title: str
    due_on: date | None
    published_on: date | None
    given_up: bool
    #: Why the group gave it up; empty otherwise.
    motive: str
    days_late: int
    #: The page that the room of deliverables keeps for this line (see `deliverable_doors`); empty without that room.
    url: str = ""


@dataclass(frozen=True)
class RoadmapShown:
    """The adopted roadmap, with lateness computed on the day of reading."""

    roadmap: Roadmap
    objectives: list[Any]
    deliverables: list[DeliverableLine]
    steps: list[StepLine]

    @property
    def done(self) -> int:
        return sum(1 for step in self.steps if step.done_on)

    @property
    def late(self) -> int:
        return sum(1 for step in self.steps if step.days_late)


@dataclass(frozen=True)
class Turn:
    """A change of stage: the day, the stage left and the stage reached (labels of `Stage`)."""

    at: datetime
    stage_from: str
    stage: str
    label: str


@dataclass(frozen=True)
class Todo:
    """One thing that waits: `kind` is late, soon (within a week), next or draft; `days` late, or left when it is soon; `url`
    of the page that does it. `note`: where it comes from."""

    kind: str
    days: int
    title: str
    due_on: date | None
    url: str
    note: str = ""


@dataclass(frozen=True)
class MeetingLine:
    """A meeting, as told by the room that keeps them (it is above this one, see `meeting_sources`)."""

    number: int
    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    stage: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A block of the space's first page, told by a room above. The template finds `context` as `block`, and nothing else:
    what it needs (URLs, the `today` of lateness, the form's `csrf_token`…) stands in there."""

    template: str
    context: dict[str, Any]
    #: "head" (instead of the next meeting's plain block), "main" (the wide column) or "side"; by `order` in each.
    column: str = "main"
    order: int = 50


#: Rooms above append `(chantier, request) -> Block | None` (docs/adr/0011): documents, discussion, decisions, actions.
blocks: list[Callable[[Chantier, HttpRequest], Block | None]] = []
#: Rooms above append `(chantier, reader, today) -> list[Todo]`: what waits for the reader in this group.
todo_sources: list[Callable[[Chantier, Any, date], list[Todo]]] = []


#: Rooms above append `(roadmap, request) -> Block | None`: what the group says of a version, under it, for who enters the space.
roadmap_blocks: list[Callable[[Roadmap, HttpRequest], Block | None]] = []


#: The room of deliverables, above, appends `(slug of the chantier, line) -> address`: where a line of the roadmap is prepared,
#: published or given up, which is done nowhere else. No query.
deliverable_doors: list[Callable[[str, PlannedDeliverable], str]] = []


def door_of(slug: str, line: PlannedDeliverable) -> str:
    """The page of the group on a line of its roadmap; "" when no room keeps one."""
    return next((door(slug, line) for door in deliverable_doors), "")


def gathered(sources: Iterable[Callable[[Any, HttpRequest], Block | None]], thing: Any, request: HttpRequest) -> list[Block]:
    """What rooms above show of a thing on its page, in order."""
    found = [block for source in sources if (block := source(thing, request)) is not None]
    return sorted(found, key=lambda block: block.order)


def said_of(roadmap: Roadmap, request: HttpRequest) -> list[Block]:
    return gathered(roadmap_blocks, roadmap, request)


def blocks_of(chantier: Chantier, request: HttpRequest) -> list[Block]:
    return gathered(blocks, chantier, request)


#: Rooms above append `(chantier) -> list[MeetingLine]`: the space shows meetings without importing their room.
meeting_sources: list[Callable[[Chantier], list[MeetingLine]]] = []


def meetings_of(chantier: Chantier) -> list[MeetingLine]:
    """Meetings of the group in the order of their dates, cancelled ones included."""
    lines = [line for source in meeting_sources for line in source(chantier)]
    return sorted(lines, key=lambda line: line.starts_at)


def shown(roadmap: Roadmap, today: date, *, with_objectives: bool = True) -> RoadmapShown:
    """`roadmap` with its lateness on `today`; no query when its items were prefetched."""
    return RoadmapShown(
        roadmap=roadmap,
        objectives=list(roadmap.objectives.all()) if with_objectives else [],
        deliverables=[
            DeliverableLine(
                d.pk, d.title, d.due_on, d.published_on, bool(d.abandon_motive), d.abandon_motive,
                (today - d.due_on).days if d.due_on and d.is_late(today) else 0,
                door_of(roadmap.chantier.slug, d) if roadmap.stage != RoadmapStage.DRAFT else "",
            )
            for d in roadmap.deliverables.all()
        ],
        steps=[StepLine(s.pk, s.title, s.due_on, s.done_on, s.days_late(today)) for s in roadmap.steps.all()],
    )


def timeline(chantier: Chantier) -> list[Turn]:
    """The turns of its life, from the ledger, oldest first."""
    entries = Entry.objects.about(chantier).stage_changes()
    rows = entries.values_list("at", "stage_from", "stage_to")
    return [Turn(at, before, after, str(Stage(after).label)) for at, before, after in rows if after in Stage.values]


#: Kinds of `Todo`, most pressing first.
PRESSING = ("late", "soon", "draft", "next")


def what_to_do(chantier: Chantier, reader: Any, roadmap: RoadmapShown | None, today: date) -> list[Todo]:
    """What waits for the group, most pressing first: what is late, what comes within a week, a roadmap to draft, next steps."""
    todo: list[Todo] = []
    url = reverse("chantiers:roadmap", args=[chantier.slug])
    if roadmap:
        todo += [Todo("late", s.days_late, s.title, s.due_on, url) for s in roadmap.steps if s.days_late]
        todo += [Todo("late", d.days_late, d.title, d.due_on, d.url or url) for d in roadmap.deliverables if d.days_late]
        soon = [s for s in roadmap.steps if not s.done_on and not s.days_late]
        todo += [Todo("next", 0, s.title, s.due_on, url) for s in soon[:2]]
    elif chantier.stage in {Stage.OPEN, Stage.LAUNCHED}:
        todo.append(Todo("draft", 0, _("Rédiger ensemble la feuille de route"), None, url))
    todo += [item for source in todo_sources for item in source(chantier, reader, today)]
    return sorted(todo, key=lambda item: (PRESSING.index(item.kind), -item.days if item.kind == "late" else item.days))


@dataclass(frozen=True)
class SpacePage:
    """What the group's space shows on its first page."""

    roadmap: RoadmapShown | None
    draft: Roadmap | None
    todo: list[Todo]
    next_meeting: MeetingLine | None
    meetings: list[MeetingLine]
    weather: WeatherReport | None
    weather_age: int | None
    #: Organisations that the reader speaks for in this group.
    speaks_for: list[str]
    organisations_count: int
    people_count: int
    waiting_requests: int
    head_blocks: list[Block]
    main_blocks: list[Block]
    side_blocks: list[Block]


def for_space(rows: ChantierQuerySet, reader: Any) -> ChantierQuerySet:
    """Adds what the space counts, in the same query: `people_count`, `waiting_requests` (those `reader` may answer), météo."""
    speakers = Representative.objects.active().filter(member__chantier=OuterRef("pk")).order_by().values("member__chantier")
    waiting = JoinRequest.objects.visible_to(reader).waiting().filter(chantier=OuterRef("pk")).order_by().values("chantier")
    return rows.with_weather().annotate(
        people_count=Coalesce(Subquery(speakers.annotate(n=Count("person", distinct=True)).values("n")), 0),
        waiting_requests=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
    )


def load_roadmaps(chantier: Chantier, reader: Any, *items: str) -> list[Roadmap]:
    """The versions that `reader` may read, latest first, kept on the chantier: guards then ask no more queries.

    `items`: "objectives", "deliverables", "steps"; all three when none is named.
    """
    rows = Roadmap.objects.visible_to(reader).select_related("edited_by").order_by("-version")
    rows = rows.prefetch_related(*(items or ("objectives", "deliverables", "steps")))
    prefetch_related_objects([chantier], Prefetch("roadmaps", queryset=rows))
    return list(chantier.roadmaps.all())


def in_stage(roadmaps: list[Roadmap], stage: RoadmapStage) -> Roadmap | None:
    return next((roadmap for roadmap in roadmaps if roadmap.stage == stage), None)


def space_page(chantier: Chantier, request: HttpRequest, today: date, now: datetime) -> SpacePage:
    """Gathers the space in 5 queries, and those of the rooms above. `chantier` must come `for_space`; the reader is a member
    or the coordination."""
    reader = request.user
    roadmaps = load_roadmaps(chantier, reader, "deliverables", "steps")
    adopted = in_stage(roadmaps, RoadmapStage.ADOPTED)
    roadmap = shown(adopted, today, with_objectives=False) if adopted else None
    report = None
    if chantier.weather_now:
        report = WeatherReport(
            chantier=chantier, weather=chantier.weather_now, sentence=chantier.weather_sentence, at=chantier.weather_at
        )
    age = report.age_in_days(today) if report else None
    organisations = list(
        Member.objects.active()
        .filter(chantier=chantier)
        .values_list("organisation__name", "representatives__person_id", "representatives__until")
    )
    meetings = meetings_of(chantier)
    coming = [line for line in meetings if line.ends_at >= now and line.stage != "cancelled"]
    told = blocks_of(chantier, request)
    return SpacePage(
        roadmap=roadmap,
        draft=in_stage(roadmaps, RoadmapStage.DRAFT),
        todo=what_to_do(chantier, reader, roadmap, today),
        next_meeting=coming[0] if coming else None,
        meetings=[line for line in reversed(meetings) if line not in coming[:1]][:5],
        weather=report,
        weather_age=age,
        speaks_for=sorted({name for name, person, until in organisations if person == reader.pk and until is None}),
        organisations_count=len({name for name, _person, _until in organisations}),
        people_count=chantier.people_count,
        waiting_requests=chantier.waiting_requests,
        head_blocks=[block for block in told if block.column == "head"],
        main_blocks=[block for block in told if block.column == "main"],
        side_blocks=[block for block in told if block.column == "side"],
    )


def told(chantier: Chantier) -> int:
    """How many people of the group receive a letter; a confirmation page says it beforehand."""
    if not hasattr(chantier, "people_count"):
        rows = Representative.objects.active().filter(member__chantier=chantier)
        chantier.people_count = rows.values("person").distinct().count()
    return chantier.people_count


def promises_open(chantier: Chantier) -> bool:
    """Whether objective and deliverable may still change: no roadmap was adopted."""
    return not chantier.roadmaps.exclude(stage=RoadmapStage.DRAFT).exists()
