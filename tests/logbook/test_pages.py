"""The pages of the carnet: what readers see, what the group sends from a phone, what the team does on its table."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from dialogue.logbook import tasks
from dialogue.logbook.acts import consent
from dialogue.logbook.models import BoundFile, Edition, Editor, LogbookEntry
from dialogue.logbook.stages import EditionStage, Treatment
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chantier():
    make.make_department()
    return make.make_chantier(slug="manger-local", title="Manger local")


@pytest.fixture
def member(chantier):
    return make.make_member(chantier).person


@pytest.fixture
def coordinator():
    return make.make_coordinator()


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


# Readers ----------------------------------------------------------------------------------------------------------------


def test_before_the_first_carnet_the_page_says_what_will_come(client_for, chantier):
    assert "le premier carnet paraîtra ici" in text(client_for().get("/carnet/"))


def test_a_carnet_is_read_by_everybody_and_found_from_the_front_pages(client_for, chantier, member):
    photo = make.make_entry(chantier, kind="photo", by=member, stage="chosen")
    edition = make.make_edition(photo, stage="published", title="À mi-marée")
    page = text(client_for().get(edition.get_absolute_url()))
    assert "<h1>À mi-marée</h1>" in page
    assert f'alt="{photo.alternative}"' in page
    assert 'loading="lazy"' in page
    assert f"/carnet/photos/{photo.key.hex}/480.avif 480w" in page
    for address in ("/carnet/", "/plan-du-site/", "/sitemap.xml"):
        assert edition.get_absolute_url() in text(client_for().get(address)), address


def test_a_draft_is_nobodys_but_the_teams(client_for, chantier, coordinator, member):
    edition = make.make_edition(make.make_entry(chantier, stage="chosen"))
    assert client_for(coordinator).get(reverse("logbook:preview", args=[edition.pk])).status_code == 200
    assert client_for(member).get(reverse("logbook:preview", args=[edition.pk])).status_code == 403
    assert client_for().get("/carnet/").status_code == 200
    assert edition.title not in text(client_for().get("/carnet/"))
    assert client_for(coordinator).get(reverse("logbook:preview_pdf", args=[edition.pk])).content.startswith(b"%PDF")


def test_a_photo_is_the_groups_until_it_is_published_and_nobodys_once_an_agreement_ends(client_for, chantier, member):
    entry = make.make_entry(chantier, kind="photo", by=member, stage="chosen")
    address = f"/carnet/photos/{entry.key.hex}/480.webp"
    assert client_for().get(address).status_code == 404
    answer = client_for(member).get(address)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    make.make_edition(entry, stage="published")
    answer = client_for().get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=3600")
    image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert (image.format, image.size[0], dict(image.getexif())) == ("WEBP", 480, {})
    for wrong in ("481.webp", "480.png", "480.jpg"):
        assert client_for().get(address.replace("480.webp", wrong)).status_code == 404
    consent.end_consent(entry, by=member, now=make.NOW)
    assert client_for().get(address).status_code == 404


def test_a_published_page_says_that_a_photo_was_withdrawn(client_for, chantier, member):
    entry = make.make_entry(chantier, kind="photo", by=member, stage="chosen")
    edition = make.make_edition(entry, stage="published")
    consent.end_consent(entry, by=member, now=make.NOW)
    page = text(client_for().get(edition.get_absolute_url()))
    assert "Photo retirée depuis, à la demande d’une personne." in page
    assert entry.key.hex not in page


def test_a_carnet_that_was_tampered_with_shows_no_seal_and_the_log_says_so(client_for, chantier, caplog):
    edition = make.make_edition(make.make_entry(chantier, stage="published"), stage="published")
    assert edition.sha256[:16] in client_for().get(edition.get_absolute_url()).content.decode()
    Edition.objects.update(content=edition.content | {"title": "Faux"})
    page = client_for().get(edition.get_absolute_url()).content.decode()
    assert "Le contenu de cette page ne correspond plus à son empreinte." in page
    assert edition.sha256[:16] not in page
    told = [record.message for record in caplog.records if record.name == "dialogue.formats.json"]
    assert told == [f"the content of {edition} (Edition) is not what its seal says"]


def test_files_are_downloaded_once_the_worker_has_made_them(client_for, chantier):
    edition = make.make_edition(make.make_entry(chantier, stage="chosen"), stage="published")
    address = reverse("logbook:download", args=[edition.slug, "epub"])
    assert client_for().get(address).status_code == 409
    bound = BoundFile.objects.create(edition=edition, format="epub")
    assert "se prépare" in text(client_for().get(address))
    tasks.bind.call(bound.pk)
    answer = client_for().get(address)
    assert answer["Content-Type"] == "application/epub+zip"
    assert f'filename="carnet-{edition.number}-' in answer["Content-Disposition"]
    assert "EPUB," in text(client_for().get(edition.get_absolute_url()))
    assert client_for().get(address.replace(".epub", ".doc")).status_code == 404


def test_nothing_of_the_carnet_names_who_did_not_agree(client_for, chantier, member):
    silent, named = make.make_entry(chantier, by=member, stage="chosen"), make.make_person(name="Une Prête-Nom")
    told = make.make_entry(chantier, by=named, may_name=True, stage="chosen")
    page = text(client_for().get(make.make_edition(silent, told, stage="published").get_absolute_url()))
    assert member.name not in page
    assert "Une Prête-Nom" in page


# The group --------------------------------------------------------------------------------------------------------------


def sent_photo(**changes: Any) -> dict[str, Any]:
    photo = SimpleUploadedFile("IMG.jpg", make.make_jpeg(640, 480), content_type="image/jpeg")
    return {
        "file": photo, "alternative": "Trois femmes autour d’une table.", "consent": "on", "consent_by": "Elles trois",
        "on": "2017-09-19", "client_key": "6f1c2f2e-4b7e-4a52-9a53-5f2d8e3d8f11",
    } | changes  # fmt: skip


def test_a_photo_sent_with_a_mistake_beside_it_is_asked_for_again(client_for, chantier, member):
    answer = client_for(member).post(f"/chantiers/{chantier.slug}/espace/carnet/proposer/?nature=photo", sent_photo(alternative=""))
    assert answer.status_code == 422
    assert "le navigateur ne le garde pas" in text(answer)


def test_a_photo_is_sent_with_one_short_form(client_for, chantier, member, django_capture_on_commit_callbacks):
    browser = client_for(member)
    choices = text(browser.get("/chantiers/manger-local/espace/carnet/proposer/"))
    assert choices.count('href="?nature=') == 6
    address = "/chantiers/manger-local/espace/carnet/proposer/?nature=photo"
    assert 'type="file"' in text(browser.get(address))
    answer = browser.post(address, sent_photo())
    assert (answer.status_code, answer["Location"]) == (302, "/chantiers/manger-local/espace/carnet/")
    browser.post(address, sent_photo())
    entry = LogbookEntry.objects.get()
    assert (entry.consent_by, entry.treatment, entry.may_name) == ("Elles trois", Treatment.WAITING, False)
    page = text(browser.get("/chantiers/manger-local/espace/carnet/"))
    assert "Le fichier se prépare." in page
    tasks.prepare.call(entry.pk)
    assert f"/carnet/photos/{entry.key.hex}/480.webp" in text(browser.get("/chantiers/manger-local/espace/carnet/"))


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(client_for, chantier, member):
    address = "/chantiers/manger-local/espace/carnet/proposer/?nature=photo"
    answer = client_for(member).post(address, sent_photo(alternative="", consent=""))
    page = text(answer)
    assert answer.status_code == 422
    assert "Décrivez la photo en une phrase." in page
    assert "Sans l’accord des personnes" in page
    assert 'value="Elles trois"' in page
    broken = SimpleUploadedFile("a.jpg", b"%PDF-1.4 not a photo", content_type="image/jpeg")
    assert "Ce fichier n’est pas une photo" in text(client_for(member).post(address, sent_photo(file=broken)))
    assert not LogbookEntry.objects.exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("verbatim", {"text": "On s’est assis.", "credit": "Un maraîcher", "consent": "on"}),
        ("figure", {"figure": "18", "text": "organismes"}),
        ("story", {"text": "Tout a commencé."}),
        ("step", {"text": "Six cantines choisies."}),
    ],
)
def test_each_nature_has_its_form(client_for, chantier, member, kind, words):
    answer = client_for(member).post(
        f"/chantiers/manger-local/espace/carnet/proposer/?nature={kind}", words | {"on": "2017-09-19"}
    )
    assert answer.status_code == 302
    assert LogbookEntry.objects.get().kind == kind


def test_ones_own_is_mended_or_taken_back_after_a_page_that_says_the_consequence(client_for, chantier, member):
    entry, browser = make.make_entry(chantier, by=member), client_for(member)
    base = f"/chantiers/manger-local/espace/carnet/{entry.pk}/"
    assert (
        browser.post(base + "modifier/", {"text": "Autrement.", "credit": "Un maraîcher", "on": "2017-09-20"}).status_code == 302
    )
    assert LogbookEntry.objects.get().text == "Autrement."
    assert "Cela ne se défait pas" in text(browser.get(base + "reprendre/"))
    browser.post(base + "reprendre/")
    assert LogbookEntry.objects.get().stage == "withdrawn"
    assert "Rien n’est encore recueilli" in text(browser.get("/chantiers/manger-local/espace/carnet/"))


def test_someone_outside_the_group_finds_nothing(client_for, chantier, member):
    entry = make.make_entry(chantier, by=member)
    other = make.make_member(make.make_chantier()).person
    for address in ("", "proposer/", f"{entry.pk}/reprendre/", f"{entry.pk}/accord/"):
        assert client_for(other).get(f"/chantiers/manger-local/espace/carnet/{address}").status_code == 403


def test_the_space_shows_the_carnet(client_for, chantier, member):
    make.make_entry(chantier, by=member, text="On ne s’était jamais assis.")
    page = text(client_for(member).get("/chantiers/manger-local/espace/"))
    assert "On ne s’était jamais assis." in page
    assert "/chantiers/manger-local/espace/carnet/proposer/" in page


# The team's table -------------------------------------------------------------------------------------------------------


def test_an_edition_is_made_from_the_table_without_a_script(client_for, chantier, member, coordinator):
    browser = client_for(coordinator)
    entries = [make.make_entry(chantier, by=member, text=f"Parole {n}") for n in range(2)]
    for entry in entries:
        browser.post(f"/pilotage/carnet/{entry.pk}/retenir/", {"retour": "?etat=proposed"})
    assert "Retenu (2)" in text(browser.get("/pilotage/carnet/?etat=chosen"))
    browser.post("/pilotage/carnet/editions/", {"title": "À mi-marée", "period": "automne 2017"})
    edition = Edition.objects.get()
    base = f"/pilotage/carnet/editions/{edition.pk}/"
    browser.post(base + "escales/", {"title": "La cuisine", "introduction": "Tout a commencé.", "chantier": chantier.pk})
    chapter = edition.chapters.get()
    for entry in entries:
        browser.post(f"{base}placer/{entry.pk}/", {"chapter": chapter.pk})
    last = chapter.placements.last()
    browser.post(f"{base}elements/{last.pk}/haut/")
    browser.post(f"{base}elements/{last.pk}/page/", {"layout": "beside"})
    assert [(p.entry.text, p.layout) for p in chapter.placements.all()] == [("Parole 1", "beside"), ("Parole 0", "quote")]
    page = text(browser.get(base + "chiffres/?annee=2017"))
    assert "groupes de travail, dans 1 territoire" in page
    given = re.findall(r'name="(f-[\w-]+)"[^>]*?value="([^"]*)"', page)
    browser.post(base + "chiffres/", dict(given) | {"f-3-value": "81", "f-3-title": "séances"})
    assert edition.figures.filter(value="81").exists()
    assert "Voir comme les lecteurs" in text(browser.get(base))
    assert "partenaires le verront dans leur résumé" in text(browser.get(base + "publier/"))
    assert browser.post(base + "publier/").status_code == 302
    edition.refresh_from_db()
    assert (edition.stage, edition.slug) == (EditionStage.PUBLISHED, "a-mi-maree")
    assert "Parole 1" in text(client_for().get("/carnet/a-mi-maree/"))
    browser.post(base + "corriger/")
    draft = Edition.objects.get(stage="draft")
    assert "Ce que cette édition corrige" in text(browser.get(f"/pilotage/carnet/editions/{draft.pk}/presentation/"))
    browser.post(f"/pilotage/carnet/editions/{draft.pk}/abandonner/")
    assert Edition.objects.count() == 1


def test_a_refusal_takes_a_word_to_the_author_and_comes_back_to_the_list_as_it_was(client_for, chantier, coordinator):
    entry, browser = make.make_entry(chantier), client_for(coordinator)
    address = f"/pilotage/carnet/{entry.pk}/ne-pas-retenir/?retour=%3Fetat%3Dproposed%26nature%3Dverbatim"
    assert browser.post(address, {"answer": ""}).status_code == 422
    answer = browser.post(address, {"answer": "Trop général.", "retour": "?etat=proposed&nature=verbatim"})
    assert answer["Location"] == "/pilotage/carnet/?etat=proposed&nature=verbatim"
    assert "Votre mot : Trop général." in text(browser.get("/pilotage/carnet/?etat=refused"))
    browser.post(f"/pilotage/carnet/{entry.pk}/relire/", {"retour": "//mechant.example"})
    assert LogbookEntry.objects.get().stage == "proposed"


def test_publishing_an_unfinished_carnet_says_what_is_missing(client_for, coordinator, chantier):
    edition = Edition.objects.create(number=1, title="Vide", drafted_at=make.NOW)
    answer = client_for(coordinator).get(f"/pilotage/carnet/editions/{edition.pk}/publier/", follow=True)
    assert "Ce carnet n’a encore aucune escale." in text(answer)


def test_the_coordination_names_the_team(client_for, coordinator, chantier):
    person = make.make_person(email="plume@partenaire.example", name="Plume")
    browser = client_for(coordinator)
    assert "Aucun compte n’a cette adresse" in text(browser.post("/pilotage/carnet/equipe/", {"email": "x@y.example"}))
    browser.post("/pilotage/carnet/equipe/", {"email": "PLUME@partenaire.example"})
    assert Editor.objects.get().person == person
    assert client_for(person).get("/pilotage/carnet/").status_code == 200
    assert client_for(person).get("/pilotage/carnet/equipe/").status_code == 403
    browser.post(f"/pilotage/carnet/equipe/{person.pk}/retirer/")
    assert client_for(person).get("/pilotage/carnet/").status_code == 403


def test_the_team_writes_from_its_table(client_for, coordinator, chantier):
    browser = client_for(coordinator)
    answer = browser.post(
        "/pilotage/carnet/ecrire/?nature=story", {"text": "Six mois.", "on": "2017-11-03", "chantier": chantier.pk}
    )
    assert answer.status_code == 302
    assert (LogbookEntry.objects.get().stage, LogbookEntry.objects.get().chantier) == ("chosen", chantier)
