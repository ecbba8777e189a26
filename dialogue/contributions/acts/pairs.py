"""Two contributions that resemble each other: a person says what they are to each other. Merged ones keep their authors."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.contributions.acts.sorting import _to_compare_again
from dialogue.contributions.acts.sorting_change import change, not_held_by_another
from dialogue.contributions.letters import answers as letters
from dialogue.contributions.models import Contribution, Pair, SortingChange, Support
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.stages import STANDING, Stage, Verdict
from dialogue.ledger.acts import Refused, act

MERGEABLE = [Stage.RECEIVED, Stage.ADMISSIBLE, Stage.TO_COMPLETE, Stage.QUALIFIED]


def is_older(one: Contribution, other: Contribution) -> bool:
    """The order in which contributions are merged: always into the older, so that no two are merged into each other."""
    return (one.written_at, one.number) < (other.written_at, other.number)


def root_of(contribution: Contribution) -> Contribution:
    """The one that stands for it."""
    while contribution.merged_into_id and contribution.merged_into is not None:
        contribution = contribution.merged_into
    return contribution


@act("contributions.merge", come_from=MERGEABLE, guards=[not_held_by_another], record=("into",))
def merge(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    into: Contribution,
    group: uuid.UUID | None = None,
) -> None:
    """The same demand as the older `into`, which stands for both. Both authors are kept, and told; supports move over."""
    into = Contribution.objects.select_for_update(of=("self",)).select_related("merged_into", "person").get(pk=root_of(into).pk)
    if not is_older(into, contribution):
        raise Refused(_("On regroupe dans la contribution la plus ancienne."))
    if into.stage not in STANDING:
        raise Refused(_("La contribution n° %(n)d ne peut plus en accueillir d’autres.") % {"n": into.number})
    also: dict[str, Any] = {"supports": _move_supports(contribution, into)}
    made = change(
        contribution,
        "contributions.merge",
        by=by,
        now=now,
        group=group,
        letter="merged",
        also=also,
        stage=Stage.MERGED,
        merged_into=into,
    )
    letters.tell("merged", contribution, now=now, dedupe=made.letter, other=into.number)
    if into.author_key != contribution.author_key:
        # Once a day: of a mass mailing, its first author hears once.
        letters.tell("joined", into, now=now, dedupe=f"joined-{now:%Y-%m-%d}")


def _move_supports(contribution: Contribution, into: Contribution) -> list[int]:
    """Those who supported one support the other; whoever already did stays where they were. Returns what moved."""
    known = Support.objects.filter(contribution=into).values_list("author_key", flat=True)
    moving = list(contribution.supports.exclude(author_key__in=list(known)).values_list("pk", flat=True))
    Support.objects.filter(pk__in=moving).update(contribution=into)
    return moving


@act("contributions.unmerge", come_from=[Stage.MERGED], guards=[not_held_by_another])
def unmerge(contribution: Contribution, *, by: Any, now: datetime) -> bool:
    """It stands alone again, as before; whoever was told hears of it. Returns whether a letter leaves."""
    made = SortingChange.objects.filter(contribution=contribution, act="contributions.merge", undone_at=None).first()
    other = root_of(contribution)
    stage = made.before["stage"] if made else Stage.RECEIVED
    was_told = made is None or letters.has_left(contribution, made.letter)
    done = change(
        contribution,
        "contributions.unmerge",
        by=by,
        now=now,
        letter="unmerged" if was_told else "",
        stage=stage,
        merged_into=None,
        outcome="",
        answer="",
        answered_at=None,
    )
    if made is not None:
        Support.objects.filter(pk__in=made.also.get("supports", [])).update(contribution=contribution)
        SortingChange.objects.filter(pk=made.pk).update(undone_at=now)
        letters.take_back(contribution, made.letter)
    _to_compare_again(contribution)
    return was_told and letters.tell("unmerged", contribution, now=now, dedupe=done.letter, other=other.number) is not None


@act("contributions.judge_pair", come_from=[Verdict.WAITING], stage_field="verdict", record=("verdict",))
def judge_pair(pair: Pair, *, by: Any, now: datetime, verdict: Verdict, group: uuid.UUID | None = None) -> None:
    """The same demand (the younger is then merged into the older), a neighbouring one, or the opposite."""
    if verdict not in {Verdict.SAME, Verdict.NEAR, Verdict.OPPOSITE}:
        raise Refused(_("Dites si c’est la même demande, une demande voisine ou une demande opposée."))
    pair.verdict, pair.judged_by_id, pair.judged_at = verdict, by.pk, now
    pair.save(update_fields=["verdict", "judged_by", "judged_at"])
    if verdict == Verdict.SAME:
        older, younger = (pair.first, pair.second) if is_older(pair.first, pair.second) else (pair.second, pair.first)
        if younger.stage != Stage.MERGED:
            merge(younger, by=by, now=now, into=older, group=group)


@act(
    "contributions.reconsider_pair",
    come_from=[Verdict.NEAR, Verdict.OPPOSITE, Verdict.SAME],
    stage_field="verdict",
)
def reconsider_pair(pair: Pair, *, by: Any, now: datetime) -> None:
    """To be compared again; if it had merged them, they are parted."""
    was_same = pair.verdict == Verdict.SAME
    pair.verdict, pair.judged_by_id, pair.judged_at = Verdict.WAITING, None, None
    pair.save(update_fields=["verdict", "judged_by", "judged_at"])
    younger = pair.second if is_older(pair.first, pair.second) else pair.first
    if was_same and younger.stage == Stage.MERGED:
        unmerge(younger, by=by, now=now)
