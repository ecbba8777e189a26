"""The pacts in the small world of the house tests: published, corrected and not yet published, in preparation."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogue.formats.json import seal
from dialogue.pacts.content import content_of
from dialogue.pacts.models import PactEdition
from dialogue.pacts.stages import Situation
from tests import factories as make
from tests import factories_pacts as pacts


def build(world: Any) -> None:
    """One pact for each territory; `size` of each kind of action in it."""
    for n, territory in enumerate(world.territories):
        pact = pacts.make_pact(territory=territory)
        common = {"theme": world.themes[0], "lead": world.organisations["lead"]}
        published = [pacts.make_action(pact, due_on=date(2017, 9, 1), cost=12_000, **common) for _ in range(world.size)]
        done = [pacts.make_action(pact, state="done", done_on=make.TODAY, **common) for _ in range(world.size)]
        dropped = [
            pacts.make_action(pact, state="dropped", motive="Le terrain est inondable.", **common) for _ in range(world.size)
        ]
        later = {"published_on": None, "entered_year": 2018, "lead_words": "Les communes"}
        coming = [pacts.make_action(pact, **later, **common) for _ in range(world.size)]
        for action in (published[0], coming[0]):
            pacts.tie(action, world.contributions["public"])
            pacts.tie(action, world.contributions["partners"])
        _editions(pact, [*published, *done, *dropped], coming, world.people["coordination"])
        if n == 0:
            world.pacts = {"public": published[0], "coming": coming[0]}


def _editions(pact: Any, known: list[Any], coming: list[Any], by: Any) -> None:
    """2016 and 2017 are published, a correction of 2017 is adopted and not published, 2018 is being prepared."""
    first = pacts.make_edition(pact, year=2016, stage="published", prepared_by=by)
    second = pacts.make_edition(pact, year=2017, stage="published", prepared_by=by)
    correction = pacts.make_edition(
        pact,
        year=2017,
        number=2,
        stage="adopted",
        corrects=second,
        change_note="Une date.",
        resolution_words="Délibération n° 2017-40",
    )
    draft = pacts.make_edition(pact, year=2018, prepared_by=by, figures={"contributions": 12})
    for edition in (first, second, correction):
        for action in known:
            pacts.make_line(edition, action, note="Elle avance.")
    for action in (*known, *coming):
        pacts.make_line(draft, action, situation=Situation.NEW if action in coming else Situation.CARRIED, note="Elle avance.")
    for edition in (first, second, correction):
        content = content_of(edition)
        PactEdition.objects.filter(pk=edition.pk).update(content=content, sha256=seal(content))


def samples(world: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Sample values of the parameters that the addresses of the room have (house/samples.py)."""
    code = world.territories[0].code
    actions = {key: {"number": action.number} for key, action in world.pacts.items()}
    years = {str(year): {"code": code, "year": year} for year in (2017, 2018)}
    tied = world.contributions["public"].number
    moves = ("commencer", "abandonner", "retirer", "inconnu")
    return {
        "pacts:action": actions,
        "pacts:edition": years,
        "pacts:pdf": years,
        "pacts:differences": {
            "two years": {"code": code, "year": 2017, "before": 2016},
            "a correction": {"code": code, "year": 2017, "before": 2017},
        },
        "pacts:link": {key: {"number": world.contributions[key].number} for key in ("qualified", "public")},
        "pacts:edit_action": actions,
        "pacts:detach": {"": actions["public"] | {"contribution": tied}},
        "pacts:move_action": {move: actions["public"] | {"move": move} for move in moves},
        "pacts:draft": years,
        "pacts:preview": years,
        "pacts:adopt": years,
        "pacts:move_edition": {
            **{move: years["2018"] | {"move": move} for move in ("actualiser", "bilan", "renoncer", "inconnu")},
            **{move: years["2017"] | {"move": move} for move in ("publier", "corriger")},
        },
    }
