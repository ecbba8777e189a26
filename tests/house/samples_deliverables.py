"""Sample values of the addresses of deliverables (see samples.py)."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.deliverables.models import Deliverable

Values = dict[str, dict[str, Any]]
#: One result of each kind.
RESULTS = {
    "group": {"stage": "submitted"},
    "partners": {"stage": "published", "circle": "partners"},
    "former": {"stage": "superseded"},
    "public": {"stage": "published", "circle": "public"},
}


def _first(rows: Any, **where: str) -> Deliverable:
    return rows.filter(**where).order_by("number").first()


def samples(world: Any) -> dict[str, Values]:
    """The results, by their number alone."""
    found = {}
    for key in ("ours", "theirs-partners"):
        rows = Deliverable.objects.filter(chantier=world.chantiers[key])
        for name, where in RESULTS.items():
            found[f"{name} of {key}"] = {"number": _first(rows, **where).number}
    files = {
        f"{what} {label}": values | {"what": what}
        for label, values in found.items()
        for what in ("fichier", "version-accessible")
    }
    unknown = {"unknown": next(iter(found.values())) | {"what": "inconnu"}}
    return {"deliverables:result": found, "deliverables:file": files | unknown}


def within(chantier: Chantier) -> dict[str, Values]:
    """What comes after a chantier's slug: one of each stage, and a line that nobody has begun."""
    rows = Deliverable.objects.filter(chantier=chantier)
    if not rows.exists():
        return {}
    line = chantier.roadmaps.get(version=1).deliverables.order_by("pk").first()
    stages = {"working": "in_progress", "submitted": "submitted", "validated": "validated", "given up": "abandoned"}
    keys = {label: {"key": _first(rows, stage=stage).key} for label, stage in stages.items()}
    keys["out"] = {"key": _first(rows, **RESULTS["public"]).key}
    planned = {"planned": {"key": line.key}}

    def one(label: str) -> Values:
        return {label: keys[label]}

    return {
        "deliverables:deliverable": keys | planned,
        "deliverables:start": planned,
        "deliverables:give_up": one("working") | planned,
        "deliverables:publish": one("validated"),
        "deliverables:circle": one("out"),
        "deliverables:ask_change": one("submitted"),
        **dict.fromkeys([f"deliverables:{name}" for name in ("words", "attach", "submit", "meeting", "drop_version")], one("working")),
        "deliverables:attach_accessible": one("working") | one("submitted") | one("out"),
        "deliverables:move": {code: keys["submitted"] | {"code": code} for code in ("accord", "valider", "inconnu")},
    }
