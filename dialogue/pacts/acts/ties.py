"""A contribution that an action takes up, written. For the acts of this room alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.contributions.acts.answers import mark_linked
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING, Outcome, Stage
from dialogue.ledger.acts import Refused
from dialogue.pacts.letters import tell_linked
from dialogue.pacts.models import ActionContribution, PactAction

#: Read, and still without an end: being tied to an action is its end.
READ = [Stage.ADMISSIBLE, Stage.QUALIFIED]


def tie(action: PactAction, contribution: Contribution, *, by: Any, now: datetime, answer: str = "") -> ActionContribution:
    """Raises Refused when it is tied already, does not stand, or was not read yet (tying publishes)."""
    contribution.refresh_from_db(fields=["stage", "outcome", "revision"])
    if contribution.stage not in STANDING:
        raise Refused(_("Cette contribution a été retirée, regroupée ou jugée non recevable : elle ne peut pas être rattachée."))
    if contribution.stage == Stage.RECEIVED:
        raise Refused(
            _("Lisez et classez d’abord la contribution n° %(n)d : la rattacher la publie.") % {"n": contribution.number}
        )
    try:
        with transaction.atomic():
            link = ActionContribution.objects.create(action=action, contribution=contribution, at=now, by_id=by.pk)
    except IntegrityError:
        raise Refused(_("Cette contribution est déjà rattachée à cette action.")) from None
    if contribution.stage in READ:
        mark_linked(contribution, by=by, now=now, answer=answer or answer_of(action), outcome=Outcome.PACT)
    elif action.published_on:
        tell_linked(link, now=now)
    return link


def answer_of(action: PactAction) -> str:
    """What is proposed to answer; the coordination may write otherwise."""
    return _(
        "Votre contribution est reprise dans le pacte du territoire (%(territory)s) : action n° %(n)d, « %(title)s ». "
        "Vous pourrez suivre cette action, année après année."
    ) % {"territory": action.pact.territory, "n": action.number, "title": action.title}
