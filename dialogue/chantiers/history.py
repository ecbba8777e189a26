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


#: Whom one follows is nobody else's business: it is no history of the group (the register keeps it).
PRIVATE = ("chantiers.follow", "chantiers.unfollow")
#: Done by people who are not of the group (yet, or ever): their names are for those who answer for the chantier.
OUTSIDERS = ("chantiers.request_to_join", "chantiers.withdraw_request", "chantiers.decline_invitation")


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    sentence: str
    #: Label of the stage reached, when the entry is a turn of the chantier's life.
    stage: str


def entries_of(chantier: Chantier) -> QuerySet[Entry]:
    """What happened in the space of the chantier, latest first (for its members and the coordination)."""
    rows = Entry.objects.filter(space=chantier.ledger_space).exclude(act__in=PRIVATE)
    return rows.select_related("by").order_by("-at", "-pk")


def lines(entries: Iterable[Entry], *, names_outsiders: bool) -> list[HistoryLine]:
    """`names_outsiders`: whether the reader may know who asked to join, or declined (see `OUTSIDERS`)."""
    return [
        HistoryLine(
            entry.at,
            _who(entry, named=names_outsiders or entry.act not in OUTSIDERS),
            str(sentences.get(entry.act, _("a modifié le chantier"))),
            _turn(entry),
        )
        for entry in entries
    ]


def _who(entry: Entry, *, named: bool) -> str:
    if entry.actor == Entry.Actor.SYSTEM:
        return _("La plateforme")
    return str(entry.by) if entry.by_id and named else _("Une personne")


def _turn(entry: Entry) -> str:
    is_turn = entry.thing_type == "chantiers.chantier" and entry.stage_to in Stage.values
    return str(Stage(entry.stage_to).label) if is_turn else ""
