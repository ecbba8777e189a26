"""What the rooms below show of the pacts, through the lists they offer (docs/adr/0011)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import VOTED_FOR
from dialogue.chantiers.pages import Block
from dialogue.contributions.hooks import Ending, FollowUp
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING, Stage
from dialogue.deliverables.models import Deliverable
from dialogue.meetings.models import Decision
from dialogue.pacts import path
from dialogue.pacts.models import ActionContribution, PactAction
from dialogue.pacts.stages import ActionState


def followups(contribution: Contribution, reader: Any) -> list[FollowUp]:
    """Of a contribution tied to an action itself: the action, and where it stands (1 query). Those of a chantier follow it."""
    mine = [pk for pk in (contribution.pk, contribution.merged_into_id) if pk]
    links = ActionContribution.objects.filter(contribution__in=mine).values("action")
    rows = PactAction.objects.visible_to(reader).filter(pk__in=links).select_related("pact__territory").order_by("number")
    steps = []
    for row in rows:
        words = {"n": row.number, "title": row.title}
        if row.published_on is None:
            said = _("Une action du pacte se prépare : n° %(n)d, « %(title)s »") % words
            steps.append(FollowUp(said, None, row.get_absolute_url(), "n1"))
            continue
        said = _("Reprise dans le pacte du territoire : action n° %(n)d, « %(title)s »") % words
        steps.append(FollowUp(said, row.published_on, row.get_absolute_url(), "n6"))
        if row.state == ActionState.DONE:
            steps.append(
                FollowUp(_("L’action n° %(n)d du pacte est réalisée") % words, row.done_on, row.get_absolute_url(), "ok")
            )
        elif row.state == ActionState.DROPPED:
            said = _("L’action n° %(n)d du pacte est abandonnée") % words
            steps.append(FollowUp(said, None, row.get_absolute_url(), "n0"))
    return steps


def ending(contribution: Contribution, reader: Any) -> Ending | None:
    """An end of the sorting: tied to an action of the pact. Offered once it was read, to who may do it."""
    if (
        not getattr(reader, "is_coordination", False)
        or contribution.stage not in STANDING
        or contribution.stage == Stage.RECEIVED
    ):
        return None
    return Ending(_("La rattacher à une action du pacte"), reverse("pacts:link", args=[contribution.number]), "n6")


def proposition_block(proposition: Proposition, request: HttpRequest) -> Block | None:
    """For `assembly.pages.proposition_blocks`: what led to a proposition, and the actions that carry it."""
    return _drawn(path.of_proposition(proposition, request.user))


def waiting_block(proposition: Proposition, request: HttpRequest) -> Block | None:
    """For `assembly.pages.proposition_blocks`: to the coordination, that a pact has not taken in yet what the assembly voted."""
    if not getattr(request.user, "is_coordination", False) or proposition.stage not in VOTED_FOR:
        return None
    places = list(proposition.chantier.territories.all())
    return Block("pacts/_waiting_block.html", {"territories": places}, order=10) if places else None


def result_block(deliverable: Deliverable, request: HttpRequest) -> Block | None:
    """For `deliverables.pages.result_blocks`: the same of a deliverable."""
    return _drawn(path.of_deliverable(deliverable, deliverable.chantier, request.user))


def decision_block(decision: Decision, request: HttpRequest) -> Block | None:
    """For `meetings.pages.decision_blocks`: the same of a decision."""
    return _drawn(path.of_decision(decision, request.user))


def _drawn(found: path.Path) -> Block | None:
    return Block("pacts/_path_block.html", {"path": found}) if found.leads_somewhere else None
