"""Who may read what was gathered for the carnet (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.logbook.models import Chapter, Edition, GovernanceFigure, LogbookEntry
from dialogue.logbook.stages import OUT

#: Never shown: "model.field" → why.
MACHINE = {
    "logbook.logbookentry.widths": "numbers",
    "logbook.logbookentry.sound": "the format of a file",
    "logbook.edition.sha256": "a hash, of which the pages show the beginning",
}
OPEN = {"logbook.edition.slug"}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(
    groups: dict[int, frozenset[str]], team: frozenset[str], everyone: frozenset[str], names: dict[int, str]
) -> Iterator[Rule]:
    """(row, fields, who may read them). `groups`: chantier → its group and the coordination; `names`: person → visitor, who
    takes away what they wrote."""
    for entry in LogbookEntry.objects.all():
        readers = (groups[entry.chantier_id] if entry.chantier_id else team) | ({names[entry.by_id]} if entry.by_id in names else set())
        # The words of what is published are frozen in the edition, planted apart; the row stays the group's.
        fields = ["text", "credit", "place", "consent_by"]
        fields += {"photo": ["alternative"], "sound": ["transcript"], "figure": ["figure"]}.get(entry.kind, [])
        fields += ["answer"] if entry.answer else []
        yield entry, fields, readers
    for edition in Edition.objects.all():
        is_out = edition.stage in OUT
        fields = ("content",) if is_out else ("title", "period", "editorial", "colophon", "figures_title")
        yield edition, fields, everyone if is_out else team
        if edition.replaces_id:
            yield edition, ("change_note",), everyone if is_out else team
        if is_out:
            continue
        for chapter in Chapter.objects.filter(edition=edition):
            yield chapter, ("title", "place", "period", "introduction"), team
        for figure in GovernanceFigure.objects.filter(edition=edition):
            yield figure, ("value", "title", "source"), team
