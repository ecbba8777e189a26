"""The actions that an edition holds: what it takes in, carries on, says of each. For the acts of editions alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dialogue.assembly.acts.fate import enter_pact
from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import VOTED_FOR
from dialogue.chantiers.models import Member
from dialogue.chantiers.stages import Role
from dialogue.pacts.acts.actions import add_action
from dialogue.pacts.missing import voted_for
from dialogue.pacts.models import EditionLine, PactAction, PactEdition
from dialogue.pacts.stages import FROZEN, OPEN, OVER, ActionState, Origin, Situation

TITLE = 200


def take_in(edition: PactEdition, *, by: Any, now: datetime) -> int:
    """Each voted proposition that waits becomes an action of the year, led by the lead directorate of its chantier."""
    waiting = voted_for(edition.pact)
    leads = dict(
        Member.objects.active()
        .filter(chantier__in=[row.chantier_id for row in waiting], role=Role.LEAD)
        .values_list("chantier_id", "organisation_id")
    )
    for proposition in waiting:
        resolution = proposition.resolution
        add_action(
            edition.pact,
            by=by,
            now=now,
            title=proposition.title[:TITLE],
            # The text that the assembly adopted, where it changed the group's.
            text=(resolution.adopted_text if resolution else "") or proposition.text,
            theme=proposition.chantier.theme,
            entered_year=edition.year,
            lead=_organisation(leads.get(proposition.chantier_id)),
            cost=proposition.estimated_cost,
            origin=Origin.PROPOSITION,
            proposition=proposition,
            taken_in_by=edition,
        )
    return len(waiting)


def _organisation(key: int | None) -> Any:
    from dialogue.people.models import Organisation

    return Organisation.objects.get(pk=key) if key else None


def line_up(edition: PactEdition) -> None:
    """One line for each action that the edition has to speak of; what was written of them stays.

    One whose proposition is no longer voted leaves it, unless an adopted edition told it already.
    """
    before = _said_before(edition)
    known = {line.action_id: line for line in edition.lines.all()}
    wanted: dict[int, tuple[Situation, str]] = {}
    for action in PactAction.objects.filter(pact=edition.pact_id, entered_year__lte=edition.year).holding():
        situation = _situation(action, before.get(action.pk))
        if situation is not None:
            wanted[action.pk] = (situation, action.state)
    EditionLine.objects.filter(edition=edition, action__in=[pk for pk in known if pk not in wanted]).delete()
    changed = []
    for pk, (situation, state) in wanted.items():
        line = known.get(pk)
        if line is not None and (line.situation, line.state) != (situation, state):
            line.situation, line.state = situation, state
            changed.append(line)
    EditionLine.objects.bulk_update(changed, ["situation", "state"])
    EditionLine.objects.bulk_create(
        EditionLine(edition=edition, action_id=pk, situation=situation, state=state)
        for pk, (situation, state) in wanted.items()
        if pk not in known
    )


def _said_before(edition: PactEdition) -> dict[int, str]:
    """The state of each action in the last edition of an earlier year that was adopted."""
    rows = EditionLine.objects.filter(edition__pact=edition.pact_id, edition__stage__in=FROZEN, edition__year__lt=edition.year)
    rows = rows.order_by("edition__year", "edition__number")
    return dict(rows.values_list("action_id", "state"))


def _situation(action: PactAction, before: str | None) -> Situation | None:
    """None: it was over already, and said so."""
    if before in OVER:
        return None
    if action.state == ActionState.DONE:
        return Situation.DONE
    if action.state == ActionState.DROPPED:
        return Situation.DROPPED
    assert action.state in OPEN  # noqa: S101  the four states
    return Situation.NEW if before is None else Situation.CARRIED


def enter_all(edition: PactEdition, *, by: Any, now: datetime, on: date) -> int:
    """The propositions that the edition carries, and that no pact held before, enter it (assembly). Returns how many."""
    rows = Proposition.objects.filter(pact_actions__lines__edition=edition, stage__in=VOTED_FOR).select_related(
        "chantier", "resolution"
    )
    propositions = list(rows.distinct().order_by("number"))
    for proposition in propositions:
        enter_pact(proposition, by=by, now=now, in_pact_on=max(on, proposition.resolution.date) if proposition.resolution else on)
    return len(propositions)
