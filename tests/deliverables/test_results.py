"""What everyone reads: all the results, one of them for good, its files, the feed; and the pages that lead there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Finding
from dialogue.documents.models import Version
from dialogue.people.stages import Circle
from dialogue.search.index import rebuild_all
from dialogue.search.kinds import KINDS
from dialogue.search.models import SearchEntry
from tests.deliverables.conftest import Group, a_file
from tests.deliverables.files import jpeg, tagged_pdf
from tests.deliverables.test_pages import page_of
from tests.factories import NOW, TODAY, make_chantier, make_person, make_territory, make_theme
from tests.factories_deliverables import make_result

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_page_of_a_result_says_all_that_a_reader_needs(group: Group, client_for: Any) -> None:
    group.published(published_on=date(2017, 11, 3))
    text = page_of(client_for(), "/resultats/1/")
    for words in (
        "Guide des points de vente",
        "Comment en ouvrir un.",
        "résultat n° 1",
        "Publié le vendredi 3 novembre 2017",
        "Licence Ouverte 2.0",
        "Télécharger le livrable (TXT, 16 octets)",
        "Gironde, groupe de travail « Points de vente ». « Guide des points de vente », version 1, vendredi 3 novembre 2017.",
        "qui l’a validé à sa 3e séance",
    ):
        assert words in text
    assert "Anne" not in text
    assert "Léa" not in text
    assert "Dans l’espace du groupe" not in text
    assert "Dans l’espace du groupe" in page_of(client_for(group.people["anne"]), "/resultats/1/")


def test_a_former_version_stays_at_its_address_and_leads_to_the_new_one(group: Group, client_for: Any) -> None:
    first = group.published()
    second = publishing.start_version(first, by=group.people["lea"], now=NOW)
    preparing.attach_file(second, by=group.people["anne"], now=NOW, file=a_file("Choisir deux lieux."), finding=Finding.OFFICE)
    preparing.validate_at_meeting(second, by=group.people["lea"], now=NOW, meeting_number=4, meeting_on=TODAY)
    said = {"title": "Guide des points de vente", "summary": "Mis à jour.", "access": Access.FILE}
    publishing.publish(second, by=group.people["lea"], now=NOW + timedelta(hours=1), **said)
    client = client_for()
    old = page_of(client, "/resultats/1/")
    assert "Ce résultat a été remplacé." in old
    assert '<a href="/resultats/2/">Lire la version 2' in old
    assert "remplacé" not in page_of(client, "/resultats/2/").replace("remplacée", "")
    assert b"".join(client.get("/resultats/1/fichier/").streaming_content) == b"Choisir un lieu."
    assert b"".join(client.get("/resultats/2/fichier/").streaming_content) == b"Choisir deux lieux."
    assert "/resultats/1/" not in page_of(client, "/resultats/")
    publishing.change_circle(second, by=group.people["lea"], now=NOW, circle=Circle.PARTNERS)
    page_of(client, "/resultats/1/", status=404)
    assert client.get("/resultats/1/fichier/").status_code == 404


def test_files_leave_by_a_door_that_asks_and_photographs_without_their_notes(group: Group, client_for: Any) -> None:
    row = preparing.start_deliverable(group.chantier, by=group.people["anne"], now=NOW, line=group.line)
    preparing.attach_file(row, by=group.people["anne"], now=NOW, file=jpeg(), finding=Finding.OPAQUE)
    preparing.attach_file(row, by=group.people["anne"], now=NOW, file=tagged_pdf(), finding=Finding.TAGGED, accessible=True)
    preparing.validate_at_meeting(row, by=group.people["lea"], now=NOW, meeting_number=3, meeting_on=TODAY)
    publishing.publish(row, by=group.people["lea"], now=NOW, title="Carte", summary="Où.", access=Access.VERSION)
    client = client_for()
    assert client.get("/resultats/1/fichier/").status_code == 409  # its copy is not made yet
    pdf = client.get("/resultats/1/version-accessible/")
    assert (pdf.status_code, pdf["Content-Type"], pdf["Cache-Control"]) == (200, "application/pdf", "private, no-store")
    assert client.get("/resultats/1/inconnu/").status_code == 404
    Version.objects.filter(pk=row.accessible_file_id).update(scan="infected")
    assert client.get("/resultats/1/version-accessible/").status_code == 409
    assert "refusé par l’antivirus" in page_of(client, "/resultats/1/")


def library() -> dict[str, Deliverable]:
    person, theme = make_person(), make_theme(code="eau", short_name="L’eau")
    where = make_territory(code="ici", name="Ici")
    one = make_chantier(slug="un", title="Un groupe", theme=theme, territories=[where], stage="working")
    two = make_chantier(slug="deux", title="Deux groupes", stage="working")
    return {
        "well": make_result(one, person, title="Guide des puits", published_on=date(2016, 5, 1)),
        "rain": make_result(one, person, title="Récupérer la pluie"),
        "roads": make_result(two, person, title="Carte des routes"),
        "secret": make_result(two, person, title="Réservé aux partenaires", circle="partners"),
        "draft": make_result(two, person, title="Brouillon", stage="in_progress"),
    }


def titles(client: Any, query: str = "") -> list[str]:
    found = client.get("/resultats/" + query).context["page"].object_list
    return [row.title for row in found]


def test_results_are_searched_in_french_and_filtered(group: Group, client_for: Any) -> None:
    library()
    client = client_for()
    assert titles(client) == ["Carte des routes", "Récupérer la pluie", "Guide des puits"]
    assert titles(client, "?q=guides") == ["Guide des puits"]
    assert (titles(client, "?q=recuperation"), titles(client, "?q=aucun")) == (["Récupérer la pluie"], [])
    assert titles(client, "?theme=eau&annee=2016") == ["Guide des puits"]
    assert titles(client, "?territoire=ici") == ["Récupérer la pluie", "Guide des puits"]
    assert titles(client, "?chantier=deux") == ["Carte des routes"]
    assert titles(client, "?theme=inconnu&annee=x&page=99") == titles(client)
    assert titles(client_for(make_person()), "?chantier=deux") == ["Réservé aux partenaires", "Carte des routes"]
    text = page_of(client, "/resultats/?theme=eau")
    assert "2 résultats" in text
    assert '<option value="2016">2016 (1)</option>' in text
    assert "Aucun résultat ne correspond à ces critères." in page_of(client, "/resultats/?q=zzz")


def test_without_any_result_the_page_says_so(group: Group, client_for: Any) -> None:
    assert "Aucun groupe n’a encore publié de résultat." in page_of(client_for(), "/resultats/")


def test_pages_of_twenty_keep_the_selection(group: Group, client_for: Any) -> None:
    chantier, person = make_chantier(slug="long", stage="working"), make_person()
    for _n in range(21):
        make_result(chantier, person)
    client = client_for()
    assert (len(titles(client)), len(titles(client, "?chantier=long&page=2"))) == (20, 1)
    assert "?chantier=long&amp;page=2" in page_of(client, "/resultats/?chantier=long")


def test_the_feed_holds_the_public_results_alone(group: Group, client_for: Any) -> None:
    library()
    client = client_for(make_person())
    response = client.get("/resultats/actualites.atom")
    root = ET.fromstring(response.content)
    assert sorted(entry.findtext(f"{ATOM}title") or "" for entry in root.iter(f"{ATOM}entry")) == [
        "Carte des routes",
        "Guide des puits",
        "Récupérer la pluie",
    ]
    ids = {entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")}
    assert len(ids) == 3
    again = client.get("/resultats/actualites.atom", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_the_other_pages_lead_to_the_results(group: Group, client_for: Any) -> None:
    rows = library()
    client = client_for()
    url = rows["rain"].get_absolute_url()
    for page in ("/", "/chantiers/un/", "/territoires/ici/", "/themes/eau/"):
        assert f'href="{url}"' in page_of(client, page), page
    assert "Réservé aux partenaires" not in page_of(client, "/")
    assert 'href="/resultats/"' in page_of(client, "/plan-du-site/")
    sitemap = client.get("/sitemap.xml").content.decode()
    assert f"{url}</loc>" in sitemap
    assert rows["secret"].get_absolute_url() not in sitemap


def test_the_search_finds_a_deliverable_for_those_who_may_read_it(group: Group) -> None:
    rows = library()
    group.begun()
    rebuild_all()
    kind = KINDS["result"]

    def found(reader: Any) -> set[str]:
        return set(SearchEntry.objects.filter(kind.readable_q(reader)).values_list("title", flat=True))

    assert found(AnonymousUser()) == {"Guide des puits", "Récupérer la pluie", "Carte des routes"}
    assert found(make_person()) == found(AnonymousUser()) | {"Réservé aux partenaires"}
    assert "Un guide" in found(group.people["olga"])
    entry = SearchEntry.objects.get(kind="result", thing_id=rows["well"].pk)
    assert (entry.path_outside, entry.path) == (rows["well"].get_absolute_url(), rows["well"].group_url)
    assert reverse("deliverables:results") == "/resultats/"
