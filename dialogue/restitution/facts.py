"""What the platform knows of chantiers on a day, as data: what anybody may read, and what partners read besides. Whatever the
number of chantiers, the same number of queries.

Facts (JSON), dates in ISO 8601: `number`, `slug`, `title`, `theme`, `territories` [names], `objective`, `deliverable`,
`deliverable_due_on`, `state` (code of ShownState), `motive` (of a pause or an end), `is_joinable`, `organisations`, `meetings`
{held, last_on, next_on}, `tabled_on`, `in_pact_on`, `no_follow_up_on`; `roadmap` {version, adopted_on, objectives [titles], steps
[{title, due_on, done_on}], deliverables [{title, due_on, published_on, given_up}]}; `decisions` [{number, text, on}]; `blocks`
[{title, lines [{text, url}]}] of other rooms; `weather` {weather, on, sentence}. No lateness: it is computed by the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from dialogue.chantiers.models import Chantier, Member, Roadmap
from dialogue.chantiers.stages import JOINABLE, RoadmapStage, Stage
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Decision, Meeting
from dialogue.meetings.stages import PAST, DecisionState, MeetingStage
from dialogue.people.circles import Glance
from dialogue.people.stages import Circle
from dialogue.territories.models import Territory

Facts = dict[str, Any]
#: How many decisions are proposed of each chantier, the last ones.
DECISIONS = 3
#: Decisions that still say something.
IN_FORCE = (DecisionState.STANDING, DecisionState.APPLIED)
ANYBODY, A_PARTNER = Glance(), Glance(is_partner=True)
#: Blocks of other rooms: `(chantiers, reader) -> {chantier's pk: [{"title", "lines": [{"text", "url"}]}]}`, what `reader` may read
#: of them. Asked twice: as the public, and as a partner. In a constant number of queries.
sources: list[Callable[[list[Chantier], Any], dict[int, list[dict[str, Any]]]]] = []


def chantiers_in(territories: Iterable[Territory]) -> list[Chantier]:
    """Those that partners may know of, but the archived ones; with theme, territories and météo (2 queries)."""
    rows = Chantier.objects.visible_to(A_PARTNER).filter(territories__in=list(territories)).exclude(stage=Stage.ARCHIVED)
    return list(rows.distinct().with_weather().for_list())


def gather(chantiers: list[Chantier], *, now: datetime) -> dict[int, tuple[Facts, Facts]]:
    """chantier's pk → (what anybody may read, what partners read besides). Of a chantier of the partners' circle, nothing is
    public: the first is empty and the second whole."""
    pks = [chantier.pk for chantier in chantiers]
    rows = Roadmap.objects.visible_to(A_PARTNER).filter(chantier__in=pks, stage=RoadmapStage.ADOPTED).with_items()
    roadmaps = {roadmap.chantier_id: roadmap for roadmap in rows}
    meetings, members, decisions = _meetings(pks, now), _members(pks), _decisions(pks)
    told = {reader: _blocks(chantiers, reader) for reader in (ANYBODY, A_PARTNER)}
    found = {}
    for chantier in chantiers:
        pk = chantier.pk
        base = _base(chantier, members.get(pk, 0), meetings.get(pk, {}))
        roadmap = roadmaps.get(pk)
        shown = {"roadmap": _roadmap(roadmap)} if roadmap else {}
        for_all, for_partners = decisions.get(pk, ([], []))
        weather = {"weather": _weather(chantier)} if chantier.weather_now else {}
        public_blocks = told[ANYBODY].get(pk, [])
        if chantier.circle != Circle.PUBLIC:
            lists = {"decisions": for_all + for_partners, "blocks": told[A_PARTNER].get(pk, [])}
            found[pk] = ({}, base | shown | weather | lists)
            continue
        is_open = roadmap is not None and roadmap.circle == Circle.PUBLIC
        data = base | (shown if is_open else {}) | {"decisions": for_all, "blocks": public_blocks}
        other_blocks = _beyond(told[A_PARTNER].get(pk, []), public_blocks)
        besides: Facts = weather | ({} if is_open else shown) | {"decisions": for_partners, "blocks": other_blocks}
        found[pk] = (data, {key: value for key, value in besides.items() if value})
    return found


def _beyond(blocks: list[Facts], known: list[Facts]) -> list[Facts]:
    """The lines of `blocks` that `known` does not say; blocks that say nothing more are left out."""
    said = [(block["title"], line) for block in known for line in block["lines"]]
    left = [block | {"lines": [line for line in block["lines"] if (block["title"], line) not in said]} for block in blocks]
    return [block for block in left if block["lines"]]


def _iso(day: date | datetime | None) -> str:
    if day is None:
        return ""
    return (local_date(day) if isinstance(day, datetime) else day).isoformat()


def _base(chantier: Chantier, organisations: int, meetings: Facts) -> Facts:
    stage = Stage(chantier.stage)
    return {
        "number": chantier.number,
        "slug": chantier.slug,
        "title": chantier.title,
        "theme": chantier.theme.name,
        "territories": [territory.name for territory in chantier.territories.all()],
        "objective": chantier.objective,
        "deliverable": chantier.deliverable,
        "deliverable_due_on": _iso(chantier.deliverable_due_on),
        "state": chantier.shown_state.code,
        "motive": chantier.motive if stage in {Stage.SUSPENDED, Stage.ABANDONED} else "",
        "is_joinable": stage in JOINABLE,
        "organisations": organisations,
        "meetings": {"held": 0, "last_on": "", "next_on": ""} | meetings,
        "tabled_on": _iso(chantier.tabled_on),
        "in_pact_on": _iso(chantier.in_pact_on),
        "no_follow_up_on": _iso(chantier.no_follow_up_on),
    }


def _roadmap(roadmap: Roadmap) -> Facts:
    return {
        "version": roadmap.version,
        "adopted_on": _iso(roadmap.adopted_on),
        "objectives": [objective.title for objective in roadmap.objectives.all()],
        "steps": [{"title": s.title, "due_on": _iso(s.due_on), "done_on": _iso(s.done_on)} for s in roadmap.steps.all()],
        "deliverables": [
            {
                "title": d.title,
                "due_on": _iso(d.due_on),
                "published_on": _iso(d.published_on),
                "given_up": d.abandon_motive,
            }
            for d in roadmap.deliverables.all()
        ],
    }


def _weather(chantier: Chantier) -> Facts:
    """Partners' own (product.md): the officer's frank word."""
    return {"weather": chantier.weather_now, "on": _iso(chantier.weather_at), "sentence": chantier.weather_sentence}


def _meetings(pks: list[int], now: datetime) -> dict[int, Facts]:
    """How many were held, the last, the next one convened (1 query; dates are public with the chantier)."""
    rows = Meeting.objects.visible_to(A_PARTNER).filter(chantier__in=pks).order_by().values_list("chantier")
    held, coming = Q(stage__in=PAST), Q(stage=MeetingStage.CONVENED, starts_at__gte=now)
    counted = rows.annotate(n=Count("pk", filter=held), last=Max("starts_at", filter=held), next=Min("starts_at", filter=coming))
    return {pk: {"held": n, "last_on": _iso(last), "next_on": _iso(following)} for pk, n, last, following in counted}


def _members(pks: list[int]) -> dict[int, int]:
    """Organisations that take part (1 query; their list is public with the chantier)."""
    rows = Member.objects.visible_to(A_PARTNER).active().filter(chantier__in=pks).order_by()
    return dict(rows.values_list("chantier").annotate(n=Count("organisation", distinct=True)))


def _decisions(pks: list[int]) -> dict[int, tuple[list[Facts], list[Facts]]]:
    """chantier → (decisions of minutes published to all, those of minutes published to partners), the last ones (1 query)."""
    rows = Decision.objects.visible_to(A_PARTNER).filter(chantier__in=pks, state__in=IN_FORCE)
    told = rows.order_by("chantier", "-number").values_list(
        "chantier", "number", "text", "meeting__starts_at", "meeting__minutes__circle"
    )
    found: dict[int, tuple[list[Facts], list[Facts]]] = {}
    for pk, number, text, at, circle in told:
        lists = found.setdefault(pk, ([], []))
        if len(lists[0]) + len(lists[1]) < DECISIONS:
            lists[0 if circle == Circle.PUBLIC else 1].insert(0, {"number": number, "text": text, "on": _iso(at)})
    return found


def _blocks(chantiers: list[Chantier], reader: Any) -> dict[int, list[Facts]]:
    found: dict[int, list[Facts]] = {}
    for source in sources:
        for pk, blocks in source(chantiers, reader).items():
            found.setdefault(pk, []).extend(blocks)
    return found
