"""Who may read what the pacts say (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.pacts.models import EditionLine, Pact, PactAction, PactEdition

#: Never shown: "model.field" → why.
MACHINE = {
    "pacts.pactedition.sha256": "a hash",
    "pacts.pactedition.figures": "codes and numbers",
}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(everyone: frozenset[str], coordination: frozenset[str]) -> Iterator[Rule]:
    """(row, fields, who may read them): what is published is everybody's, the rest the coordination's."""
    for pact in Pact.objects.all():
        is_out = pact.editions.filter(stage="published").exists()
        yield pact, ("introduction",), everyone if is_out else coordination
    for action in PactAction.objects.all():
        yield action, ("title", "text", "lead_words", "origin_words"), everyone if action.published_on else coordination
        yield action, (("motive",) if action.motive else ()), everyone if action.published_on else coordination
    for edition in PactEdition.objects.all():
        shown = everyone if edition.stage == "published" else coordination
        if edition.stage == "draft":
            yield edition, ("introduction", "report"), shown
        else:
            yield edition, ("content", "resolution_words"), shown
        yield edition, (("change_note",) if edition.number > 1 else ()), shown
    for line in EditionLine.objects.select_related("edition"):
        yield line, ("note",), everyone if line.edition.stage == "published" else coordination
