"""Candidates: what the counts say, what a person puts, what a council decides, the chantier that opens with its contributions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dialogue.chantiers import choosing, choosing_words, proof
from dialogue.chantiers.acts import choosing as acts
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Candidate, ContributionLink
from dialogue.chantiers.stages import CandidateStage, Reason, Stage
from dialogue.contributions.models import Contribution
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from tests.factories import (
    NOW,
    TODAY,
    make_campaign,
    make_candidate,
    make_chantier,
    make_commune,
    make_contribution,
    make_coordinator,
    make_date,
    make_organisation,
    make_person,
    make_priority,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db


def spoken(theme: Any, territory: Any, authors: int, texts: int = 1, **fields: Any) -> list[Contribution]:
    """`authors` people who each sent `texts` contributions on a theme in a territory."""
    campaign = fields.pop("campaign", None) or make_campaign()
    key = f"{theme.pk}-{territory.pk}-"
    return [
        make_contribution(theme=theme, territory=territory, campaign=campaign, author_key=f"{key}{n}", **fields)
        for n in range(authors)
        for _text in range(texts)
    ]


@pytest.fixture
def world() -> dict[str, Any]:
    """Two territories that speak of two themes: housing fills Médoc, and is scarce in Graves, where it is a priority too."""
    medoc, graves = make_territory(name="Médoc", code="medoc"), make_territory(name="Graves", code="graves")
    housing, buses = make_theme(name="Habitat", code="habitat"), make_theme(name="Mobilité", code="mobilite")
    spoken(housing, medoc, 30)
    spoken(buses, medoc, 4)
    spoken(housing, graves, 2, texts=3)
    spoken(buses, graves, 32)
    for territory in (medoc, graves):
        make_priority(territory=territory, theme=housing)
    council = make_date(territory=medoc, starts_on=TODAY - timedelta(days=3))
    return {"medoc": medoc, "graves": graves, "housing": housing, "buses": buses, "council": council, "by": make_coordinator()}


def put(world: dict[str, Any], **fields: Any) -> Candidate:
    facts = {"theme": world["housing"], "territory": world["medoc"], "reason": Reason.MANY} | fields
    return acts.put_candidate(None, by=world["by"], now=NOW, **facts)


def retained(world: dict[str, Any]) -> Candidate:
    candidate = put(world, note="Le littoral se vide l’hiver.")
    acts.retain_candidate(candidate, by=world["by"], now=NOW, council=world["council"])
    return candidate


# Counting -----------------------------------------------------------------------------------------------------------


def test_authors_are_counted_apart_from_texts_and_the_expected_count_follows_the_overall_share(world):
    counts = choosing.count()
    assert counts.authors(world["housing"].pk, world["graves"].pk) == 2
    assert counts.texts(world["housing"].pk, world["graves"].pk) == 6
    assert counts.sum() == 68
    assert counts.expected(world["housing"].pk, world["medoc"].pk) == 34 * 32 / 68 == 16
    assert counts.rank(world["housing"].pk, world["graves"].pk) == 2


def test_the_matrix_is_counted_in_five_queries_and_marks_priorities_and_chantiers(world, django_assert_num_queries):
    make_chantier(theme=world["buses"], territories=[world["graves"]])
    with django_assert_num_queries(5):
        found = choosing.matrix()
    marks = {(cell.theme.code, cell.territory.code): (cell.authors, cell.is_priority, bool(cell.chantiers)) for cell in found.cells}
    assert marks == {
        ("habitat", "medoc"): (30, True, False),
        ("habitat", "graves"): (2, True, False),
        ("mobilite", "medoc"): (4, False, False),
        ("mobilite", "graves"): (32, False, True),
    }
    assert (found.totals, found.total) == ([34, 34], 68)


def test_what_nobody_classified_is_always_said(world):
    make_contribution(territory=world["medoc"])
    make_contribution(theme=world["housing"])
    make_contribution()
    assert choosing.count().unplaced == (2, 2)


def test_suggested_themes_count_on_demand_alone(world):
    make_contribution(territory=world["graves"], suggested_theme=world["housing"], author_key="x")
    pair = world["housing"].pk, world["graves"].pk
    assert choosing.count().authors(*pair) == 2
    assert choosing.count(choosing.Scope(suggested=True)).authors(*pair) == 3


def test_a_campaign_is_counted_alone(world):
    campaign = make_campaign()
    spoken(world["housing"], world["graves"], 5, campaign=campaign)
    assert choosing.count(choosing.Scope(campaign)).sum() == 5


@pytest.mark.parametrize("stage", ["draft", "withdrawn", "inadmissible", "to_complete"])
def test_what_does_not_stand_is_not_counted(world, stage):
    fields = {"stage": stage, "is_published": False, "motive": "Motif"}
    make_contribution(theme=world["housing"], territory=world["medoc"], **fields)
    assert choosing.count().sum() == 68


def test_many_and_few_are_suggested_by_themselves_and_never_stored(world):
    found = choosing.suggested(choosing.matrix(), [])
    assert [(cell.territory.name, cell.reason) for cell in found] == [("Médoc", Reason.MANY), ("Graves", Reason.FEW)]
    assert not Candidate.objects.exists()


def test_what_was_put_or_set_aside_or_has_its_chantier_is_not_suggested_again(world):
    set_aside = {"stage": "set_aside", "motive": "Déjà porté par un syndicat.", "decided_on": TODAY}
    aside = make_candidate(theme=world["housing"], territory=world["graves"], reason=Reason.FEW, **set_aside)
    make_chantier(theme=world["housing"], territories=[world["medoc"]])
    assert choosing.suggested(choosing.matrix(), [aside]) == []


# The words ----------------------------------------------------------------------------------------------------------


def test_the_evidence_is_said_in_words():
    counts = choosing.Counts({(1, 1): (94, 120), (2, 1): (300, 300), (1, 2): (100, 100), (2, 2): (994, 994)})
    found = proof.of_cell(counts, 1, 1, proof.Basis(120, 94, 7, 1))
    assert choosing_words.compared(found) == (
        "94 auteurs, 51 attendus si ce thème pesait ici comme ailleurs : entre 1,5 et 2,2 fois plus."
    )
    assert choosing_words.shares(found) == "24 % des auteurs du territoire en parlent, contre 13 % dans l’ensemble du Département."
    assert choosing_words.rank(found) == "C’est le 2e thème dont ce territoire parle le plus."
    assert choosing_words.basis(found) == "120 contributions, 94 auteurs, 7 communes, 1 organisme"


def test_a_carence_is_said_in_words_too():
    counts = choosing.Counts({(1, 1): (3, 3), (2, 1): (397, 397), (1, 2): (200, 200), (2, 2): (1400, 1400)})
    found = proof.of_cell(counts, 1, 1)
    assert choosing_words.compared(found) == (
        "3 auteurs, 41 attendus si ce thème pesait ici comme ailleurs : entre 4,2 et 26 fois moins."
    )


def test_nothing_is_said_where_nothing_is_known():
    found = proof.of_cell(choosing.Counts({}), 1, 1)
    assert choosing_words.rank(found) == "Personne n’en parle dans ce territoire."
    assert "ni plus ni moins" in choosing_words.compared(found)


# Putting ------------------------------------------------------------------------------------------------------------


def test_a_person_puts_a_candidate_and_the_register_keeps_what_without_the_words(world):
    candidate = put(world, note="  Le littoral se vide.  ")
    assert (candidate.stage, candidate.note, candidate.evidence) == (CandidateStage.TO_EXAMINE, "Le littoral se vide.", {})
    entry = Entry.objects.get(act="chantiers.put_candidate")
    assert entry.facts["reason"] == "many"
    assert "littoral" not in str(entry.facts)


def test_the_same_candidate_is_not_put_twice(world):
    put(world)
    with pytest.raises(Refused, match=r"déjà posé"):
        put(world)


def test_many_and_few_need_a_declared_priority_a_structuring_project_needs_contributions(world):
    with pytest.raises(Refused, match=r"n’est pas une priorité"):
        put(world, theme=world["buses"])
    with pytest.raises(Refused, match=r"au moins une contribution"):
        put(world, theme=world["buses"], reason=Reason.STRUCTURING)


def test_a_structuring_project_rests_on_the_contributions_that_were_chosen_with_their_communes_and_organisations(world):
    commune, organisation = make_commune(territory=world["medoc"]), make_organisation()
    rows = [
        make_contribution(theme=world["buses"], territory=world["medoc"], commune=commune, organisation=organisation, author_key="a"),
        make_contribution(theme=world["buses"], territory=world["medoc"], organisation_name="Le syndicat", author_key="b"),
    ]
    candidate = put(world, theme=world["buses"], reason=Reason.STRUCTURING, contributions=rows)
    found = proof.prove(candidate)
    assert (found.basis_texts, found.basis_authors, found.communes, found.organisations) == (2, 2, 1, 2)
    assert found.authors == 6
    assert proof.proofs([candidate]) == {candidate.pk: found}


def test_the_proofs_of_many_candidates_cost_three_queries(world, django_assert_num_queries):
    rows = [put(world), put(world, territory=world["graves"], reason=Reason.FEW)]
    rows.append(put(world, reason=Reason.STRUCTURING, contributions=Contribution.objects.all()[:2]))
    with django_assert_num_queries(3):
        found = proof.proofs(rows)
    assert [found[c.pk].basis_authors for c in rows] == [30, 2, 2]


def test_two_people_who_write_a_note_do_not_overwrite_each_other(world):
    candidate, stale = put(world, note="Une"), None
    stale = Candidate.objects.get(pk=candidate.pk)
    acts.change_candidate_note(candidate, by=world["by"], now=NOW, note="Deux", shown="Une")
    with pytest.raises(acts.Outdated):
        acts.change_candidate_note(stale, by=world["by"], now=NOW, note="Trois", shown="Une")
    assert Candidate.objects.get().note == "Deux"


def test_partners_choose_nothing(world):
    partner, candidate = make_person(), put(world)
    with pytest.raises(NotAllowed):
        acts.put_candidate(None, by=partner, now=NOW, theme=world["housing"], territory=world["medoc"], reason=Reason.MANY)
    with pytest.raises(NotAllowed):
        acts.retain_candidate(candidate, by=partner, now=NOW, council=world["council"])
    with pytest.raises(NotAllowed):
        acts.withdraw_candidate(candidate, by=partner, now=NOW)


def test_a_candidate_is_the_coordinations_until_it_is_announced_or_decided(world):
    candidate, reader = put(world), make_person()
    assert not Candidate.objects.visible_to(reader)
    acts.announce_candidate(candidate, by=world["by"], now=NOW)
    assert list(Candidate.objects.visible_to(reader)) == [candidate]
    assert choosing.announced(reader)[0] == (Reason.MANY, [candidate])


def test_a_candidate_may_go_while_nobody_was_told_of_it(world):
    candidate = put(world)
    acts.announce_candidate(candidate, by=world["by"], now=NOW)
    with pytest.raises(Refused, match=r"cessez d’abord de l’annoncer"):
        acts.withdraw_candidate(candidate, by=world["by"], now=NOW)
    acts.stop_announcing_candidate(candidate, by=world["by"], now=NOW)
    acts.withdraw_candidate(candidate, by=world["by"], now=NOW)
    assert not Candidate.objects.exists()


# The council --------------------------------------------------------------------------------------------------------


def test_a_council_retains_on_its_day_and_the_numbers_are_frozen(world):
    candidate = retained(world)
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.decided_on) == (CandidateStage.RETAINED, TODAY - timedelta(days=3))
    assert (candidate.evidence["authors"], candidate.evidence["expected"]) == (30, 16)
    spoken(world["housing"], world["medoc"], 1, author_name="Après")
    assert proof.proofs([candidate])[candidate.pk].basis_authors == 30


def test_a_council_sets_aside_with_a_motive(world):
    candidate = put(world)
    with pytest.raises(Refused, match=r"Écrivez le motif"):
        acts.set_aside_candidate(candidate, by=world["by"], now=NOW, council=world["council"], motive=" ")
    acts.set_aside_candidate(candidate, by=world["by"], now=NOW, council=world["council"], motive="Un syndicat s’en charge.")
    assert (candidate.stage, candidate.motive) == (CandidateStage.SET_ASIDE, "Un syndicat s’en charge.")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": TODAY + timedelta(days=1)}, "ne s’est pas encore tenu"),
        ({"kind": "assembly"}, "Choisissez un conseil de territoire"),
        ({"territory": "elsewhere"}, "celui d’un autre territoire"),
    ],
)
def test_only_a_council_of_the_territory_that_was_held_decides(world, fields, sentence):
    if fields.get("territory"):
        fields = {"territory": world["graves"]}
    candidate, council = put(world), make_date(**fields)
    with pytest.raises(Refused, match=sentence):
        acts.retain_candidate(candidate, by=world["by"], now=NOW, council=council)
    assert Candidate.objects.get().stage == CandidateStage.TO_EXAMINE


def test_a_decision_is_taken_back_while_no_chantier_is_open(world):
    candidate = retained(world)
    acts.reexamine_candidate(candidate, by=world["by"], now=NOW)
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.decided_on, candidate.council, candidate.evidence) == ("to_examine", None, None, {})


def test_a_candidate_that_was_put_again_meanwhile_is_not_brought_back(world):
    candidate = put(world)
    acts.set_aside_candidate(candidate, by=world["by"], now=NOW, council=world["council"], motive="Non.")
    put(world)
    with pytest.raises(Refused, match=r"posé de nouveau"):
        acts.reexamine_candidate(candidate, by=world["by"], now=NOW)


# The chantier -------------------------------------------------------------------------------------------------------


def facts(candidate: Candidate, **more: Any) -> dict[str, Any]:
    return {
        "title": "Se loger à l’année",
        "theme": candidate.theme,
        "territories": [candidate.territory],
        "reason": Reason(candidate.reason),
        "reason_text": "Trente auteurs en parlent.",
        "evidence_count": 30,
        "council": candidate.council,
        "objective": "Vingt logements.",
        "deliverable": "Une charte.",
    } | more


def test_the_chantier_opens_with_its_reason_its_numbers_and_its_contributions_for_good(world):
    candidate = retained(world)
    hidden = make_contribution(
        theme=world["housing"], territory=world["medoc"], stage="received", is_published=False, author_key="unread"
    )
    chantier = acts.open_from_candidate(candidate, by=world["by"], now=NOW, **facts(candidate))
    assert (chantier.stage, chantier.reason, chantier.evidence_count) == (Stage.PROPOSED, Reason.MANY, 30)
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.chantier) == (CandidateStage.OPENED, chantier)
    links = ContributionLink.objects.filter(chantier=chantier)
    assert (links.count(), links.filter(is_origin=True).count()) == (31, 31)
    rows = Contribution.objects.filter(chantier_links__chantier=chantier)
    assert rows.filter(stage="linked", outcome="linked").count() == 30
    assert "Se loger à l’année" in rows.filter(stage="linked")[0].answer
    hidden.refresh_from_db()
    assert (hidden.stage, hidden.is_published) == ("received", False)


def test_a_chantier_that_cannot_be_proposed_leaves_the_candidate_as_it_was(world):
    candidate = retained(world)
    make_chantier(title="Se loger à l’année", theme=world["housing"], territories=[world["medoc"]])
    with pytest.raises(Refused, match=r"porte déjà ce titre"):
        acts.open_from_candidate(candidate, by=world["by"], now=NOW, **facts(candidate))
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.chantier_id) == (CandidateStage.RETAINED, None)
    assert not ContributionLink.objects.exists()


def test_the_chantier_bears_the_theme_and_the_territory_of_its_candidate(world):
    candidate = retained(world)
    with pytest.raises(Refused, match=r"un autre thème"):
        acts.open_from_candidate(candidate, by=world["by"], now=NOW, **facts(candidate, theme=world["buses"]))


def test_an_opened_candidate_is_not_reexamined(world):
    candidate = retained(world)
    acts.open_from_candidate(candidate, by=world["by"], now=NOW, **facts(candidate))
    with pytest.raises(Refused):
        acts.reexamine_candidate(candidate, by=world["by"], now=NOW)


def test_the_chantier_then_opens_like_any_other(world):
    candidate = retained(world)
    chantier = acts.open_from_candidate(candidate, by=world["by"], now=NOW, **facts(candidate))
    life.open_chantier(chantier, by=world["by"], now=NOW)
    assert chantier.stage == Stage.OPEN
