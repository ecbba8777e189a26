"""Plain factories of the pacts, and of a voted proposition for them (see factories.py). They write rows, not through acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.pacts.models import ActionContribution, EditionLine, Pact, PactAction, PactEdition
from dialogue.pacts.stages import Origin, Situation
from dialogue.people.stages import Circle
from tests import factories as make

VOTED_ON = date(2017, 10, 16)


def make_pact(**fields: Any) -> Pact:
    fields["territory"] = fields.get("territory") or make.make_territory()
    return Pact.objects.create(**{"introduction": "Un territoire qui nourrit ses écoles.", "opened_at": make.NOW} | fields)


def make_action(pact: Pact, **fields: Any) -> PactAction:
    """Planned, published, of another origin."""
    n = next(make.count)
    fields["theme"] = fields.get("theme") or make.make_theme()
    return PactAction.objects.create(
        **{
            "pact": pact,
            "number": n,
            "title": f"Action {n}",
            "text": "Ouvrir une cuisine commune.",
            "entered_year": 2017,
            "origin": Origin.OTHER,
            "origin_words": "Un engagement de 2015",
            "published_on": date(2017, 4, 3),
        }
        | fields
    )


def make_edition(pact: Pact, **fields: Any) -> PactEdition:
    """A draft, unless `stage` says otherwise."""
    stage = fields.get("stage", "draft")
    frozen = {"adopted_on": date(2017, 4, 3), "sha256": "0" * 64} if stage != "draft" else {}
    out = {"published_at": make.NOW} if stage == "published" else {}
    texts = {"introduction": "Ce que nous voulons.", "report": "Ce que nous avons fait."}
    common = {"pact": pact, "year": 2017, "prepared_at": make.NOW} | texts
    return PactEdition.objects.create(**common | frozen | out | fields)


def make_line(edition: PactEdition, action: PactAction, **fields: Any) -> EditionLine:
    return EditionLine.objects.create(
        **{"edition": edition, "action": action, "situation": Situation.NEW, "state": action.state} | fields
    )


def tie(action: PactAction, contribution: Any) -> ActionContribution:
    return ActionContribution.objects.create(action=action, contribution=contribution, at=make.NOW)


def make_voted(chantier: Any, **fields: Any) -> Proposition:
    """A public proposition that the assembly adopted on 16 October 2017."""
    n = next(make.count)
    session = AssemblySession.objects.get_or_create(
        date=VOTED_ON, kind="plenary", defaults={"title": "Séance d’octobre", "created_at": make.NOW}
    )[0]
    meeting = make.make_meeting(chantier, number=900 + n % 30_000)
    proposition = Proposition.objects.create(
        **{
            "number": n,
            "chantier": chantier,
            "title": f"Proposition {n}",
            "text": "Financer la cuisine commune.",
            "estimated_cost": 40_000,
            "stage": "tabled",
            "circle": Circle.PUBLIC,
            "adopted_at_meeting": meeting,
            "adopted_by_group_on": date(2017, 9, 4),
            "session": session,
            "created_at": make.NOW,
        }
        | fields
    )
    resolution = Resolution.objects.create(
        proposition=proposition,
        session=session,
        outcome="adopted",
        number=f"2017-{n}",
        date=VOTED_ON,
        matter_code="8.1",
        matter_name="Enseignement",
        object="Cuisine commune",
        recorded_at=make.NOW,
    )
    Proposition.objects.filter(pk=proposition.pk).update(stage="adopted", resolution=resolution)
    return Proposition.objects.select_related("chantier", "resolution").get(pk=proposition.pk)
