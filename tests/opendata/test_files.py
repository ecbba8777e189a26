"""The data sets as files, their pages, and the catalogue."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from dialogue.chantiers.models import Chantier
from dialogue.opendata import files, sets
from dialogue.territories.models import Outline
from tests import factories as make
from tests.opendata.test_api import OF_THE_WORLD

# rdflib's own reader of JSON-LD speaks of its next version.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")]
DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
SQUARE = {"type": "Polygon", "coordinates": [[[-0.5, 44.8], [-0.4, 44.8], [-0.4, 44.9], [-0.5, 44.8]]]}


def body(client: Any, path: str) -> bytes:
    answer = client.get(f"/donnees/{path}")
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_every_data_set_says_the_same_in_csv_xlsx_and_json(client, world):
    for resource in sets.ALL:
        rows = table(body(client, f"{resource.code}.csv"))
        book = load_workbook(io.BytesIO(body(client, f"{resource.code}.xlsx")), read_only=True)
        sheet = list(book.worksheets[0].values)
        book.close()
        items = json.loads(body(client, f"{resource.code}.json"))["donnees"]
        heading = [column.code for column in resource.columns]
        assert list(sheet[0]) == heading, resource.code
        assert len(rows) == len(sheet) - 1 == len(items), resource.code
        assert not rows or list(rows[0]) == list(items[0]) == heading, resource.code


def test_a_file_holds_what_the_public_reads_and_no_more(client, client_for, world):
    for reader in (client, client_for(world.people["coordination"])):
        assert [row["code"] for row in table(body(reader, "chantiers.csv"))] == OF_THE_WORLD
        assert "Salle" not in body(reader, "seances.csv").decode()


def test_a_roadmap_makes_a_line_for_each_commitment(client, world):
    rows = [row for row in table(body(client, "feuilles-de-route.csv")) if row["chantier"] == "ours"]
    assert [(row["nature"], row["intitule"]) for row in rows] == [
        ("objectif", "Trois cantines approvisionnées"),
        ("livrable", "Schéma d’approvisionnement"),
        ("etape", "Recenser les cantines"),
    ]


def test_a_text_that_would_compute_is_made_harmless(client, world):
    Chantier.objects.filter(slug="ours").update(title='=HYPERLINK("http://mal.example";"ici")')
    assert table(body(client, "chantiers.csv"))[0]["titre"].startswith("'=HYPERLINK")
    sheet = load_workbook(io.BytesIO(body(client, "chantiers.xlsx"))).worksheets[0]
    assert sheet["C2"].data_type == "s"
    assert sheet["C2"].quotePrefix
    assert json.loads(body(client, "chantiers.json"))["donnees"][0]["titre"].startswith("=HYPERLINK")


def test_the_map_gives_each_thing_its_outline_or_none(client):
    drawn, bare = make.make_territory(code="dessine"), make.make_territory(code="nu")
    Outline.objects.create(territory=drawn, geometry=SQUARE)
    make.make_chantier(slug="ici", territories=[drawn, bare])
    found = json.loads(body(client, "territoires.geojson"))
    assert found["type"] == "FeatureCollection"
    assert [(f["id"], f["geometry"]) for f in found["features"]] == [("dessine", SQUARE), ("nu", None)]
    chantier = json.loads(body(client, "chantiers.geojson"))["features"][0]
    assert chantier["geometry"] == {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}
    assert chantier["properties"]["territoires"] == ["dessine", "nu"]
    assert client.get("/donnees/communes.geojson").status_code == 404


def test_a_file_is_written_as_it_is_read(client):
    """Neither the queries nor the answer grow with the rows of a chunk."""
    for n in range(3):
        make.make_contribution(title=f"Texte {n}")
    with CaptureQueriesContext(connection) as few:
        body(client, "contributions.csv")
    for n in range(30):
        make.make_contribution(title=f"Autre {n}")
    with CaptureQueriesContext(connection) as many:
        assert len(table(body(client, "contributions.csv"))) == 33
    assert len(few) == len(many) <= 4
    assert client.get("/donnees/contributions.csv").streaming


def test_an_unchanged_file_is_not_sent_again(client, world):
    first = client.get("/donnees/chantiers.csv")
    assert b"".join(first.streaming_content)
    head = client.head("/donnees/chantiers.csv")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert client.get("/donnees/chantiers.csv", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert first["Content-Disposition"] == 'attachment; filename="chantiers.csv"'
    assert first["Access-Control-Allow-Origin"] == "*"


def test_a_file_is_in_french_whoever_asks(client, world):
    answer = client.get("/donnees/organismes.csv", headers={"accept-language": "en"})
    assert "association" in b"".join(answer.streaming_content).decode()
    assert answer["Content-Language"] == "fr"


def graph(client: Any, extension: str, kind: str) -> Graph:
    answer = client.get(f"/donnees/catalogue.{extension}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.content.decode(), format=kind)


def test_the_catalogue_says_the_same_in_both_languages_of_machines(client, world):
    linked, turtle = graph(client, "jsonld", "json-ld"), graph(client, "ttl", "turtle")
    assert set(linked) == set(turtle)
    assert len(turtle) > 300


def test_every_data_set_and_distribution_of_the_catalogue_has_its_licence(client, world):
    found = graph(client, "ttl", "turtle")
    datasets, distributions = list(found.subjects(RDF.type, DCAT.Dataset)), list(found.subjects(RDF.type, DCAT.Distribution))
    assert (len(datasets), len(distributions)) == (len(sets.ALL), 3 * len(sets.ALL) + 2)
    for thing in (*found.subjects(RDF.type, DCAT.Catalog), *datasets, *distributions):
        assert str(found.value(thing, DCT.license)) == files.LICENCE, thing
    catalogue = found.value(predicate=RDF.type, object=DCAT.Catalog)
    assert set(found.objects(catalogue, DCAT.dataset)) == set(datasets)


def test_every_distribution_resolves(client, world):
    found = graph(client, "jsonld", "json-ld")
    for one in found.subjects(RDF.type, DCAT.Distribution):
        path = str(found.value(one, DCAT.downloadURL)).removeprefix("http://localhost:8000")
        answer = client.get(path)
        assert answer.status_code == 200, path
        media = str(found.value(one, DCAT.mediaType)).rpartition("assignments/media-types/")[2]
        assert answer["Content-Type"].partition(";")[0] == media, path
        assert b"".join(answer.streaming_content), path
        page = str(found.value(one, DCAT.accessURL)).removeprefix("http://localhost:8000")
        assert client.get(page).status_code == 200, page


def test_a_title_with_quotes_does_not_break_the_catalogue(client):
    make.make_department(name='Le "Grand\\Large"\n')
    names = {str(name) for name in graph(client, "ttl", "turtle").objects() if "Grand" in str(name)}
    assert 'Département : Le "Grand\\Large"\n' in names


def test_the_page_of_a_data_set_says_its_licence_columns_and_size(client, world):
    page = client.get("/donnees/chantiers/").content.decode()
    for words in ("Licence Ouverte 2.0", "<code>livrable_attendu_le</code>", "GeoJSON", "/api/v1/chantiers/", "à chaque publication"):
        assert words in page
    assert "CSV (" in page
    assert client.get("/donnees/rien/").status_code == 404


def test_a_data_set_without_rows_says_so(client):
    assert "Rien n’est encore publié ici." in client.get("/donnees/decisions/").content.decode()


def test_the_pages_lead_to_each_other_from_the_footer_on(client, world):
    home = client.get("/").content.decode()
    assert 'href="/donnees/"' in home
    overview = client.get("/donnees/").content.decode()
    for path in ("/api/", "/integrer/", "/donnees/catalogue.jsonld", *(f"/donnees/{code}/" for code in sets.BY_CODE)):
        assert f'href="{path}"' in overview
    documentation = client.get("/api/").content.decode()
    assert 'id="erreur-429"' in documentation
    assert "300 par minute" in documentation.replace(" ", " ")
    assert "/donnees/" in client.get("/sitemap.xml").content.decode()
