"""The yearly update: what it takes in, what it says is missing, what is frozen, what is told, what a correction is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.assembly.acts import fate, votes
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.chantiers.stages import Role, Stage
from dialogue.formats.json import seal
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.pacts import report
from dialogue.pacts.acts import actions, editions
from dialogue.pacts.acts.words import Outdated
from dialogue.pacts.content import Adoption, adoption_of, content_of, lines_of
from dialogue.pacts.missing import Missing, missing_of
from dialogue.pacts.models import PactAction, PactEdition
from dialogue.pacts.stages import EditionStage, Origin, Situation
from tests import factories as make
from tests import factories_pacts as pacts

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY


@pytest.fixture
def coordinator():
    return make.make_coordinator()


@pytest.fixture
def territory():
    return make.make_territory(name="Sud Gironde", code="sud-gironde")


@pytest.fixture
def pact(territory):
    return pacts.make_pact(territory=territory)


@pytest.fixture
def chantier(territory):
    found = make.make_chantier(territories=[territory], stage=Stage.DELIVERED, tabled_on=date(2017, 9, 20))
    make.make_member(found, role=Role.LEAD, organisation=make.make_organisation(name="Direction du développement"))
    return found


def prepared(pact, by, year=2018):
    return editions.prepare_edition(pact, by=by, now=NOW, year=year)


def adopted(pact, by, year=2018, **facts):
    edition = prepared(pact, by, year)
    texts = {"introduction": "Ce que nous voulons.", "report": "Ce que nous avons fait.", "notes": {}}
    editions.write_edition(edition, by=by, now=NOW, **texts)
    editions.adopt_edition(edition, by=by, now=NOW, adopted_on=TODAY, **facts)
    return edition


def situations(edition):
    return {line.action.title: line.situation for line in edition.lines.select_related("action")}


def test_preparing_takes_in_the_voted_propositions_of_delivered_chantiers(pact, chantier, coordinator):
    voted = pacts.make_voted(chantier, title="Une cuisine commune")
    edition = prepared(pact, coordinator)
    action = PactAction.objects.get()
    assert (action.title, action.proposition, action.entered_year, action.cost) == ("Une cuisine commune", voted, 2018, 40_000)
    assert str(action.lead) == "Direction du développement"
    assert situations(edition) == {"Une cuisine commune": Situation.NEW}
    voted.refresh_from_db()
    assert voted.stage == PropositionStage.ADOPTED  # in the pact once it is adopted, not before


def test_a_proposition_of_another_territory_or_of_a_chantier_at_work_is_not_taken_in(pact, chantier, coordinator):
    elsewhere = make.make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 9, 20))
    working = make.make_chantier(territories=[pact.territory], stage=Stage.WORKING)
    pacts.make_voted(elsewhere)
    pacts.make_voted(working)
    prepared(pact, coordinator)
    assert not PactAction.objects.exists()


def test_actions_not_done_are_carried_on_and_those_that_ended_are_in_the_report_once(pact, coordinator):
    running, done = pacts.make_action(pact, title="Le bus"), pacts.make_action(pact, title="La crèche")
    dropped = pacts.make_action(pact, title="Le pont")
    first = pacts.make_edition(pact, stage="published")
    for action in (running, done, dropped):
        pacts.make_line(first, action)
    actions.complete_action(done, by=coordinator, now=NOW, done_on=date(2017, 10, 2))
    actions.drop_action(dropped, by=coordinator, now=NOW, motive="Le terrain est inondable.")
    second = adopted(pact, coordinator)
    assert situations(second) == {"Le bus": "carried", "La crèche": "done", "Le pont": "dropped"}
    assert second.content["actions"][2]["motive"] == "Le terrain est inondable."
    third = editions.prepare_edition(pact, by=coordinator, now=NOW + timedelta(days=300), year=2019)
    assert situations(third) == {"Le bus": "carried"}


def test_the_report_is_drafted_from_the_data_of_the_year(pact, chantier, coordinator, territory):
    make.make_contribution(territory=territory, written_at=NOW)
    make.make_contribution(territory=territory, written_at=NOW - timedelta(days=400))
    late = pacts.make_action(pact, title="Le bus", due_on=date(2017, 6, 1))
    edition = prepared(pact, coordinator)
    assert edition.figures["contributions"] == 1
    assert edition.figures["opened"] == 1
    assert edition.figures["late"] == 1
    assert "En 2017, 1 contribution a été déposée sur le territoire." in edition.report
    assert f"Chantiers ouverts dans l’année :\n- {chantier.title}" in edition.report
    assert f"- n° {late.number}, Le bus" in edition.report


def test_a_chantier_that_the_public_does_not_read_is_not_named_in_the_report(pact, coordinator, territory):
    make.make_chantier(territories=[territory], circle="partners", title="Secret")
    assert "Secret" not in report.drafted(report.Year(pact, 2017, TODAY))


def test_only_one_edition_is_prepared_at_a_time_and_a_year_is_prepared_once(pact, coordinator):
    pacts.make_action(pact)
    prepared(pact, coordinator)
    with pytest.raises(Refused, match="déjà en préparation"):
        prepared(pact, coordinator, 2019)
    editions.discard_edition(PactEdition.objects.get(), by=coordinator, now=NOW)
    adopted(pact, coordinator)
    with pytest.raises(Refused, match="Le pacte de 2018 est déjà adopté"):
        prepared(pact, coordinator)


def test_discarding_takes_back_what_it_took_in_and_the_propositions_stay_voted(pact, chantier, coordinator):
    voted, kept = pacts.make_voted(chantier), pacts.make_action(pact)
    editions.discard_edition(prepared(pact, coordinator), by=coordinator, now=NOW)
    assert list(PactAction.objects.all()) == [kept]
    assert not PactEdition.objects.exists()
    voted.refresh_from_db()
    assert voted.stage == PropositionStage.ADOPTED


def test_discarding_keeps_what_somebody_typed_or_changed(pact, chantier, coordinator):
    one, other, third = (pacts.make_voted(chantier, title=title) for title in ("Le mien", "Le sien", "Le leur"))
    facts = {"text": "Longuement travaillée.", "theme": chantier.theme, "entered_year": 2018, "origin": Origin.PROPOSITION}
    typed = actions.add_action(pact, by=coordinator, now=NOW, title="Le mien", proposition=one, **facts)
    edition = prepared(pact, coordinator)
    changed, untouched = PactAction.objects.get(proposition=other), PactAction.objects.get(proposition=third)
    assert (typed.taken_in_by, changed.taken_in_by, untouched.taken_in_by) == (None, edition, edition)
    actions.change_action(changed, by=coordinator, now=NOW, text="Réécrite.")
    editions.discard_edition(edition, by=coordinator, now=NOW)
    assert list(PactAction.objects.order_by("number")) == [typed, changed]


@pytest.mark.parametrize("fallen", ["rejected", "no follow-up"])
def test_a_proposition_that_is_no_longer_voted_holds_the_adoption_back_and_leaves_the_edition(
    pact, chantier, coordinator, fallen
):
    voted = pacts.make_voted(chantier, title="Une cuisine commune")
    pacts.make_action(pact, title="Le bus")
    edition = prepared(pact, coordinator)
    action = PactAction.objects.get(proposition=voted)
    editions.write_edition(edition, by=coordinator, now=NOW, introduction="Un.", report="Deux.", notes={})
    if fallen == "rejected":
        facts = {name: getattr(voted.resolution, name) for name in votes.FACTS} | {"outcome": Outcome.REJECTED}
        votes.correct_vote(voted.resolution, by=coordinator, now=NOW, motive="Erreur", revision=0, **facts)
    else:
        fate.no_follow_up(voted, by=coordinator, now=NOW, motive="Plus de budget")
    state = "rejetée" if fallen == "rejected" else "sans suite"
    sentence = f"Action n° {action.number} : sa proposition n’est plus votée ({state}). Mettez à jour à partir des données."
    held_back = [row for row in missing_of(edition, lines_of(edition), TODAY) if row.blocking]
    assert held_back == [Missing(sentence, f"/pilotage/pactes/actions/{action.number}/", blocking=True)]
    with pytest.raises(Refused) as refusal:
        editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=TODAY)
    assert refusal.value.reasons == [sentence]
    editions.refresh_edition(edition, by=coordinator, now=NOW)
    assert situations(edition) == {"Le bus": Situation.NEW}
    editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=TODAY)
    assert [row["title"] for row in edition.content["actions"]] == ["Le bus"]


def test_a_proposition_taken_in_by_mistake_is_taken_back_from_the_draft_and_stays_voted(pact, chantier, coordinator):
    voted = pacts.make_voted(chantier)
    edition = prepared(pact, coordinator)
    actions.remove_action(PactAction.objects.get(), by=coordinator, now=NOW)
    voted.refresh_from_db()
    assert (voted.stage, edition.lines.count()) == (PropositionStage.ADOPTED, 0)
    assert fate.no_follow_up.offered(coordinator, voted)


def test_what_an_edition_says_of_its_vote_is_sealed_with_it_and_a_corrected_vote_does_not_change_it(
    pact, chantier, coordinator
):
    resolution = pacts.make_voted(chantier).resolution
    edition = prepared(pact, coordinator)
    editions.write_edition(edition, by=coordinator, now=NOW, introduction="Un.", report="Deux.", notes={})
    editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=resolution.date, resolution=resolution)
    told = {name: edition.content[name] for name in ("adopted_on", "resolution", "resolution_words", "change_note")}
    number = resolution.number
    assert told == {"adopted_on": "2017-10-16", "resolution": number, "resolution_words": "", "change_note": ""}
    assert edition.sha256 == seal(edition.content)
    type(resolution).objects.filter(pk=resolution.pk).update(number="2017-999")
    edition = PactEdition.objects.get()
    assert adoption_of(edition) == Adoption(date(2017, 10, 16), number, "", "")


def test_an_edition_frozen_before_its_vote_was_sealed_with_it_is_told_by_its_row(pact):
    edition = pacts.make_edition(pact, stage="published", resolution_words="Délibération n° 7", content={"year": 2017})
    assert adoption_of(edition) == Adoption(date(2017, 4, 3), "", "Délibération n° 7", "")


def test_refreshing_keeps_the_texts_and_takes_in_what_was_voted_since(pact, chantier, coordinator):
    edition = prepared(pact, coordinator)
    texts = {"introduction": "Le mien.", "report": "Le nôtre.", "notes": {}}
    editions.write_edition(edition, by=coordinator, now=NOW, **texts)
    pacts.make_voted(chantier)
    assert editions.refresh_edition(edition, by=coordinator, now=NOW) == 1
    edition.refresh_from_db()
    assert (edition.report, edition.lines.count()) == ("Le nôtre.", 1)
    editions.refresh_edition(edition, by=coordinator, now=NOW, redraft=True)
    edition.refresh_from_db()
    assert edition.report.startswith("Chantiers ouverts dans l’année :")


def test_two_people_who_write_at_once_do_not_overwrite_each_other(pact, coordinator):
    edition = prepared(pact, coordinator)
    texts = {"introduction": "Un.", "report": "Deux.", "notes": {}, "revision": edition.revision}
    editions.write_edition(edition, by=coordinator, now=NOW, **texts)
    with pytest.raises(Outdated):
        editions.write_edition(edition, by=coordinator, now=NOW, **texts)


def test_the_adoption_needs_an_introduction_an_action_and_a_report_when_a_year_is_behind(pact, coordinator):
    pacts.make_edition(pact, stage="published", year=2017)
    edition = prepared(pact, coordinator)
    editions.write_edition(edition, by=coordinator, now=NOW, introduction="", report="", notes={})
    with pytest.raises(Refused) as refusal:
        editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=TODAY)
    assert refusal.value.reasons == ["L’introduction est vide.", "Le bilan de 2017 est vide.", "Aucune action n’y figure."]


def test_an_adoption_is_not_dated_in_the_future(pact, coordinator):
    pacts.make_action(pact)
    edition = prepared(pact, coordinator)
    with pytest.raises(Refused, match="pas encore venue"):
        editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=TODAY + timedelta(days=1))
    edition.refresh_from_db()
    assert edition.stage == EditionStage.DRAFT


def test_the_adoption_freezes_and_enters_the_propositions_and_their_chantier_in_the_pact(pact, chantier, coordinator):
    voted = pacts.make_voted(chantier)
    edition = adopted(pact, coordinator, resolution=voted.resolution if voted.resolution.date == TODAY else None)
    voted.refresh_from_db()
    chantier.refresh_from_db()
    assert (voted.stage, voted.in_pact_on, chantier.in_pact_on) == (PropositionStage.IN_PACT, TODAY, TODAY)
    assert edition.sha256 == seal(edition.content)
    assert edition.content["actions"][0]["origin"]["title"] == voted.title
    action = PactAction.objects.get()
    actions.change_action(action, by=coordinator, now=NOW, title="Autre chose")
    edition.refresh_from_db()
    assert edition.content["actions"][0]["title"] == voted.title


def test_a_proposition_of_two_territories_is_an_action_of_both_and_enters_the_pact_once(chantier, pact, coordinator):
    other = pacts.make_pact()
    chantier.territories.add(other.territory)
    voted = pacts.make_voted(chantier)
    adopted(pact, coordinator)
    adopted(other, coordinator)
    assert PactAction.objects.filter(proposition=voted).count() == 2
    voted.refresh_from_db()
    assert voted.in_pact_on == TODAY


def test_nobody_reads_an_action_before_its_edition_is_published(pact, chantier, coordinator):
    pacts.make_voted(chantier)
    edition, partner = adopted(pact, coordinator), make.make_person()
    assert not PactAction.objects.visible_to(partner).exists()
    assert not PactEdition.objects.visible_to(partner).exists()
    editions.publish_edition(edition, by=coordinator, now=NOW)
    assert PactAction.objects.visible_to(partner).get().published_on == TODAY
    assert PactEdition.objects.visible_to(partner).get() == edition


def test_partners_of_the_territory_find_it_in_their_digest_once(pact, chantier, coordinator, territory):
    settled = make.make_organisation(commune=make.make_commune(territory=territory))
    partner, stranger = make.make_mandate(organisation=settled).person, make.make_mandate().person
    member = make.make_member(chantier).person
    pacts.make_voted(chantier, title="Une cuisine commune")
    edition = adopted(pact, coordinator)
    editions.publish_edition(edition, by=coordinator, now=NOW)
    letters = Letter.objects.filter(kind="pacts.edition_published")
    told = {letter.person for letter in letters}
    assert {partner, member} <= told
    assert stranger not in told
    assert {letter.mode for letter in letters} == {"digest"}
    letter = letters.get(person=partner)
    assert letter.subject == "Le pacte 2018 est en ligne : Sud Gironde"
    assert "Une cuisine commune" in letter.text


def test_a_correction_is_a_new_edition_linked_to_the_old_one(pact, coordinator):
    action = pacts.make_action(pact, title="Le bus")
    first = adopted(pact, coordinator)
    editions.publish_edition(first, by=coordinator, now=NOW)
    second = editions.correct_edition(first, by=coordinator, now=NOW)
    assert (second.number, second.corrects, second.year) == (2, first, 2018)
    actions.change_action(action, by=coordinator, now=NOW, title="Le bus du soir")
    with pytest.raises(Refused, match="ce que cette correction change"):
        editions.adopt_edition(second, by=coordinator, now=NOW, adopted_on=TODAY)
    texts = {"introduction": second.introduction, "report": second.report, "notes": {}}
    editions.write_edition(second, by=coordinator, now=NOW, change_note="Le bus ne passe que le soir.", **texts)
    editions.adopt_edition(second, by=coordinator, now=NOW, adopted_on=TODAY)
    editions.publish_edition(second, by=coordinator, now=NOW)
    first.refresh_from_db()
    assert first.content["actions"][0]["title"] == "Le bus"
    assert second.content["actions"][0]["title"] == "Le bus du soir"
    assert second.content["actions"][0]["situation"] == Situation.NEW
    with pytest.raises(Refused, match="plus récente"):
        editions.correct_edition(first, by=coordinator, now=NOW)


def test_what_was_voted_since_enters_by_a_new_edition_which_no_earlier_vote_adopts(
    pact, chantier, coordinator, client_for, monkeypatch
):
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)
    pacts.make_action(pact, title="Le bus")
    first = adopted(pact, coordinator)
    editions.publish_edition(first, by=coordinator, now=NOW)
    voted = pacts.make_voted(chantier, title="Une halle")
    client = client_for(coordinator)
    for page in ("/pilotage/pactes/", f"/pilotage/pactes/{pact.territory.code}/", voted.get_absolute_url()):
        html = client.get(page).content.decode()
        assert "Faire entrer 1 proposition votée" in html or "Une halle" in html
    assert "elle attend d’entrer au pacte" in client.get(voted.get_absolute_url()).content.decode()
    second = editions.correct_edition(first, by=coordinator, now=NOW)
    assert {line.action.title for line in second.lines.all()} == {"Le bus", "Une halle"}
    texts = {"introduction": second.introduction, "report": second.report, "notes": {}}
    editions.write_edition(second, by=coordinator, now=NOW, change_note="La halle est votée.", **texts)
    with pytest.raises(Refused, match="votée le lundi 16 octobre 2017 : elle n’a pas pu être adoptée avant"):
        editions.adopt_edition(second, by=coordinator, now=NOW, adopted_on=date(2017, 10, 15))
    editions.adopt_edition(second, by=coordinator, now=NOW, adopted_on=date(2017, 10, 16))
    assert second.stage == "adopted"


def test_the_content_does_not_depend_on_the_language_of_the_reader(pact, coordinator):
    from django.utils.translation import override

    pacts.make_action(pact, due_on=date(2017, 6, 1))
    edition = prepared(pact, coordinator)
    with override("en"):
        english = seal(content_of(edition))
    assert english == seal(content_of(edition))


def test_the_coordination_alone_writes_the_pacts(pact):
    for stranger in (make.make_person(), make.make_secretary()):
        with pytest.raises(NotAllowed):
            prepared(pact, stranger)


def test_opening_a_pact_twice_gives_the_same_one(territory, coordinator):
    first = editions.open_pact(None, by=coordinator, now=NOW, territory=territory, introduction="Le projet")
    again = editions.open_pact(None, by=coordinator, now=NOW, territory=territory)
    assert first == again
    editions.write_pact(first, by=coordinator, now=NOW, introduction="Autre projet")
    again.refresh_from_db()
    assert again.introduction == "Autre projet"


def test_two_people_who_write_the_project_at_once_both_hear_of_it(territory, coordinator):
    pact = editions.open_pact(None, by=coordinator, now=NOW, territory=territory, introduction="Le premier")
    with pytest.raises(Outdated):
        editions.open_pact(None, by=coordinator, now=NOW, territory=territory, introduction="Le second")
    editions.write_pact(pact, by=coordinator, now=NOW, introduction="Le troisième", revision=1)
    with pytest.raises(Outdated):
        editions.write_pact(pact, by=coordinator, now=NOW, introduction="Le quatrième", revision=1)
    pact.refresh_from_db()
    assert (pact.introduction, pact.revision) == ("Le troisième", 2)
