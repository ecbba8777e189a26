"""From a contribution to an action, without a chantier between them: an end of its sorting (product.md, "Contributions")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.contributions.acts.answers import unlink
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.contributions.stages import Outcome, Stage
from dialogue.ledger.acts import Refused, act
from dialogue.pacts import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.pacts.acts.ties import READ, tie
from dialogue.pacts.models import ActionContribution, PactAction
from dialogue.pacts.stages import OPEN, ActionState, Origin

__all__ = ["READ", "is_in_no_pact", "link_contribution", "unlink_contribution"]


@act("pacts.link_contribution", come_from=OPEN, stage_field="state", record=("contribution",))
def link_contribution(
    action: PactAction, *, by: Any, now: datetime, contribution: Contribution, answer: str = ""
) -> ActionContribution:
    """The action takes it up. One that waits for an end gets it: `answer` is what its author will read, once it is sent.

    Raises Refused when it is tied already, does not stand, or was not read yet.
    """
    return tie(action, contribution, by=by, now=now, answer=answer)


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
