"""Provenance: contribution → chantier → decision → deliverable → proposition → vote → action of a pact, and back.

Each function gives the `Path` through one thing, for one reader: only what they may read is in it. At most 8 queries, whatever the
number of things. Pages draw it (`pacts/_path.html`), the API gives it as data (opendata/api_paths.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers import provenance
from dialogue.chantiers.models import Chantier, ContributionLink, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage
from dialogue.contributions.models import Contribution
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Decision
from dialogue.pacts.models import ActionContribution, PactAction
from dialogue.ui.dates import thousands

#: The stops of a leg that are named; the others are counted.
MOST = 3
#: Rows read to count decisions and deliverables at most.
READ = 200

LEGS: dict[str, tuple[str | Promise, str]] = {
    "contribution": (gettext_lazy("Contributions"), "bulle"),
    "chantier": (gettext_lazy("Chantier"), "drap"),
    "decision": (gettext_lazy("Décisions du groupe"), "marteau"),
    "deliverable": (gettext_lazy("Livrables"), "doc"),
    "proposition": (gettext_lazy("Propositions"), "n5"),
    "vote": (gettext_lazy("Vote de l’assemblée"), "ok"),
    "action": (gettext_lazy("Action du pacte"), "n6"),
}


@dataclass(frozen=True)
class Stop:
    """One thing on the path. `note`: its state in a few words; `here`: the page that shows the path is its own."""

    title: str
    url: str = ""
    on: date | None = None
    note: str = ""
    here: bool = False


@dataclass(frozen=True)
class Leg:
    """The things of one kind; `more` others are not named (`more_url` lists them all)."""

    kind: str
    stops: tuple[Stop, ...]
    more: int = 0
    more_url: str = ""

    @property
    def label(self) -> str | Promise:
        return LEGS[self.kind][0]

    @property
    def icon(self) -> str:
        return LEGS[self.kind][1]

    @property
    def is_here(self) -> bool:
        return any(stop.here for stop in self.stops)


@dataclass(frozen=True)
class Path:
    """From the contributions to the pact; legs without anything to show are left out."""

    legs: tuple[Leg, ...]

    @property
    def leads_somewhere(self) -> bool:
        """Whether there is more to show than the thing itself."""
        return len(self.legs) > 1


def of_contribution(row: Contribution, reader: Any) -> Path:
    """What became of one contribution; one that was grouped follows the one that was kept."""
    keys = [pk for pk in (row.pk, row.merged_into_id) if pk]
    linked = ContributionLink.objects.filter(contribution__in=keys).values("chantier")
    chantiers = list(
        Chantier.objects.visible_to(reader).filter(pk__in=linked).defer("search_text", "reason_text").order_by("number")
    )
    direct = ActionContribution.objects.filter(contribution__in=keys).values("action")
    propositions = _propositions(Q(chantier__in=chantiers), reader)
    actions = _actions(Q(pk__in=direct) | Q(proposition__in=propositions), reader)
    stop = Stop(row.title, row.get_absolute_url(), local_date(row.written_at), here=True)
    return _path(reader, Leg("contribution", (stop,)), chantiers, propositions, actions)


def of_chantier(chantier: Chantier, reader: Any, *, contributions_count: int | None = None) -> Path:
    """What leads to a chantier and what comes of it; `contributions_count`: those that the reader sees, where known (2 queries less)."""
    propositions = _propositions(Q(chantier=chantier), reader)
    actions = _actions(Q(proposition__in=propositions), reader)
    known = contributions_count is not None
    first = _counted(chantier, contributions_count or 0) if known else _taken_up([chantier], (), reader)
    return _path(reader, first, [chantier], propositions, actions, here=chantier)


def of_proposition(proposition: Proposition, reader: Any) -> Path:
    """What led to a proposition, what the assembly said of it, the actions that carry it. The reader may read it."""
    actions = _actions(Q(proposition=proposition), reader)
    chantiers = [proposition.chantier] if proposition.chantier.readable_by(reader) else []
    return _path(reader, _taken_up(chantiers, (), reader), chantiers, [proposition], actions, here=proposition)


def of_decision(decision: Decision, reader: Any) -> Path:
    """What led to a decision and what came of it. The reader may read it."""
    return _within(decision.chantier, Q(decisions=decision), reader, here=decision)


def of_deliverable(item: Any, chantier: Chantier, reader: Any) -> Path:
    """What led to a deliverable (or its line in the roadmap: `item.key` is the same) and what came of it. The reader may read it."""
    which = Q(chantier=chantier) & (Q(deliverable_key=item.key) | Q(deliverable_key=None))
    return _within(chantier, which, reader, here=item)


def of_action(action: PactAction, reader: Any) -> Path:
    """Back from an action to all that led to it."""
    propositions = _propositions(Q(pk=action.proposition_id), reader) if action.proposition_id else []
    keys = [row.chantier_id for row in propositions]
    chantiers = list(Chantier.objects.visible_to(reader).filter(pk__in=keys).defer("search_text", "reason_text")) if keys else []
    direct = ActionContribution.objects.filter(action=action).values_list("contribution_id", flat=True)
    first = _taken_up(chantiers, direct, reader)
    return _path(reader, first, chantiers, propositions, [action], here=action)


def _within(chantier: Chantier, which: Q, reader: Any, *, here: Any) -> Path:
    propositions = _propositions(which, reader)
    actions = _actions(Q(proposition__in=propositions), reader)
    chantiers = [chantier] if chantier.readable_by(reader) else []
    return _path(reader, _taken_up(chantiers, (), reader), chantiers, propositions, actions, here=here)


# What is read -----------------------------------------------------------------------------------------------------------


def _propositions(which: Q, reader: Any) -> list[Proposition]:
    """Those on their way to the assembly or beyond; what a group is still drafting is no step of a path, nor what it withdrew."""
    rows = Proposition.objects.visible_to(reader).filter(which)
    rows = rows.exclude(stage__in=[PropositionStage.DRAFTING, PropositionStage.WITHDRAWN]).distinct()
    return list(rows.select_related("resolution", "chantier").order_by("number"))


def _actions(which: Q, reader: Any) -> list[PactAction]:
    return list(PactAction.objects.visible_to(reader).filter(which).select_related("pact__territory").order_by("number"))


def _taken_up(chantiers: list[Chantier], direct: Iterable[int], reader: Any) -> Leg:
    """The contributions that these chantiers take up, and those tied to an action itself, as far as the reader may read them."""
    keys = [row.pk for row in chantiers]
    linked = ContributionLink.objects.filter(contribution=OuterRef("pk"), chantier__in=keys)
    rows = Contribution.objects.published_to(reader).filter(Q(pk__in=direct) | Exists(linked))
    count = rows.count()
    named = list(rows.order_by("number").only("number", "title", "written_at")[:MOST])
    stops = tuple(Stop(row.title, row.get_absolute_url(), local_date(row.written_at)) for row in named)
    return Leg("contribution", stops, max(0, count - len(stops)), _list_url(chantiers[0]) if chantiers else "")


def _list_url(chantier: Chantier) -> str:
    return f"{reverse('portal:contributions')}?chantier={chantier.slug}#liste"


def _counted(chantier: Chantier, count: int) -> Leg:
    if not count:
        return Leg("contribution", ())
    words = ngettext("%(n)s contribution", "%(n)s contributions", count) % {"n": thousands(count)}
    return Leg("contribution", (Stop(words, _list_url(chantier)),))


def _decisions(chantiers: list[Chantier], propositions: list[Proposition], reader: Any, here: Any) -> Leg:
    """Those that the propositions were drafted from; else how many there are."""
    source = Proposition.decisions.through.objects.filter(
        decision=OuterRef("pk"), proposition__in=[row.pk for row in propositions]
    )
    rows: QuerySet[Decision] = Decision.objects.visible_to(reader).filter(chantier__in=[row.pk for row in chantiers])
    rows = (
        rows.annotate(is_source=Exists(source)).select_related("meeting", "chantier").order_by("-is_source", "chantier", "number")
    )
    found = list(rows[:READ])
    shown = [row for row in found if row.is_source or row == here]  # type: ignore[attr-defined]
    if shown:
        # The one of the page first, so that it is named whatever the others.
        shown.sort(key=lambda row: row != here)
        stops = tuple(
            Stop(f"{row.label} : {row.text}", row.get_absolute_url(), _held_on(row), here=row == here) for row in shown[:MOST]
        )
        return Leg("decision", stops, len(shown) - len(stops))
    if not found or len(chantiers) != 1:
        return Leg("decision", ())
    words = ngettext("%(n)d décision publiée ou lisible", "%(n)d décisions publiées ou lisibles", len(found)) % {"n": len(found)}
    return Leg("decision", (Stop(words, f"{chantiers[0].get_absolute_url()}#comptes-rendus"),))


def _held_on(row: Decision) -> date | None:
    return local_date(row.meeting.starts_at) if row.meeting.starts_at else None


def _deliverables(chantiers: list[Chantier], reader: Any, here: Any) -> Leg:
    """What the groups published: as the room of deliverables tells it, then the lines of the roadmaps that it does not know."""
    pages = {row.pk: row.get_absolute_url() for row in chantiers}
    results = [result for source in provenance.result_sources for result in source(chantiers, reader)]
    known = {(result.chantier_id, result.key) for result in results}
    key = getattr(here, "key", None)
    stops = [Stop(result.title, result.url, result.on, here=key is not None and result.key == key) for result in results]
    inside = Roadmap.objects.visible_to(reader).filter(stage=RoadmapStage.ADOPTED, chantier__in=list(pages))
    rows = PlannedDeliverable.objects.filter(roadmap__in=inside, published_on__isnull=False).select_related("roadmap")
    stops += [
        Stop(row.title, pages[row.roadmap.chantier_id], row.published_on, here=row == here)
        for row in rows.order_by("published_on", "pk")[:READ]
        if (row.roadmap.chantier_id, row.key) not in known
    ]
    return _leg("deliverable", stops)


def _path(
    reader: Any,
    first: Leg,
    chantiers: list[Chantier],
    propositions: list[Proposition],
    actions: list[PactAction],
    *,
    here: Any = None,
) -> Path:
    """The legs in order, the empty ones left out (2 queries)."""
    legs = [
        first,
        _leg(
            "chantier",
            [Stop(c.title, c.get_absolute_url(), c.opened_on, str(c.shown_state.label), here=c == here) for c in chantiers],
        ),
        *((_decisions(chantiers, propositions, reader, here), _deliverables(chantiers, reader, here)) if chantiers else ()),
        _leg(
            "proposition",
            [
                Stop(p.title, p.get_absolute_url(), p.adopted_by_group_on, str(p.get_stage_display()), here=p == here)
                for p in propositions
            ],
        ),
        _leg("vote", [_vote(p) for p in propositions if p.resolution is not None]),
        _leg("action", [_action(row, here=row == here) for row in actions]),
    ]
    return Path(tuple(leg for leg in legs if leg.stops))


def _leg(kind: str, stops: list[Stop]) -> Leg:
    stops.sort(key=lambda stop: not stop.here)
    return Leg(kind, tuple(stops[:MOST]), max(0, len(stops) - MOST))


def _vote(proposition: Proposition) -> Stop:
    """The délibération that settled it; a vote is read with its proposition."""
    resolution = proposition.resolution
    assert resolution is not None  # noqa: S101  asked by the caller
    title = _("Délibération n° %(number)s") % {"number": resolution.number}
    return Stop(title, resolution.url or proposition.get_absolute_url(), resolution.date, str(resolution.get_outcome_display()))


def _action(row: PactAction, *, here: bool) -> Stop:
    note = _("%(state)s, pacte %(year)d, %(territory)s") % {
        "state": row.get_state_display(), "year": row.entered_year, "territory": row.pact.territory.short_name,
    }  # fmt: skip
    return Stop(row.title, row.get_absolute_url(), row.published_on, note, here=here)
