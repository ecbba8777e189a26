"""What the dossier of one contribution shows; its history, told from the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.contributions import hooks
from dialogue.contributions.acts import answers, pairs, sorting
from dialogue.contributions.letters.answers import has_address
from dialogue.contributions.models import Contribution
from dialogue.contributions.pairs import pairs_of, sides_of
from dialogue.contributions.sentences import SENTENCES
from dialogue.contributions.sorting import Frame
from dialogue.contributions.sorting_hold import is_assigned, other_holder
from dialogue.contributions.sorting_pages import guesses_of, places_of
from dialogue.contributions.stages import TO_SORT, Stage
from dialogue.ledger.models import Entry

#: Sentences by act. Rooms above add theirs, since some of their acts happen in the same space.
sentences: dict[str, str | Promise] = dict(SENTENCES)
#: Opened and closed all day long: no event of its life.
NOISE = ("contributions.take_up", "contributions.release")


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    sentence: str
    #: Label of the stage reached, when there is one.
    stage: str


def history_of(contribution: Contribution, reader: Any) -> list[HistoryLine]:
    """What happened to it, latest first."""
    rows = Entry.objects.visible_to(reader).filter(
        Q(space=contribution.ledger_space) | Q(thing_type=contribution._meta.label_lower, thing_id=contribution.pk)
    )
    found = rows.exclude(act__in=NOISE).select_related("by").order_by("-at", "-pk")
    return [
        HistoryLine(
            entry.at,
            _who(entry),
            str(sentences.get(entry.act, _("a modifié la contribution"))),
            str(Stage(entry.stage_to).label) if entry.stage_to in Stage.values else "",
        )
        for entry in found
    ]


def _who(entry: Entry) -> str:
    if entry.actor == Entry.Actor.SYSTEM:
        return _("La plateforme")
    return str(entry.by) if entry.by_id else _("L’auteur, ou un visiteur")


def dossier(
    contribution: Contribution, reader: Any, frame: Frame, *, now: datetime, today: date, at: datetime
) -> dict[str, Any]:
    """Everything, with what may be done at this stage."""
    change = sorting.last_change(contribution)
    obstacles = sorting.undo_sorting.obstacles(contribution, by=reader, now=now) if change else []
    return {
        "part": "sort" if contribution.stage in TO_SORT else "overview",
        "contribution": contribution,
        "history": history_of(contribution, reader),
        "followups": [step for hook in hooks.followups for step in hook(contribution, reader)],
        "guesses": guesses_of(contribution, frame),
        "places": places_of(contribution),
        "pairs": [(pair, sides_of(pair)) for pair in pairs_of(contribution, reader)],
        "merged": list(Contribution.objects.visible_to(reader).filter(merged_into=contribution).order_by("number")),
        "supports": list(contribution.supports.select_related("organisation", "person")),
        "files": list(contribution.attachments.all()),
        "holder": other_holder(contribution, reader, at),
        "is_mine": contribution.held_by_id == reader.pk,
        "is_assigned": is_assigned(contribution, at),
        "is_late": contribution.is_late(today),
        "has_address": has_address(contribution),
        "change": change,
        "change_sentence": str(SENTENCES.get(change.act, "")) if change else "",
        "undo_obstacles": obstacles,
        "offers": {
            "sort": contribution.stage in sorting.READABLE,
            "send": answers.send_answer.offered(reader, contribution),
            "unmerge": pairs.unmerge.offered(reader, contribution),
            "take": sorting.take_up.offered(reader, contribution),
        },
    }
