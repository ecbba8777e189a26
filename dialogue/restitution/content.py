"""What a progress point, or the conference, says once frozen: made from the rows, read by page, PDF, slides and comparison.

Content (JSON) of a point: `kind`, `series`, `territory` {code, name}, `on` (the day, when everybody may know it), `introduction`,
`conclusion`, `entries` [{order, facts (facts.py), as_of, done, left, asked, call}]. `reserved`, what partners read besides: `extras`
{number: facts} of the same entries, `entries` of the chantiers of the partners' circle.

Content of a conference: `series`, `on`, `introduction`, `conclusion`, `figures`, `territories` [{version, made_at, content of the
point}]; `reserved`: `territories` {code: reserved of the point}. `figures`: `states` [[code, n]], `chantiers`, `meetings`,
`organisations`, `contributions`, `deliverables`, `tabled`, `in_pact`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, ContributionLink, Member, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage, ShownState
from dialogue.formats.json import seal
from dialogue.ledger.clock import local_date
from dialogue.meetings.content import Difference, words_changed
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import PAST
from dialogue.restitution import gatherings
from dialogue.restitution.facts import ANYBODY
from dialogue.restitution.models import PointLine, PointVersion, ProgressPoint
from dialogue.territories.stages import Precision

Content = dict[str, Any]


def of_point(point: ProgressPoint, lines: Iterable[PointLine]) -> tuple[Content, Content]:
    """(what everybody reads, what partners read besides), as the rows stand now (1 query, and the lines)."""
    day = gatherings.one(ANYBODY, point.gathering.slug).date_in(point.territory_id)
    entries, extras, others = [], {}, []
    for line in lines:
        if line.left_out:
            continue
        if line.is_public:
            entries.append(_entry(line, line.data))
            extras[str(line.data["number"])] = _shown(line, line.reserved)
        else:
            others.append(_entry(line, line.reserved))
    content = {
        "kind": point.kind,
        "series": point.series,
        "territory": {"code": point.territory.code, "name": point.territory.name},
        "on": day.starts_on.isoformat() if day and day.precision != Precision.MONTH else "",
        "introduction": point.introduction,
        "conclusion": point.conclusion,
        "entries": entries,
    }
    return content, {"extras": {number: facts for number, facts in extras.items() if facts}, "entries": others}


def _entry(line: PointLine, facts: Content) -> Content:
    return {
        "order": line.order,
        "facts": _shown(line, facts),
        "as_of": local_date(line.gathered_at).isoformat(),
        "done": line.done,
        "left": line.left,
        "asked": line.asked,
        "call": line.call if line.calls_partners and facts.get("is_joinable") else "",
    }


def _shown(line: PointLine, facts: Content) -> Content:
    """Without the decisions that the coordination chose not to show."""
    if "decisions" not in facts:
        return facts
    return facts | {"decisions": [d for d in facts["decisions"] if d["number"] not in line.hidden_decisions]}



def seals(content: Content, reserved: Content) -> tuple[str, str]:
    """(of what everybody reads, of what partners read)."""
    return seal(content), seal({"content": content, "reserved": reserved})


def whole(content: Content, reserved: Content | None) -> list[Content]:
    """The entries in their order; with what partners read besides when `reserved` is given."""
    entries = list(content["entries"])
    if reserved is not None:
        extras = reserved.get("extras", {})
        entries = [{**e, "facts": _joined(e["facts"], extras.get(str(e["facts"]["number"]), {}))} for e in entries]
        entries += [{**e, "is_reserved": True} for e in reserved.get("entries", [])]
    return sorted(entries, key=lambda entry: entry["order"])


def _joined(facts: Content, besides: Content) -> Content:
    lists = {key: [*facts.get(key, []), *besides.get(key, [])] for key in ("decisions", "blocks")}
    lists["decisions"].sort(key=lambda decision: decision["number"])
    # The day on which a thing was learnt, and by whom, goes with it.
    return {**facts, **besides, **lists, "besides": sorted(besides)}


# The conference ------------------------------------------------------------------------------------------------------


def latest_points(versions: Iterable[PointVersion]) -> list[PointVersion]:
    """Of each territory the version published last, in the order of the territories."""
    newest: dict[int, PointVersion] = {}
    for version in versions:
        known = newest.get(version.point.territory_id)
        if known is None or (version.published_at, version.number) > (known.published_at, known.number):
            newest[version.point.territory_id] = version
    return sorted(newest.values(), key=lambda version: (version.point.territory.order, version.point.territory.name))


def of_conference(conference: Any, versions: Iterable[PointVersion]) -> tuple[Content, Content]:
    """(what everybody reads, what partners read besides): the points as published (1 query, and the versions)."""
    day = gatherings.one(ANYBODY, conference.gathering.slug).date_in(None)
    chosen = latest_points(versions)
    content = {
        "series": conference.series,
        "on": day.starts_on.isoformat() if day and day.precision != Precision.MONTH else "",
        "introduction": conference.introduction,
        "conclusion": conference.conclusion,
        "figures": conference.figures,
        "territories": [
            {"version": v.number, "made_at": local_date(v.made_at).isoformat(), "content": v.content} for v in chosen
        ],
    }
    return content, {"territories": {v.content["territory"]["code"]: v.reserved for v in chosen}}


def figures() -> Content:
    """The whole in numbers, of what anybody may read (7 queries)."""
    chantiers = list(Chantier.objects.visible_to(ANYBODY).only("stage", "tabled_on", "in_pact_on", "opened_on", "suspended_from"))
    states = [chantier.shown_state for chantier in chantiers]
    mine = {"chantier__in": [chantier.pk for chantier in chantiers]}
    promised = PlannedDeliverable.objects.filter(
        roadmap__stage=RoadmapStage.ADOPTED, roadmap__chantier__in=mine["chantier__in"], published_on__isnull=False
    )
    return {
        "chantiers": len(chantiers),
        "states": [[state.code, states.count(state)] for state in ShownState if state in states],
        "meetings": Meeting.objects.visible_to(ANYBODY).filter(stage__in=PAST).count(),
        "organisations": Member.objects.visible_to(ANYBODY).active().values("organisation").distinct().count(),
        "contributions": ContributionLink.objects.visible_to(ANYBODY).count(),
        "deliverables": promised.count(),
        "tabled": sum(1 for chantier in chantiers if chantier.tabled_on),
        "in_pact": sum(1 for chantier in chantiers if chantier.in_pact_on),
    }


# Differences ---------------------------------------------------------------------------------------------------------


def changed(before: tuple[Content, Content], after: tuple[Content, Content]) -> list[str]:
    """What the data of a chantier say that they did not when they were gathered, in words."""
    old, new = _joined(*before) if before[0] else before[1], _joined(*after) if after[0] else after[1]
    names = {
        "state": _("l’état du chantier"),
        "weather": _("la météo"),
        "roadmap": _("la feuille de route, ses étapes ou ses livrables"),
        "meetings": _("les séances"),
        "decisions": _("les décisions"),
        "objective": _("l’objectif"),
        "deliverable": _("le livrable attendu"),
        "deliverable_due_on": _("la date du livrable"),
        "tabled_on": _("les propositions"),
        "in_pact_on": _("les propositions"),
        "no_follow_up_on": _("les propositions"),
        "organisations": _("le nombre d’organismes"),
        "motive": _("le motif de la pause"),
        "is_joinable": _("la possibilité de rejoindre le groupe"),
        "title": _("le titre"),
        "blocks": _("les résultats"),
    }
    found = [name for key, name in names.items() if old.get(key) != new.get(key)]
    if bool(before[0]) != bool(after[0]):
        found.append(_("qui peut lire le chantier"))
    return list(dict.fromkeys(found))


def differences(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[Difference]:
    """What changed from one version to the next, part by part (see `reading.parts`)."""
    old, new = dict(before), dict(after)
    titles = dict.fromkeys([*new, *old])
    return [
        Difference(title, words_changed(old.get(title, ""), new.get(title, "")))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    ]


def day_of(moment: datetime) -> str:
    """The day of a moment, as contents write it."""
    return local_date(moment).isoformat()
