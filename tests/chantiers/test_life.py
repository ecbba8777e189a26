"""The life of a chantier: every stage by every transition, each guard's sentence, races, bad input."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dialogue.chantiers.acts import life, roadmap
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import ACTIVE, Reason, RoadmapStage, Role, ShownState, Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.people.stages import Circle
from tests.chantiers.races import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_deliverable,
    make_member,
    make_objective,
    make_person,
    make_request,
    make_roadmap,
    make_secretary,
    make_step,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db

PAST = NOW - timedelta(days=30)


def proposal(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Manger local dans les cantines",
        "theme": make_theme(),
        "territories": [make_territory()],
        "reason": Reason.MANY,
        "reason_text": "Quarante contributions en parlent.",
        "objective": "Approvisionner trois cantines.",
        "deliverable": "Un schéma.",
    } | fields


def chantier_in(stage: str, **fields: Any) -> Chantier:
    """A chantier in `stage` with all that the guards ask for."""
    if stage == Stage.SUSPENDED:
        fields |= {"suspended_from": Stage.WORKING, "motive": "Le local manque."}
    if stage == Stage.ABANDONED:
        fields |= {"motive": "Sans objet."}
    chantier = make_chantier(stage=stage, first_meeting_at=PAST, **fields)
    make_member(chantier, role=Role.SPONSOR)
    make_member(chantier, role=Role.LEAD)
    draft = stage in {Stage.PROPOSED, Stage.OPEN, Stage.LAUNCHED}
    sheet = make_roadmap(chantier, stage=RoadmapStage.DRAFT if draft else RoadmapStage.ADOPTED)
    rated = {"rating": "reached"} if stage in {Stage.COMPLETED, Stage.EVALUATED} else {}
    make_objective(sheet, **rated)
    make_deliverable(sheet, published_on=None if draft else date(2017, 10, 1), **rated)
    make_step(sheet)
    return chantier


MOVES: dict[Any, tuple[list[Stage], Any, dict[str, Any]]] = {
    life.open_chantier: ([Stage.PROPOSED], Stage.OPEN, {}),
    life.launch: ([Stage.OPEN], Stage.LAUNCHED, {}),
    life.reopen_launch: ([Stage.LAUNCHED], Stage.OPEN, {}),
    roadmap.adopt_roadmap: ([Stage.LAUNCHED], Stage.WORKING, {"meeting_number": 1, "adopted_on": TODAY}),
    life.deliver: ([Stage.WORKING], Stage.DELIVERED, {}),
    life.reopen_work: ([Stage.DELIVERED], Stage.WORKING, {}),
    life.complete: ([Stage.DELIVERED], Stage.COMPLETED, {}),
    life.evaluate: ([Stage.COMPLETED], Stage.EVALUATED, {}),
    life.reopen_evaluation: ([Stage.EVALUATED], Stage.COMPLETED, {}),
    life.archive: ([Stage.EVALUATED], Stage.ARCHIVED, {}),
    life.suspend: (ACTIVE, Stage.SUSPENDED, {"motive": "Le local manque."}),
    life.resume: ([Stage.SUSPENDED], Stage.WORKING, {}),
    life.abandon: ([Stage.PROPOSED, *ACTIVE, Stage.SUSPENDED], Stage.ABANDONED, {"motive": "Sans objet."}),
}


@pytest.mark.parametrize("act", MOVES, ids=lambda act: act.name)
@pytest.mark.parametrize("stage", list(Stage))
def test_each_transition_leaves_only_from_its_own_stages(act: Any, stage: Stage) -> None:
    chantier = chantier_in(stage)
    sources, target, facts = MOVES[act]
    if stage in sources:
        act(chantier, by=make_coordinator(), now=NOW, **facts)
        entry = Entry.objects.about(chantier).get()
        assert (entry.act, entry.stage_from, entry.stage_to) == (act.name, stage, target)
        assert chantier.stage == target
    else:
        with pytest.raises(Refused):
            act(chantier, by=make_coordinator(), now=NOW, **facts)
        assert chantier.stage == stage
        assert not Entry.objects.exists()
    stored = Chantier.objects.get(pk=chantier.pk)
    assert stored.stage == (target if stage in sources else stage)


def test_reopen_delivery_is_refused_once_the_evaluation_has_begun() -> None:
    chantier = chantier_in(Stage.COMPLETED)
    with pytest.raises(Refused, match="L’évaluation a déjà commencé"):
        life.reopen_delivery(chantier, by=make_coordinator(), now=NOW)
    chantier.roadmaps.get().objectives.update(rating="")
    chantier.roadmaps.get().deliverables.update(rating="")
    life.reopen_delivery(chantier, by=make_coordinator(), now=NOW)
    assert chantier.stage == Stage.DELIVERED


# Guards -----------------------------------------------------------------------------------------------------------


def test_opening_says_everything_that_is_missing() -> None:
    chantier = make_chantier(stage=Stage.PROPOSED, opened_on=None, reason_text=" ", objective="", deliverable="")
    chantier.territories.clear()
    assert life.open_chantier.obstacles(chantier, by=SYSTEM, now=NOW) == [
        "Choisissez un thème et au moins un territoire.",
        "Dites pourquoi ce chantier s’ouvre : la raison et son explication.",
        "Écrivez l’objectif, atteignable dans un temps court.",
        "Écrivez le livrable attendu, précisément.",
    ]


def test_launching_needs_sponsor_lead_and_first_meeting() -> None:
    chantier = make_chantier()
    with pytest.raises(Refused) as refusal:
        life.launch(chantier, by=make_coordinator(), now=NOW)
    assert refusal.value.reasons == [
        "Désignez l’élu qui porte le chantier.",
        "Désignez la direction référente, qui pilote le chantier.",
        "Convoquez la première séance.",
    ]
    assert chantier.stage == Stage.OPEN


def test_delivery_names_the_deliverables_that_are_not_settled() -> None:
    chantier = make_chantier(stage=Stage.WORKING)
    assert life.deliver.obstacles(chantier, by=make_coordinator(), now=NOW) == ["Aucune feuille de route n’est arrêtée."]
    sheet = make_roadmap(chantier, stage=RoadmapStage.ADOPTED)
    make_deliverable(sheet, title="Guide d’achat")
    make_deliverable(sheet, title="Carte")
    make_deliverable(sheet, title="Film", abandon_motive="Budget refusé.")
    assert life.deliver.obstacles(chantier, by=make_coordinator(), now=NOW) == [
        "Publiez, ou abandonnez avec un motif : « Guide d’achat », « Carte »."
    ]


def test_completion_waits_for_the_outcome_of_the_propositions() -> None:
    chantier, secretary = chantier_in(Stage.DELIVERED), make_secretary()
    life.record_tabling(chantier, by=secretary, now=NOW, tabled_on=TODAY)
    assert chantier.shown_state == ShownState.PROPOSITIONS
    with pytest.raises(Refused, match="enregistrez d’abord leur issue"):
        life.complete(chantier, by=make_coordinator(), now=NOW)
    with pytest.raises(Refused, match="Les propositions sont déjà transmises"):
        life.reopen_work(chantier, by=make_coordinator(), now=NOW)
    life.record_pact_entry(chantier, by=secretary, now=NOW, in_pact_on=TODAY)
    assert Chantier.objects.get().shown_state == ShownState.PACT
    life.complete(chantier, by=make_coordinator(), now=NOW)
    assert Chantier.objects.get().shown_state == ShownState.PACT


def test_propositions_without_follow_up_let_the_chantier_complete() -> None:
    chantier = chantier_in(Stage.DELIVERED, tabled_on=TODAY)
    life.record_no_follow_up(chantier, by=make_secretary(), now=NOW, no_follow_up_on=TODAY)
    with pytest.raises(Refused, match="déjà enregistrée"):
        life.record_pact_entry(chantier, by=make_secretary(), now=NOW, in_pact_on=TODAY)
    life.complete(chantier, by=make_coordinator(), now=NOW)
    assert Chantier.objects.get().shown_state == ShownState.COMPLETED


def test_nobody_is_left_waiting_for_an_answer_when_the_chantier_is_completed(client_for) -> None:
    chantier = chantier_in(Stage.DELIVERED)
    demand = make_request(chantier)
    assert life.complete.obstacles(chantier, by=make_coordinator(), now=NOW) == [
        "1 demande pour rejoindre le groupe attend une réponse : répondez-y d’abord."
    ]
    Chantier.objects.update(stage=Stage.COMPLETED)
    page = client_for(make_coordinator()).get(f"/chantiers/{chantier.slug}/espace/demandes/{demand.pk}/").content.decode()
    assert "n’accueille plus de nouveaux membres" in page
    assert "Accepter la demande" not in page


def test_evaluation_names_what_is_not_rated_in_the_first_version_only() -> None:
    chantier = make_chantier(stage=Stage.COMPLETED)
    first = make_roadmap(chantier, stage=RoadmapStage.SUPERSEDED)
    second = make_roadmap(chantier, version=2, stage=RoadmapStage.ADOPTED)
    make_objective(first, title="Trois cantines")
    make_objective(second, title="Quatre cantines")
    make_deliverable(first, title="Guide", rating="partly")
    assert life.evaluate.obstacles(chantier, by=make_coordinator(), now=NOW) == ["Appréciez encore : « Trois cantines »."]


@pytest.mark.parametrize("act", [life.suspend, life.abandon])
def test_a_pause_and_an_end_need_a_motive(act: Any) -> None:
    chantier = chantier_in(Stage.WORKING)
    with pytest.raises(Refused, match="Écrivez le motif"):
        act(chantier, by=make_coordinator(), now=NOW, motive="  ")
    assert Chantier.objects.get().stage == Stage.WORKING


def test_resuming_goes_back_to_where_the_pause_began() -> None:
    chantier = chantier_in(Stage.DELIVERED)
    life.suspend(chantier, by=make_coordinator(), now=NOW, motive="Le local manque.")
    assert Chantier.objects.get().suspended_from == Stage.DELIVERED
    life.resume(chantier, by=make_coordinator(), now=NOW)
    stored = Chantier.objects.get()
    assert (stored.stage, stored.suspended_from, stored.motive) == (Stage.DELIVERED, "", "")


def test_dates_out_of_order_are_refused() -> None:
    chantier, by = chantier_in(Stage.DELIVERED), make_secretary()
    with pytest.raises(Refused, match="pas encore venue"):
        life.record_tabling(chantier, by=by, now=NOW, tabled_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="antérieure à l’ouverture"):
        life.record_tabling(chantier, by=by, now=NOW, tabled_on=date(2016, 1, 1))
    with pytest.raises(Refused, match="Enregistrez d’abord la transmission"):
        life.record_pact_entry(chantier, by=by, now=NOW, in_pact_on=TODAY)
    life.record_tabling(chantier, by=by, now=NOW, tabled_on=TODAY)
    with pytest.raises(Refused, match="ne peut pas précéder"):
        life.record_pact_entry(chantier, by=by, now=NOW, in_pact_on=TODAY - timedelta(days=1))


# Proposal ---------------------------------------------------------------------------------------------------------


def test_a_proposal_takes_the_next_number_and_a_slug_of_its_theme_and_territory() -> None:
    theme, territory = make_theme(code="alimentaire"), make_territory(code="libournais", name="Libournais")
    coordinator = make_coordinator()
    one = life.propose(by=coordinator, now=NOW, **proposal(theme=theme, territories=[territory]))
    two = life.propose(by=coordinator, now=NOW, **proposal(theme=theme, territories=[territory], title="Autre"))
    assert (two.number, two.slug) == (one.number + 1, f"alimentaire-libournais-{two.number}")
    assert (one.slug, one.stage) == ("alimentaire-libournais", Stage.PROPOSED)
    assert "libournais" in one.search_text
    entry = Entry.objects.about(one).get()
    assert entry.facts["reason"] == "many"
    assert entry.stage_to == Stage.PROPOSED


def test_the_same_proposal_sent_twice_is_refused() -> None:
    fields, coordinator = proposal(), make_coordinator()
    life.propose(by=coordinator, now=NOW, **fields)
    with pytest.raises(Refused, match="porte déjà ce titre"):
        life.propose(by=coordinator, now=NOW, **fields | {"title": "MANGER local dans les cantines "})
    assert Chantier.objects.count() == 1


def test_only_the_coordination_proposes_and_opens() -> None:
    chantier = chantier_in(Stage.PROPOSED)
    lead = make_member(chantier, role=Role.PARTNER).person
    for person in (make_person(), lead):
        with pytest.raises(NotAllowed):
            life.propose(by=person, now=NOW, **proposal())
        with pytest.raises(NotAllowed):
            life.open_chantier(chantier, by=person, now=NOW)


def test_the_lead_and_the_sponsor_launch_a_partner_does_not() -> None:
    chantier = make_chantier()
    lead, sponsor = make_member(chantier, role=Role.LEAD).person, make_member(chantier, role=Role.SPONSOR).person
    partner = make_member(chantier).person
    assert [life.launch.allows(p, chantier) for p in (lead, sponsor, partner)] == [True, True, False]


# Description and circle -------------------------------------------------------------------------------------------


def test_the_promises_no_longer_change_once_the_roadmap_is_adopted() -> None:
    chantier = chantier_in(Stage.WORKING)
    life.change_description(chantier, by=make_coordinator(), now=NOW, title="Nouveau titre", objective=chantier.objective)
    with pytest.raises(Refused, match="la feuille de route est arrêtée"):
        life.change_description(chantier, by=make_coordinator(), now=NOW, objective="Autre chose")
    stored = Chantier.objects.get()
    assert stored.title == "Nouveau titre"
    assert "nouveau titre" in stored.search_text
    assert stored.objective == "Approvisionner trois cantines en circuit court."


def test_the_circle_moves_by_an_explicit_act_once() -> None:
    chantier = chantier_in(Stage.WORKING, circle=Circle.PARTNERS)
    life.widen_circle(chantier, by=make_coordinator(), now=NOW)
    assert Chantier.objects.get().circle == Circle.PUBLIC
    with pytest.raises(Refused, match="C’est déjà le cas"):
        life.widen_circle(chantier, by=make_coordinator(), now=NOW)
    life.narrow_circle(chantier, by=make_coordinator(), now=NOW)
    assert [e.act for e in Entry.objects.about(chantier)] == ["chantiers.narrow_circle", "chantiers.widen_circle"]


# Races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_launch_at_once_only_one_does() -> None:
    chantier, one, two = chantier_in(Stage.OPEN), make_coordinator(), make_coordinator()
    copies = [Chantier.objects.get(pk=chantier.pk) for _ in range(2)]
    results = at_once(
        lambda: life.launch(copies[0], by=one, now=NOW), lambda: life.launch(copies[1], by=two, now=NOW)
    )
    assert sorted(results) == ["Refused", "done"]
    assert Entry.objects.filter(act="chantiers.launch").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_pause_and_a_delivery_at_once_only_one_happens() -> None:
    chantier, one, two = chantier_in(Stage.WORKING), make_coordinator(), make_coordinator()
    copies = [Chantier.objects.get(pk=chantier.pk) for _ in range(2)]
    results = at_once(
        lambda: life.suspend(copies[0], by=one, now=NOW, motive="Pause."),
        lambda: life.deliver(copies[1], by=two, now=NOW),
    )
    assert sorted(results) == ["Refused", "done"]
    stored = Chantier.objects.get()
    assert (stored.stage == Stage.SUSPENDED) == bool(stored.suspended_from)


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_get_two_numbers() -> None:
    fields, one, two = proposal(), make_coordinator(), make_coordinator()
    results = at_once(
        lambda: life.propose(by=one, now=NOW, **fields),
        lambda: life.propose(by=two, now=NOW, **fields | {"title": "Autre"}),
    )
    assert results == ["done", "done"]
    assert sorted(Chantier.objects.values_list("number", flat=True)) == [1, 2]
