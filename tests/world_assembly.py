"""Propositions and votes, in the small world of the house tests: one in each state that a page shows differently."""

from __future__ import annotations

from datetime import timedelta

from dialogue.assembly.models import AssemblySession, Proposition
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.models import Chantier
from dialogue.meetings.models import Decision
from dialogue.meetings.stages import MeetingStage
from tests import factories as make

S = PropositionStage
#: The states of the propositions of each chantier.
STATES = (
    S.DRAFTING,
    S.ADOPTED_BY_GROUP,
    S.UNDER_REVIEW,
    S.TABLED,
    S.ADOPTED_AMENDED,
    S.REFERRED_BACK,
    S.WITHDRAWN,
)


def session(n: int) -> AssemblySession:
    """The n-th session before the day of the tests; the same for every chantier."""
    day = make.TODAY - timedelta(days=7 + n)
    found = AssemblySession.objects.filter(date=day).first()
    return found or make.make_session(date=day, number_pattern="CD.##")


def build(chantier: Chantier, size: int) -> None:
    """`size` propositions of each state."""
    meeting = chantier.meetings.filter(stage=MeetingStage.CLOSED).order_by("number").first()
    decision = Decision.objects.filter(meeting=meeting).first()
    for n in range(size):
        for state in STATES:
            made = make.make_proposition(
                chantier, stage=state, session=session(n), meeting=meeting, estimated_cost=120_000, deliverable_title="Un guide"
            )
            made.decisions.add(decision)
            if state == S.UNDER_REVIEW:
                make.make_opinion(made, verdict="with_reservations", text="Deux camions.", cost=90_000, given_at=make.NOW)
                make.make_opinion(made)
            elif state == S.ADOPTED_AMENDED:
                facts = {
                    "budget_name": "Budget principal", "budget_year": 2018, "prefecture_id": "033-1", "url": "https://gironde.example/d",
                    "prefecture_date": made.session.date,
                }  # fmt: skip
                resolution = made.resolution
                for name, value in facts.items():
                    setattr(resolution, name, value)
                resolution.save()
                make.make_former_resolution(resolution)
            elif state == S.REFERRED_BACK:
                made.resolutions.update(reason="À chiffrer.")
            elif state == S.WITHDRAWN:
                Proposition.objects.filter(pk=made.pk).update(
                    circle="partners", adopted_at_meeting=meeting, adopted_by_group_on=make.TODAY
                )
