"""From any contribution to the action of a pact, and back, as data: the path that the pages draw (pacts/path.py)."""

# No `from __future__ import annotations`: ninja reads the annotations.
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Schema
from ninja.errors import ValidationError as Invalid
from pydantic import Field as Described

from dialogue.opendata import sets
from dialogue.opendata.api import CODE, FAILING, LARGEST, answered, api
from dialogue.opendata.problems import Problem
from dialogue.opendata.resources import PUBLIC, absolute
from dialogue.pacts import path

#: Resource → the path through one of its items.
PATHS: dict[str, Callable[[Any], path.Path]] = {
    "contributions": lambda row: path.of_contribution(row, PUBLIC),
    "chantiers": lambda row: path.of_chantier(row, PUBLIC),
    "decisions": lambda row: path.of_decision(row, PUBLIC),
    "resultats": lambda row: path.of_deliverable(row, row.chantier, PUBLIC),
    "propositions": lambda row: path.of_proposition(row, PUBLIC),
    "actions-des-pactes": lambda row: path.of_action(row, PUBLIC),
}
Nature = Literal["contributions", "chantiers", "decisions", "resultats", "propositions", "actions-des-pactes"]


class StopOut(Schema):
    titre: str
    adresse: str = Described(description="Sa page sur ce site ; vide quand elle n’en a pas.")
    le: str | None = Described(description="Jour, AAAA-MM-JJ.")
    etat: str
    ici: bool = Described(description="Vrai pour l’élément demandé.")


class LegOut(Schema):
    nature: Literal["contribution", "chantier", "decision", "deliverable", "proposition", "vote", "action"]
    libelle: str
    autres: int = Described(description="Combien d’éléments de plus ne sont pas nommés.")
    elements: list[StopOut]


class PathOut(Schema):
    etapes: list[LegOut] = Described(description="Dans l’ordre, de la contribution à l’action du pacte.")


@api.get(
    "/chemins/{nature}/{cle}/",
    response={200: PathOut, 404: Problem, **FAILING},
    operation_id="lire_chemin",
    summary="Chemin : de la contribution au pacte, à partir de n’importe laquelle de ses étapes",
    description="`nature` et `cle` sont le code d’une ressource et l’identifiant de l’élément dans cette ressource.",
    tags=["Chemins"],
    url_name="item_chemins",
)
def path_of(
    request: HttpRequest, nature: Path[Nature], cle: Path[Annotated[str, Described(pattern=CODE, description="Identifiant.")]]
) -> Any:
    if request.GET:
        raise Invalid([{"loc": (name,), "type": "extra_forbidden"} for name in sorted(request.GET)])
    resource = sets.BY_CODE[nature]
    if resource.key_type is int and not (cle.isdecimal() and int(cle) <= LARGEST):
        raise Http404
    row = resource.one(resource.rows().filter(**{resource.key: cle})).first()
    if row is None:
        raise Http404
    return answered({"etapes": [_leg(leg) for leg in PATHS[nature](row).legs]})


def _leg(leg: path.Leg) -> dict[str, Any]:
    return {
        "nature": leg.kind,
        "libelle": str(leg.label),
        "autres": leg.more,
        "elements": [
            {
                "titre": stop.title,
                "adresse": absolute(stop.url) if stop.url.startswith("/") else stop.url,
                "le": stop.on.isoformat() if stop.on else None,
                "etat": stop.note,
                "ici": stop.here,
            }
            for stop in leg.stops
        ],
    }
