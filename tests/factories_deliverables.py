"""Plain factories of the room of deliverables (see factories.py)."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.fulltext.stems import stems_of
from dialogue.people.models import Person
from tests.factories import NOW, TODAY, count


def make_result(chantier: Chantier, begun_by: Person, **fields: Any) -> Deliverable:
    """Published to all, with its file, unless `stage` says otherwise."""
    n = next(count)
    fields = {"stage": "published"} | fields
    out = (
        {"circle": "public", "published_at": NOW, "published_on": TODAY} if fields["stage"] in {"published", "superseded"} else {}
    )
    title = fields.get("title", f"Guide {n}")
    return Deliverable.objects.create(
        **{
            "number": n,
            "chantier": chantier,
            "title": title,
            "summary": "Comment ouvrir un point de vente.",
            "stems": stems_of(title),
            "licence": "lo-2.0",
            "access": "text",
            "full_text": "Choisir un lieu.",
            "begun_by": begun_by,
            "begun_at": NOW,
            "changed_at": NOW,
        }
        | out
        | fields
    )


def make_opinion(deliverable: Deliverable, person: Person, **fields: Any) -> Opinion:
    return Opinion.objects.create(
        **{"deliverable": deliverable, "round": deliverable.round, "person": person, "verdict": "agrees", "at": NOW} | fields
    )
