"""What becomes of a proposition after the vote, and what that means for its chantier."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.assembly import letters
from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.acts.moves import motive_of, not_to_come, shift
from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import FINAL, VOTED_FOR, PropositionStage
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.ledger.clock import local_date

S = PropositionStage


def propositions_are_settled(chantier: Chantier, *, by: Any, now: datetime) -> str | None:
    """Guard of `chantiers.complete` (product.md: delivered → completed needs every proposition in a final state)."""
    if chantier.tabled_on and not (chantier.in_pact_on or chantier.no_follow_up_on) and not chantier.propositions.exists():
        return _("Les propositions sont à l’assemblée : enregistrez d’abord leur issue.")
    waiting = list(chantier.propositions.exclude(stage__in=FINAL).order_by("number").values_list("title", flat=True))
    if not waiting:
        return None
    return _("Ces propositions n’ont pas encore d’issue : %(what)s.") % {"what": ", ".join(f"« {title} »" for title in waiting)}


def settle_chantier(chantier: Chantier, *, by: Any, now: datetime) -> bool:
    """Records that nothing of the group goes on, once each of its propositions ended without one voted; says whether it did.

    Their authors and the group hear of it with the last proposition, not twice.
    """
    chantier = Chantier.objects.get(pk=chantier.pk)
    if chantier.stage != Stage.DELIVERED or not chantier.tabled_on or chantier.in_pact_on or chantier.no_follow_up_on:
        return False
    rows = chantier.propositions
    if rows.exclude(stage__in=FINAL).exists() or rows.filter(stage__in=[*VOTED_FOR, S.IN_PACT]).exists():
        return False
    who = by if life.record_no_follow_up.allows(by, chantier) else SYSTEM
    life.record_no_follow_up(chantier, by=who, now=now, no_follow_up_on=local_date(now), told=False)
    return True


@act("assembly.enter_pact", come_from=VOTED_FOR, record=("in_pact_on",))
def enter_pact(proposition: Proposition, *, by: Any, now: datetime, in_pact_on: date) -> None:
    """The operational part of a pact takes it up (called by the pacts room when it publishes its year).

    The first one of a chantier records its entry in the pact too. Raises Refused for a day to come, or before the vote.
    """
    not_to_come(in_pact_on, now)
    if proposition.resolution is None or in_pact_on < proposition.resolution.date:
        raise Refused(_("L’inscription au pacte ne peut pas précéder le vote."))
    shift(proposition, S.IN_PACT, in_pact_on=in_pact_on)
    chantier = Chantier.objects.get(pk=proposition.chantier_id)
    if chantier.in_pact_on is None and chantier.stage in {Stage.DELIVERED, Stage.COMPLETED}:
        life.record_pact_entry(chantier, by=by, now=now, in_pact_on=in_pact_on, told=False)
    letters.tell_fate("in_pact", proposition, by=by, now=now)


@act("assembly.no_follow_up", come_from=VOTED_FOR, record=("closed_on",))
def no_follow_up(proposition: Proposition, *, by: Any, now: datetime, motive: str, closed_on: date | None = None) -> None:
    """Voted, but nothing comes of it: the page says why."""
    day = closed_on or local_date(now)
    not_to_come(day, now)
    shift(proposition, S.NO_FOLLOW_UP, motive=motive_of(motive), closed_on=day)
    is_last = settle_chantier(proposition.chantier, by=by, now=now)
    letters.tell_fate("no_follow_up", proposition, by=by, now=now, is_last=is_last)
