"""What an edition says, as data: made from the rows, frozen at its adoption, read by page, PDF and comparison.

Content (JSON): `territory`, `code`, `year`, `number`, `introduction`, `report_year`, `report`; `figures` [{words, number}];
`issues` [{theme, statement}]; `actions` [{number, title, text, theme, entered_year, situation, state, motive, lead, cost (euros or
null), starts_on, due_on, done_on (ISO 8601 or ""), note, origin {kind, words, proposition, title, resolution, contributions [numbers]}}];
`adopted_on` (ISO 8601), `resolution` (its number), `resolution_words`, `change_note`: the oldest contents lack these four (`adoption_of`).
It holds nothing personal: contributions are numbers, and only those that everybody may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils import translation

from dialogue.contributions.models import Contribution
from dialogue.pacts.models import ActionContribution, EditionLine, PactAction, PactEdition
from dialogue.pacts.report import figures_of
from dialogue.pacts.stages import Situation
from dialogue.people.stages import Circle
from dialogue.territories.models import Priority

__all__ = ["Adoption", "Content", "adoption_of", "content_of", "grouped", "total_cost"]
Content = dict[str, Any]


def content_of(edition: PactEdition) -> Content:
    """The edition as the rows stand now (4 queries)."""
    territory = edition.pact.territory
    issues = Priority.objects.filter(territory=territory).select_related("theme").order_by("theme__order", "theme__name")
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "territory": territory.name,
            "code": territory.code,
            "year": edition.year,
            "number": edition.number,
            "introduction": edition.introduction,
            "report_year": edition.report_year,
            "report": edition.report,
            "figures": [{"words": words, "number": number} for words, number in figures_of(edition.figures)],
            "issues": [{"theme": row.theme.name, "statement": row.statement} for row in issues],
            "actions": [_action(line) for line in lines_of(edition)],
            "adopted_on": _iso(edition.adopted_on),
            "resolution": edition.resolution.number if edition.resolution else "",
            "resolution_words": edition.resolution_words,
            "change_note": edition.change_note,
        }


@dataclass(frozen=True)
class Adoption:
    """What a frozen edition says of the vote that adopted it; `resolution`: the number of the délibération, or else `words`."""

    on: date | None
    resolution: str
    words: str
    change_note: str


def adoption_of(edition: PactEdition) -> Adoption:
    """As it was frozen: a vote that is corrected later does not change what was adopted."""
    content: Content = edition.content
    if "adopted_on" not in content:
        number = edition.resolution.number if edition.resolution else ""
        return Adoption(edition.adopted_on, number, edition.resolution_words, edition.change_note)
    day = date.fromisoformat(content["adopted_on"]) if content["adopted_on"] else None
    return Adoption(day, content["resolution"], content["resolution_words"], content["change_note"])


def lines_of(edition: PactEdition) -> list[EditionLine]:
    """The lines of an edition with their actions, in the order of their numbers (3 queries)."""
    public = Contribution.objects.published_to(AnonymousUser()).only("pk", "number")
    links = ActionContribution.objects.filter(contribution__in=public).select_related("contribution")
    links = links.only("action_id", "contribution__number").order_by("contribution__number")
    actions = PactAction.objects.select_related("theme", "lead", "proposition__resolution", "proposition__chantier")
    actions = actions.prefetch_related(Prefetch("contribution_links", queryset=links, to_attr="public_links"))
    return list(edition.lines.prefetch_related(Prefetch("action", queryset=actions)).order_by("action__number"))


def _action(line: EditionLine) -> dict[str, Any]:
    action = line.action
    return {
        "number": action.number,
        "title": action.title,
        "text": action.text,
        "theme": action.theme.name,
        "entered_year": action.entered_year,
        "situation": line.situation,
        "state": action.state,
        "motive": action.motive,
        "lead": action.leader,
        "cost": action.cost,
        "starts_on": _iso(action.starts_on),
        "due_on": _iso(action.due_on),
        "done_on": _iso(action.done_on),
        "note": line.note,
        "origin": _origin(action),
    }


def _origin(action: PactAction) -> dict[str, Any]:
    """The proposition is named when everybody may read it; its vote is public then."""
    proposition = action.proposition
    is_public = proposition is not None and proposition.circle == proposition.chantier.circle == Circle.PUBLIC
    resolution = proposition.resolution if proposition is not None and is_public else None
    return {
        "kind": action.origin,
        "words": action.origin_words,
        "proposition": proposition.number if proposition is not None and is_public else None,
        "title": proposition.title if proposition is not None and is_public else "",
        "resolution": resolution.number if resolution else "",
        "contributions": [link.contribution.number for link in action.public_links],  # type: ignore[attr-defined]
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def grouped(content: Content) -> list[tuple[Situation, list[dict[str, Any]]]]:
    """The actions by what became of them since the year before; groups without any are left out."""
    found = [(situation, [row for row in content["actions"] if row["situation"] == situation]) for situation in Situation]
    return [(situation, rows) for situation, rows in found if rows]


def total_cost(content: Content) -> int:
    """Euros foreseen for the actions that the edition holds to be done."""
    running = {Situation.NEW, Situation.CARRIED}
    return sum(row["cost"] or 0 for row in content["actions"] if row["situation"] in running)
