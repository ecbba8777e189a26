"""From a contribution to an action, without a chantier between them: an end of its sorting (product.md, "Contributions")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.contributions.acts.answers import mark_linked, unlink
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.contributions.stages import Outcome, Stage
from dialogue.ledger.acts import Refused, act
from dialogue.pacts import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.pacts.acts.actions import can_take
from dialogue.pacts.letters import tell_linked
from dialogue.pacts.models import ActionContribution, PactAction
from dialogue.pacts.stages import OPEN, ActionState, Origin

#: Read, and still without an end: being tied to an action is its end.
READ = [Stage.ADMISSIBLE, Stage.QUALIFIED]


@act("pacts.link_contribution", come_from=OPEN, stage_field="state", record=("contribution",))
def link_contribution(
    action: PactAction, *, by: Any, now: datetime, contribution: Contribution, answer: str = ""
) -> ActionContribution:
    """The action takes it up. One that waits for an end gets it: `answer` is what its author will read, once it is sent.

    Raises Refused when it is tied already, does not stand, or was not read yet.
    """
    contribution.refresh_from_db(fields=["stage", "outcome", "revision"])
    if not can_take(contribution):
        raise Refused(_("Cette contribution a été retirée, regroupée ou jugée non recevable : elle ne peut pas être rattachée."))
    if contribution.stage == Stage.RECEIVED:
        raise Refused(_("Lisez et classez d’abord cette contribution : la rattacher la publie."))
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
    territory = action.pact.territory
    return _(
        "Votre contribution est reprise dans le pacte du territoire (%(territory)s) : action n° %(n)d, « %(title)s ». "
        "Vous pourrez suivre cette action, année après année."
    ) % {"territory": territory, "n": action.number, "title": action.title}


@act("pacts.unlink_contribution", come_from=list(ActionState), stage_field="state", record=("contribution",))
def unlink_contribution(action: PactAction, *, by: Any, now: datetime, contribution: Contribution) -> None:
    """Tied by mistake. Raises Refused once its author was answered, or when it is all that the action comes from."""
    link = ActionContribution.objects.filter(action=action, contribution=contribution).first()
    if link is None:
        raise Refused(_("Cette contribution n’est pas rattachée à cette action."))
    contribution.refresh_from_db(fields=["stage", "outcome", "revision"])
    if contribution.stage == Stage.ANSWERED and contribution.outcome == Outcome.PACT:
        raise Refused(_("Son auteur a déjà reçu la réponse : ce lien reste."))
    others = action.contribution_links.exclude(pk=link.pk).exists()
    if action.origin == Origin.CONTRIBUTION and action.published_on and not others:
        raise Refused(_("L’action vient de cette seule contribution : ce lien reste."))
    ActionContribution.objects.filter(pk=link.pk).delete()
    tied = ActionContribution.objects.filter(contribution=contribution).exists()
    if contribution.stage == Stage.LINKED and contribution.outcome == Outcome.PACT and not tied:
        unlink(contribution, by=by, now=now)


def is_in_no_pact(contribution: Contribution, *, by: Any, now: datetime) -> str | None:
    """A guard for `contributions.undo_sorting`: what an action took up is given back from the action."""
    last = SortingChange.objects.filter(contribution_id=contribution.pk, undone_at=None).first()
    if last is None or last.act != "contributions.mark_linked" or contribution.outcome != Outcome.PACT:
        return None
    if not ActionContribution.objects.filter(contribution=contribution).exists():
        return None
    return _("Elle est rattachée à une action du pacte : détachez-la depuis cette action.")
