"""Who may read propositions, opinions and votes (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.assembly.models import FormerResolution, Opinion, Proposition, Resolution
from dialogue.chantiers.models import Chantier
from dialogue.people.stages import Circle

#: Sessions of the assembly are public.
OPEN = {"assembly.assemblysession"}
#: A code of the nomenclature, and the name that goes with it.
MACHINE = {
    f"assembly.{model}.{field}": "of the nomenclature"
    for model in ("resolution", "formerresolution")
    for field in ("matter_code", "matter_name")
}
#: What a corrected vote said is kept for the archives; pages show its outcome, its counts and the motive.
FACTS = ("number", "object", "reason", "prefecture_id", "url")
TEXTS = ("title", "text", "reasons", "expected_effect", "deliverable_title")


def rules(
    chantier: Chantier, *, group: frozenset[str], by_circle: dict[Circle, frozenset[str]], readers: frozenset[str]
) -> Iterator[tuple[Any, Iterable[str], Iterable[str]]]:
    """(row, fields, who may read them)."""
    for proposition in Proposition.objects.filter(chantier=chantier):
        allowed = by_circle[Circle(proposition.circle)] & readers
        yield proposition, TEXTS, allowed
        yield proposition, (("motive",) if proposition.motive else ()), allowed
        for resolution in Resolution.objects.filter(proposition=proposition):
            amended = [name for name in ("adopted_text", "budget_name") if getattr(resolution, name)]
            yield resolution, (*FACTS, *amended), allowed
            for former in FormerResolution.objects.filter(resolution=resolution):
                yield former, ("motive", *FACTS, *amended), allowed
        for opinion in Opinion.objects.filter(proposition=proposition):
            # The services that the world asks have nobody in it.
            yield opinion, ("text",), group | {"secretariat"}
