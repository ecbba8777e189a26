"""The pages: prepared on one screen by a tired officer, read by everybody, with the météo for partners alone."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from pptx import Presentation
from pypdf import PdfReader

from dialogue.chantiers.models import Chantier
from dialogue.ledger import clock
from dialogue.people.stages import Circle
from dialogue.restitution.acts import points
from dialogue.restitution.models import PointVersion, ProgressPoint
from dialogue.restitution.stages import PaperStage
from tests import factories as make

pytestmark = pytest.mark.django_db
PILOT = "/pilotage/restitution/"
PREPARE, PAGE = PILOT + "conseils-6/sud-gironde/", "/restitution/conseils-6/sud-gironde/"
MIST = "Il manque un relais"


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)


def text(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


# Preparing -------------------------------------------------------------------------------------------------------------


def test_one_click_prepares_every_territory(place, client_for):
    make.make_territory(code="medoc", name="Médoc")
    desk = client_for(place.desk)
    assert "Préparer ces 2 points en un clic" in text(desk.get(PILOT + "conseils-6/"))
    answer = desk.post(PILOT + "conseils-6/preparer/", follow=True)
    assert "2 points d’étape sont préparés." in text(answer)
    assert ProgressPoint.objects.count() == 2
    assert "rien ne change" in text(desk.post(PILOT + "conseils-6/preparer/", follow=True))
    page = text(desk.get(PILOT + "conseils-6/"))
    assert "0 sur 3" in page
    assert "1 point bloquant" in page  # Médoc has no chantier


def test_nothing_is_known_of_a_gathering_that_is_not_in_the_calendar(place, client_for):
    assert client_for(place.desk).get(PILOT + "conseils-8/").status_code == 404
    assert client_for().get("/restitution/conseils-8/").status_code == 404
    assert client_for().get("/restitution/n-importe-quoi/").status_code == 404


def form_of(client) -> dict[str, str]:
    """What a browser would send back unchanged."""
    form = client.get(PREPARE).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            data[field.html_name] = value
        elif isinstance(value, bool):
            if value:
                data[field.html_name] = "on"
        else:
            data[field.html_name] = "" if value is None else str(value)
    return data


def test_every_button_saves_what_is_written_before_it_does_what_it_says(place, client_for):
    point = place.draft()
    line, desk = place.line(point, place.open), client_for(place.desk)
    data = form_of(desk) | {f"done-{line.pk}": "Nos mots.", "introduction": "Bonsoir.", "do": f"refresh-{line.pk}"}
    answer = desk.post(PREPARE, data, follow=True)
    assert "vos textes n’ont pas changé" in text(answer)
    line.refresh_from_db()
    point.refresh_from_db()
    assert (line.done, point.introduction) == ("Nos mots.", "Bonsoir.")
    for do in ("steps", "down", "up", "leave", "take"):
        assert desk.post(PREPARE, form_of(desk) | {"do": f"{do}-{line.pk}"}).status_code == 302
    line.refresh_from_db()
    assert (line.left_out, line.done.split("\n")[0]) == (False, "Nos mots.")
    assert "Visiter les cantines" in line.done


def test_what_somebody_saved_in_between_stands_beside_what_was_typed(place, client_for):
    point = place.draft()
    line, desk = place.line(point, place.open), client_for(place.desk)
    typed = form_of(desk) | {f"done-{line.pk}": "Ma version."}
    points.edit_point(point, **place.facts, revision=0, values={}, lines={line.pk: {"done": "Sa version."}})
    answer = desk.post(PREPARE, typed)
    page = text(answer)
    assert answer.status_code == 422
    assert "Ma version." in page
    assert "Enregistré entre-temps par quelqu’un d’autre : « Sa version. »" in page
    again = typed | {"revision": str(answer.context["form"]["revision"].value())}
    assert desk.post(PREPARE, again).status_code == 302
    line.refresh_from_db()
    assert line.done == "Ma version."


def test_freezing_and_publishing_say_their_consequence_first(place, client_for):
    point, desk = place.draft(), client_for(place.desk)
    neighbour = make.make_organisation(commune=make.make_commune(territory=place.territory))
    make.make_mandate(organisation=neighbour)
    answer = desk.post(PREPARE, form_of(desk) | {"do": "freeze-point"}, follow=True)
    assert answer.request["PATH_INFO"] == PREPARE + "figer/"
    assert "la météo a 40 jours" in text(answer)
    desk.post(PREPARE + "figer/")
    page = text(desk.get(PREPARE + "publier/"))
    assert "2 membres des groupes sont prévenus ; 1 autre partenaire dans son résumé." in page
    assert client_for().get(PAGE).status_code == 404
    desk.post(PREPARE + "publier/")
    point.refresh_from_db()
    assert point.stage == PaperStage.PUBLISHED
    assert client_for().get(PAGE).status_code == 200


def test_a_point_with_something_missing_goes_back_to_the_screen_with_the_reason(place, client_for):
    point = place.draft()
    points.edit_point(point, **place.facts, revision=0, values={"introduction": ""})
    answer = client_for(place.desk).get(PREPARE + "figer/", follow=True)
    assert answer.request["PATH_INFO"] == PREPARE
    assert "L’introduction est vide." in text(answer)


def test_the_preview_shows_what_each_will_read(place, client_for):
    place.draft()
    desk = client_for(place.desk)
    public, partners = text(desk.get(PREPARE + "apercu/")), text(desk.get(PREPARE + "apercu/?comme=partenaires"))
    assert (MIST in public, "En interne" in public) == (False, False)
    assert (MIST in partners, "En interne" in partners) == (True, True)


# Reading ---------------------------------------------------------------------------------------------------------------


def test_the_meteo_and_the_partners_chantiers_are_for_partners_alone(place, client_for):
    place.publish()
    for reader, sees in ((None, False), (make.make_newcomer(), False), (make.make_person(), True), (place.desk, True)):
        page = text(client_for(reader).get(PAGE))
        assert (MIST in page, "En interne" in page, "Écrire le guide" in page) == (sees, sees, sees)
    as_public = text(client_for(place.member).get(PAGE + "?comme=public"))
    assert MIST not in as_public
    assert "Vous lisez comme le public." in as_public


def test_a_call_leads_to_the_request_to_join_and_the_short_address_too(place, client_for):
    place.publish()
    visitor = client_for()
    assert 'href="/chantiers/manger-local/rejoindre/"' in text(visitor.get(PAGE))
    answer = visitor.get("/rejoindre/2/")
    assert answer["Location"] == "/chantiers/manger-local/rejoindre/"
    assert visitor.get("/rejoindre/3/").status_code == 404


def test_a_chantier_withdrawn_from_the_public_since_is_not_shown_any_more(place, client_for):
    place.publish()
    Chantier.objects.filter(pk=place.open.pk).update(circle=Circle.PARTNERS)
    assert "Manger local" not in text(client_for().get(PAGE))
    assert "Manger local" in text(client_for(place.member).get(PAGE))
    made = client_for().get("/restitution/conseils-6/sud-gironde.pdf")
    assert "Manger local" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)


@pytest.mark.parametrize("reader", ["visitor", "partner"])
def test_a_version_that_was_tampered_with_shows_no_seal_and_the_log_says_so(place, client_for, caplog, reader):
    version = place.publish()
    client = client_for(place.member) if reader == "partner" else client_for()
    seal = version.sha256_reserved if reader == "partner" else version.sha256
    assert seal in text(client.get(PAGE))
    PointVersion.objects.update(content=version.content | {"introduction": "Faux."})
    page = text(client.get(PAGE))
    assert "Le contenu de cette page ne correspond plus à son empreinte." in page
    assert seal not in page
    told = [record.message for record in caplog.records if record.name == "dialogue.formats.json"]
    assert told == [f"the content of {version} (PointVersion) is not what its seal says"]


def test_versions_are_read_and_compared_only_once_published(place, client_for):
    place.publish()
    point = ProgressPoint.objects.get()
    points.correct_point(point, **place.facts)
    line = place.line(point, place.open)
    points.edit_point(point, **place.facts, revision=point.revision, values={}, lines={line.pk: {"done": "- Corrigé."}})
    points.freeze_point(point, **place.facts, note="Une erreur")
    visitor = client_for()
    assert visitor.get(PAGE + "?version=2").status_code == 404
    assert visitor.get(PAGE + "differences/1-2/").status_code == 404
    assert "Corrigé" not in text(visitor.get(PAGE))
    points.publish_point(point, **place.facts)
    assert "Corrigé" in text(visitor.get(PAGE))
    assert "Vous lisez une version ancienne." in text(visitor.get(PAGE + "?version=1"))
    page = text(visitor.get(PAGE + "differences/1-2/"))
    assert "Une erreur" in page
    assert "Corrigé" in page
    assert "étapes" not in page  # those of partners are not compared in public


def test_lists_territory_agenda_and_sitemap_lead_to_what_is_published(place, client_for):
    visitor = client_for()
    assert "Rien n’est encore publié" in text(visitor.get("/restitution/"))
    assert "Rien n’est encore publié" in text(visitor.get("/restitution/conseils-6/"))
    place.publish()
    for path in ("/restitution/", "/restitution/conseils-6/", "/territoires/sud-gironde/", "/agenda/", "/sitemap.xml"):
        assert PAGE in text(visitor.get(path)), path
    assert "/restitution/" in text(visitor.get("/plan-du-site/"))
    dashboard = text(client_for(place.desk).get("/pilotage/"))
    assert f'href="{PILOT}conseils-6/"' in dashboard


# Files -----------------------------------------------------------------------------------------------------------------


def pdf_text(response) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages).split())


def deck_text(response) -> str:
    told = []
    for slide in Presentation(io.BytesIO(response.content)).slides:
        told += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        told += [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide else []
    return "\n".join(told)


@pytest.mark.parametrize("suffix", [".pdf", "-diapositives.pdf", ".pptx"])
def test_files_for_the_public_leave_the_meteo_out_and_partners_have_their_own(place, client_for, suffix):
    place.publish()
    read = deck_text if suffix == ".pptx" else pdf_text
    path = f"/restitution/conseils-6/sud-gironde{suffix}"
    public = client_for().get(path)
    assert public.status_code == 200
    assert ("Manger local" in read(public), "Nuageux" in read(public), "En interne" in read(public)) == (True, False, False)
    assert read(client_for(place.member).get(path)) == read(public)
    partners = client_for(place.member).get(path + "?edition=partenaires")
    assert ("Nuageux" in read(partners), "En interne" in read(partners)) == (True, True)
    assert "partenaires" in partners["Content-Disposition"]
    for reader in (None, make.make_newcomer()):
        assert client_for(reader).get(path + "?edition=partenaires").status_code == 404


def test_the_same_version_gives_the_same_bytes_and_is_not_sent_twice(place, client_for):
    place.publish()
    for suffix in (".pdf", "-diapositives.pdf", ".pptx"):
        path = f"/restitution/conseils-6/sud-gironde{suffix}"
        first, second = client_for().get(path), client_for().get(path)
        assert first.content == second.content
        assert client_for().get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_addresses_are_said_by_reverse(place):
    assert reverse("restitution:point", args=["conseils-6", "sud-gironde"]) == PAGE
    assert reverse("restitution:gathering", args=["conference-3"]) == "/restitution/conference-3/"
