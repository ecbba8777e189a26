"""An edition of the year as everybody may read it today: what was frozen, without what was withdrawn from the public since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dialogue.chantiers.still import still_read
from dialogue.evaluation.edition import PUBLIC
from dialogue.evaluation.models import Evaluation, ProcessEdition
from dialogue.evaluation.stages import Verdict
from dialogue.evaluation.table import Row, from_frozen


@dataclass(frozen=True)
class Still:
    """`withdrawn`: how many chantiers of the edition are no longer everybody's. The same for every reader, in every file."""

    rows: list[Row]
    withdrawn: int


def still_public(edition: ProcessEdition) -> Still:
    """An evaluation that became the partners' alone keeps its line, without what it measured (2 queries)."""
    rows = from_frozen(edition.content["rows"])
    seen = still_read(PUBLIC, (row.number for row in rows))
    shown = Evaluation.objects.published_to(PUBLIC).filter(chantier__number__in=seen)
    evaluated = set(shown.order_by().values_list("chantier__number", flat=True))
    kept = [_without_measures(row) if row.is_rated and row.number not in evaluated else row for row in rows if row.number in seen]
    return Still(kept, len(rows) - len(kept))


def _without_measures(row: Row) -> Row:
    nothing = {"delay": None, "asked": None, "answered": None, "agree": None, "version": None}
    return replace(row, verdict=str(Verdict.RESERVED), objectives=[], deliverables=[], **nothing)
