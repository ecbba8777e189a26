"""The history of a chantier: its entries in the ledger, told as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.sentences import SENTENCES
from dialogue.chantiers.stages import Stage
from dialogue.ledger.models import Entry

#: Sentences by act. Rooms above add theirs (`sentences.update(...)`), since their acts happen in the same space.
sentences: dict[str, str | Promise] = dict(SENTENCES)


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    sentence: str
    #: Label of the stage reached, when the entry is a turn of the chantier's life.
    stage: str


def entries_of(chantier: Chantier) -> QuerySet[Entry]:
    """What happened in the space of the chantier, latest first (for its members and the coordination)."""
    return Entry.objects.filter(space=chantier.ledger_space).select_related("by").order_by("-at", "-pk")


def lines(entries: Iterable[Entry]) -> list[HistoryLine]:
    return [
        HistoryLine(
            entry.at,
            str(entry.by) if entry.by_id else _("La plateforme") if entry.actor == Entry.Actor.SYSTEM else _("Une personne"),
            str(sentences.get(entry.act, _("a modifié le chantier"))),
            _turn(entry),
        )
        for entry in entries
    ]


def _turn(entry: Entry) -> str:
    is_turn = entry.thing_type == "chantiers.chantier" and entry.stage_to in Stage.values
    return str(Stage(entry.stage_to).label) if is_turn else ""
