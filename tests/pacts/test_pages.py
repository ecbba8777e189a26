"""The pages of the pacts: what everybody reads, and the coordination's screens from the action to the publication."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest
from django.urls import reverse

from dialogue.chantiers.models import ContributionLink
from dialogue.chantiers.stages import Role, Stage
from dialogue.contributions.stages import Outcome
from dialogue.ledger import clock
from dialogue.pacts.acts import editions
from dialogue.pacts.forms.editions import EditionForm
from dialogue.pacts.models import Pact, PactAction, PactEdition
from dialogue.pacts.stages import ActionState, EditionStage
from tests import factories as make
from tests import factories_pacts as pacts

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def coordinator():
    return make.make_coordinator()


@pytest.fixture
def pact():
    make.make_department()
    return pacts.make_pact(territory=make.make_territory(name="Sud Gironde", code="sud-gironde"))


@pytest.fixture
def published(pact, coordinator):
    """2017, with one action."""
    pacts.make_action(pact, title="Grouper les commandes", cost=22_000, due_on=date(2017, 10, 31), published_on=None)
    edition = editions.prepare_edition(pact, by=coordinator, now=NOW, year=2017)
    texts = {"introduction": "Un territoire qui nourrit ses écoles.", "report": "Une bonne année.", "notes": {}}
    editions.write_edition(edition, by=coordinator, now=NOW, **texts)
    editions.adopt_edition(
        edition, by=coordinator, now=NOW, adopted_on=date(2017, 4, 6), resolution_words="Délibération n° 2017-31"
    )
    editions.publish_edition(edition, by=coordinator, now=NOW)
    return edition


def page(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_everybody_goes_from_the_pacts_to_one_action(published, client_for):
    client = client_for()
    assert 'href="/pactes/sud-gironde/"' in page(client, "/pactes/")
    one = page(client, "/pactes/sud-gironde/")
    assert "1 prévue" in one
    assert "en retard : attendue le 31 octobre 2017" in one
    number = PactAction.objects.get().number
    assert f'href="/pactes/actions/{number}/"' in one
    action = page(client, f"/pactes/actions/{number}/")
    assert "22 000 €" in action
    assert "Un engagement de 2015" in action
    assert f'href="/pactes/sud-gironde/2017/#action-{number}"' in action


def test_actions_are_filtered_by_state_and_theme(published, client_for):
    client, theme = client_for(), PactAction.objects.get().theme.code
    assert "Grouper les commandes" in page(client, f"/pactes/sud-gironde/?etat=planned&theme={theme}")
    assert "Aucune action ne correspond" in page(client, "/pactes/sud-gironde/?etat=done")
    assert "Grouper les commandes" in page(client, "/pactes/sud-gironde/?etat=rien&theme=rien")


def test_an_edition_says_its_adoption_its_seal_and_gives_a_tagged_pdf(published, client_for):
    client = client_for()
    text = page(client, "/pactes/sud-gironde/2017/")
    assert "Adopté le jeudi 6 avril 2017 · Délibération n° 2017-31" in text
    assert f"Édition 1, empreinte {published.sha256}" in text
    response = client.get("/pactes/sud-gironde/2017.pdf")
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Pacte de territoire 2017\u00a0: Sud Gironde"
    assert "Grouper les commandes" in "".join(sheet.extract_text() for sheet in reader.pages)
    assert client.get("/pactes/sud-gironde/2017.pdf").content == response.content


def test_a_frozen_edition_is_the_same_file_for_every_reader_and_after_the_vote_was_corrected(pact, coordinator, client_for):
    chantier = make.make_chantier(territories=[pact.territory], stage=Stage.DELIVERED, tabled_on=date(2017, 9, 20))
    resolution = pacts.make_voted(chantier).resolution
    edition = editions.prepare_edition(pact, by=coordinator, now=NOW, year=2018)
    editions.write_edition(edition, by=coordinator, now=NOW, introduction="Un.", report="Deux.", notes={})
    editions.adopt_edition(edition, by=coordinator, now=NOW, adopted_on=resolution.date, resolution=resolution)
    editions.publish_edition(edition, by=coordinator, now=NOW)
    number, client = resolution.number, client_for()
    before = client.get("/pactes/sud-gironde/2018.pdf")
    type(resolution).objects.filter(pk=resolution.pk).update(number="2017-999")
    after = client.get("/pactes/sud-gironde/2018.pdf", headers={"accept-language": "en"})
    assert after.content == before.content
    assert (after["ETag"], after["Content-Language"]) == (before["ETag"], "fr")
    document = pypdf.PdfReader(io.BytesIO(after.content))
    assert document.trailer["/Root"]["/Lang"] == "fr"
    assert f"délibération n° {number}" in document.pages[0].extract_text().replace("\u00a0", " ")
    assert client.get("/pactes/sud-gironde/2018.pdf", headers={"if-none-match": before["ETag"]}).status_code == 304
    text = page(client, "/pactes/sud-gironde/2018/")
    assert f"délibération n° {number}" in text
    assert "2017-999" not in text


def test_an_edition_that_was_tampered_with_shows_no_seal_and_the_log_says_so(published, client_for, caplog):
    PactEdition.objects.update(content=published.content | {"introduction": "Faux"})
    text = page(client_for(), "/pactes/sud-gironde/2017/")
    assert "Le contenu de cette page ne correspond plus à son empreinte." in text
    assert published.sha256 not in text
    assert [record.message for record in caplog.records if record.name == "dialogue.formats.json"] == [
        "the content of Sud Gironde · 2017 (PactEdition) is not what its seal says"
    ]
    document = pypdf.PdfReader(io.BytesIO(client_for().get("/pactes/sud-gironde/2017.pdf").content))
    assert "empreinte non conforme" in document.pages[0].extract_text().replace("\u00a0", " ")


def test_what_is_not_published_is_not_found(pact, coordinator, client_for):
    action = pacts.make_action(pact, published_on=None)
    editions.prepare_edition(pact, by=coordinator, now=NOW, year=2018)
    paths = (
        "/pactes/sud-gironde/",
        "/pactes/sud-gironde/2018/",
        "/pactes/sud-gironde/2018.pdf",
        f"/pactes/actions/{action.number}/",
    )
    for path in paths:
        page(client_for(make.make_person()), path, 404)
    assert "Pas encore de pacte publié" in page(client_for(), "/pactes/")


def test_two_years_are_compared_and_a_correction_with_what_it_corrects(published, pact, coordinator, client_for):
    client, by = client_for(), {"by": coordinator, "now": NOW}
    pacts.make_action(pact, title="Un bus des services", published_on=None, entered_year=2018)
    edition = editions.prepare_edition(pact, year=2018, **by)
    texts = {"introduction": "Autre chose.", "report": "Le bilan.", "notes": {}}
    editions.write_edition(edition, **texts, **by)
    editions.adopt_edition(edition, adopted_on=TODAY, **by)
    editions.publish_edition(edition, **by)
    text = page(client, "/pactes/sud-gironde/2018/differences/2017/")
    assert "Sud Gironde · 1 action nouvelle · 1 action poursuivie" in text
    page(client, "/pactes/sud-gironde/2018/differences/2018/", 404)
    again = editions.correct_edition(edition, **by)
    editions.write_edition(again, change_note="Une faute.", **texts | {"introduction": "Autre chose encore."}, **by)
    editions.adopt_edition(again, adopted_on=TODAY, **by)
    editions.publish_edition(again, **by)
    assert "Édition 2 : Une faute." in page(client, "/pactes/sud-gironde/2018/")
    assert "<ins>" in page(client, "/pactes/sud-gironde/2018/differences/2018/")
    assert "Vous lisez une édition ancienne" in page(client, "/pactes/sud-gironde/2018/?edition=1")


def test_the_territory_the_site_map_and_the_sitemap_lead_to_the_pact(published, client_for):
    client = client_for()
    assert 'href="/pactes/sud-gironde/"' in page(client, "/territoires/sud-gironde/")
    assert 'href="/pactes/sud-gironde/"' in page(client, "/plan-du-site/")
    text = page(client, "/sitemap.xml")
    for path in ("/pactes/sud-gironde/2017/", f"/pactes/actions/{PactAction.objects.get().number}/"):
        assert f"<loc>http://localhost:8000{path}</loc>" in text


def test_contribution_chantier_and_proposition_show_the_path(pact, client_for):
    chantier = make.make_chantier(territories=[pact.territory], stage=Stage.DELIVERED, tabled_on=date(2017, 9, 20))
    said = make.make_contribution(territory=pact.territory)
    ContributionLink.objects.create(chantier=chantier, contribution=said, at=NOW)
    voted = pacts.make_voted(chantier)
    action = pacts.make_action(pact, origin="proposition", origin_words="", proposition=voted)
    for thing in (said, chantier, voted):
        text = page(client_for(), thing.get_absolute_url())
        assert "De la contribution au pacte" in text
        assert f'href="{action.get_absolute_url()}"' in text


# The coordination ------------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_published_pact_on_the_screens(coordinator, client_for):
    make.make_department()
    territory, theme = make.make_territory(name="Médoc", code="medoc"), make.make_theme()
    make.make_person()
    client = client_for(coordinator)
    assert "Écrire le projet du territoire" in page(client, "/pilotage/pactes/")
    client.post("/pilotage/pactes/medoc/presentation/", {"introduction": "Vivre ici toute l’année.", "revision": 0})
    values = {
        "title": "Loger les saisonniers",
        "theme": theme.pk,
        "entered_year": 2018,
        "origin": "other",
        "text": "",
        "lead_words": "",
    }
    refused = client.post("/pilotage/pactes/medoc/nouvelle-action/", values)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"origin_words": ["Dites en une phrase d’où vient cette action."]}
    assert "Dites en une phrase d’où vient cette action." in refused.content.decode()
    client.post("/pilotage/pactes/medoc/nouvelle-action/", values | {"origin_words": "Le contrat de ruralité"})
    assert PactAction.objects.get().title == "Loger les saisonniers"
    assert "1 action se poursuit ou commence" in page(client, "/pilotage/pactes/medoc/actualiser/")
    assert client.post("/pilotage/pactes/medoc/actualiser/", {"year": 2018}).url == "/pilotage/pactes/medoc/2018/"
    number = PactAction.objects.get().number
    assert f"Action n° {number} : pas d’organisme pilote, pas d’échéance." in page(client, "/pilotage/pactes/medoc/2018/")
    texts = {"introduction": "Vivre ici.", "report": "", f"note_{number}": "Elle commence en janvier.", "revision": "1"}
    client.post("/pilotage/pactes/medoc/2018/", texts)
    assert "Elle commence en janvier." in page(client, "/pilotage/pactes/medoc/2018/apercu/")
    client.post("/pilotage/pactes/medoc/2018/adopter/", {"adopted_on": "2017-11-06", "resolution_words": "Délibération n° 7"})
    assert PactEdition.objects.get().stage == EditionStage.ADOPTED
    assert "Tout le monde lira ce pacte" in page(client, "/pilotage/pactes/medoc/2018/publier/")
    client.post("/pilotage/pactes/medoc/2018/publier/")
    assert PactEdition.objects.get().stage == EditionStage.PUBLISHED
    assert "Elle commence en janvier." in page(client_for(), "/pactes/medoc/2018/")
    assert Pact.objects.get().territory == territory


def test_several_actions_are_brought_up_to_date_at_once_or_none(pact, coordinator, client_for):
    one, other = pacts.make_action(pact, number=1), pacts.make_action(pact, number=2)
    client = client_for(coordinator)
    lines = {
        "a1-revision": 0,
        "a1-state": "done",
        "a1-done_on": "2017-11-02",
        "a2-revision": 0,
        "a2-state": "dropped",
        "a2-motive": "",
    }
    refused = client.post("/pilotage/pactes/sud-gironde/", lines)
    assert refused.status_code == 422
    assert "Écrivez le motif de l’abandon" in refused.content.decode()
    one.refresh_from_db()
    assert one.state == ActionState.PLANNED
    client.post("/pilotage/pactes/sud-gironde/", lines | {"a2-motive": "Plus personne ne le demande."})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.done_on, other.state) == ("done", date(2017, 11, 2), "dropped")


def test_what_someone_else_saved_meanwhile_is_not_overwritten(pact, coordinator, client_for):
    pacts.make_action(pact, number=1, revision=3)
    lines = {"a1-revision": 2, "a1-state": "under_way", "a1-due_on": ""}
    response = client_for(coordinator).post("/pilotage/pactes/sud-gironde/", lines)
    assert response.status_code == 422
    assert "Quelqu’un a enregistré autre chose" in response.content.decode()


def test_the_project_that_someone_else_wrote_meanwhile_is_shown_and_saving_again_is_a_choice(pact, coordinator, client_for):
    client, address = client_for(coordinator), "/pilotage/pactes/sud-gironde/presentation/"
    client.post(address, {"introduction": "Le premier.", "revision": 0})
    late = client.post(address, {"introduction": "Le second.", "revision": 0})
    assert late.status_code == 422
    text = late.content.decode()
    assert "Quelqu’un a enregistré autre chose" in text
    assert "Le premier." in text
    assert "Le second." in text
    assert Pact.objects.get().introduction == "Le premier."
    client.post(address, {"introduction": "Les deux.", "revision": late.context["form"]["revision"].value()})
    assert Pact.objects.get().introduction == "Les deux."


def test_who_begins_a_correction_reads_that_the_actions_come_as_they_are_today(published, coordinator, client_for):
    text = page(client_for(coordinator), "/pilotage/pactes/sud-gironde/2017/corriger/")
    assert "Chaque action y sera reprise telle qu’elle est aujourd’hui : intitulé, état, coût, dates ;" in text
    assert "les propositions votées depuis y entrent." in text


def test_an_action_is_changed_moved_on_and_removed_on_its_pages(pact, coordinator, client_for):
    action, client = pacts.make_action(pact, number=1, published_on=None), client_for(coordinator)
    values = {"title": "Autre titre", "theme": action.theme_id, "entered_year": 2017, "origin": "other", "revision": 0}
    values["origin_words"] = "Un schéma"
    client.post("/pilotage/pactes/actions/1/", values)
    client.post("/pilotage/pactes/actions/1/commencer/")
    action.refresh_from_db()
    assert (action.title, action.state) == ("Autre titre", "under_way")
    assert client.post("/pilotage/pactes/actions/1/abandonner/", {"motive": ""}).status_code == 422
    client.post("/pilotage/pactes/actions/1/retirer/")
    assert not PactAction.objects.exists()


def test_all_the_pacts_are_prepared_at_once_and_those_that_cannot_are_said(pact, coordinator, client_for):
    pacts.make_edition(pact, year=2018, stage="published")
    make.make_territory(name="Médoc")
    response = client_for(coordinator).post("/pilotage/pactes/actualiser/", {"year": 2018}, follow=True)
    text = response.content.decode().replace("\u00a0", " ")
    assert "1 actualisation est prête à être relue." in text
    assert "Sud Gironde : Le pacte de 2018 est déjà adopté : corrigez-le plutôt." in text


def test_an_update_is_refreshed_redrafted_and_discarded(pact, coordinator, client_for):
    pacts.make_action(pact)
    edition, client = editions.prepare_edition(pact, by=coordinator, now=NOW, year=2018), client_for(coordinator)
    for move in ("actualiser", "bilan"):
        assert client.post(f"/pilotage/pactes/sud-gironde/2018/{move}/").url == "/pilotage/pactes/sud-gironde/2018/"
    client.post("/pilotage/pactes/sud-gironde/2018/renoncer/")
    assert not PactEdition.objects.filter(pk=edition.pk).exists()


def test_the_dossier_of_a_contribution_offers_the_pact_as_an_end(pact, coordinator, client_for):
    action = pacts.make_action(pact)
    row = make.make_contribution(territory=pact.territory, stage="qualified")
    client = client_for(coordinator)
    assert f'href="/pilotage/pactes/rattacher/{row.number}/"' in page(client, reverse("contributions:file", args=[row.number]))
    client.post(f"/pilotage/pactes/rattacher/{row.number}/", {"action": action.pk, "answer": ""})
    row.refresh_from_db()
    assert row.outcome == Outcome.PACT
    client.post(f"/pilotage/pactes/actions/{action.number}/detacher/{row.number}/")
    row.refresh_from_db()
    assert row.outcome == ""


def test_others_do_not_enter_the_screens(pact, client_for):
    member = make.make_member(make.make_chantier(territories=[pact.territory]), role=Role.LEAD).person
    for person in (member, make.make_secretary()):
        page(client_for(person), "/pilotage/pactes/sud-gironde/", 403)
    assert client_for().get("/pilotage/pactes/").status_code == 302


def test_the_reason_of_a_correction_which_its_adoption_needs_is_not_said_optional():
    form = EditionForm(instance=PactEdition(number=2), lines=[])
    drawn = {field.name: "(facultatif)" in field.as_field_group() for field in form.texts}
    assert drawn == {"introduction": True, "report": True, "change_note": False}
