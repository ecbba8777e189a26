# ruff: noqa: E501 — a sentence beside what causes it reads best on one line
"""Outlines: what is imported, what is refused and where, and what pages draw of them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.territories import acts, maps, outlines
from dialogue.territories.models import Outline, Territory
from tests.factories import NOW, make_person, make_territory

pytestmark = pytest.mark.django_db

REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "geo" / "territoires.geojson"
SQUARE = [[0.0, 44.0], [1.0, 44.0], [1.0, 45.0], [0.0, 45.0], [0.0, 44.0]]


def feature(code: str, **geometry: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [copy.deepcopy(SQUARE)]} | geometry,
    }


def collection(*features: Any, **extra: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **extra}


@pytest.fixture
def two() -> list[Territory]:
    return [make_territory(code="nord", name="Côte d’Argent"), make_territory(code="sud", name="Sud")]


def run(document: Any) -> int:
    return acts.import_outlines(None, by=SYSTEM, now=NOW, document=document, file="c.geojson")


def reasons(document: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        run(document)
    assert not Outline.objects.exists()
    return caught.value.reasons


@pytest.mark.skipif(not REAL.exists(), reason=f"LEFT OUT: the outlines of Gironde are not on this machine ({REAL})")
def test_the_outlines_of_gironde_are_imported_and_drawn() -> None:
    call_command("load_frame", stdout=StringIO())
    out = StringIO()
    call_command("import_outlines", str(REAL), stdout=out)
    assert out.getvalue().strip() == "9 contours importés."
    call_command("import_outlines", str(REAL), stdout=(again := StringIO()))
    assert again.getvalue().strip() == "Ces contours sont déjà là : rien ne change."
    drawn = [(shape.territory, shape.d) for shape in maps.outline_map(Territory.objects.all(), width=600, height=680).shapes]
    assert [territory.code for territory, _d in drawn] == list(Territory.objects.values_list("code", flat=True))
    numbers = [float(n) for _territory, d in drawn for n in re.findall(r"-?[\d.]+", d)]
    assert min(numbers) >= 0
    assert max(numbers) <= 680
    medoc, sud = ({t.code: d for t, d in drawn}[code] for code in ("medoc", "sud-gironde"))
    top = [min(float(y) for y in re.findall(r" ([\d.]+)", d)) for d in (medoc, sud)]
    assert top[0] < top[1], "north is up"


def test_territories_are_matched_by_code_then_by_name_accents_aside(two: list[Territory]) -> None:
    by_name = feature("") | {"properties": {"nom": "Cote d'argent"}}
    assert run(collection(feature("sud"), by_name, attribution="IGN, Licence Ouverte")) == 2
    outline = Outline.objects.get(territory=two[0])
    assert (outline.geometry, outline.source) == ({"type": "Polygon", "coordinates": [SQUARE]}, "IGN, Licence Ouverte")


OPEN = SQUARE[:-1]
WRONG: list[tuple[str, Any, str]] = [
    ("no collection", [], "c.geojson : il faut une collection GeoJSON : « type » vaut « FeatureCollection », « features » est une liste."),
    ("unknown", collection(feature("nord"), feature("sud"), feature("est")), "c.geojson, features[2].properties : aucun territoire n’a ce code ni ce nom : « est ». « code » ou « nom » doit être celui d’un territoire du cadre."),
    ("missing", collection(feature("nord")), "c.geojson, features : il manque le contour de « Sud »."),
    ("twice", collection(feature("nord"), feature("sud"), feature("nord")), "c.geojson, features[2] : le territoire « Côte d’Argent » a déjà un contour : features[0]."),
    ("a point", collection(feature("nord", type="Point"), feature("sud")), "c.geojson, features[0].geometry.type : il faut « Polygon » ou « MultiPolygon »."),
    ("no geometry", collection(feature("nord"), feature("sud") | {"geometry": None}), "c.geojson, features[1].geometry.type : il faut « Polygon » ou « MultiPolygon »."),
    ("an open ring", collection(feature("nord"), feature("sud", coordinates=[SQUARE, OPEN])), "c.geojson, features[1].geometry.coordinates[1] : l’anneau n’est pas fermé : sa dernière position doit être la première."),
    ("a short ring", collection(feature("nord"), feature("sud", coordinates=[[[0, 1], [0, 1]]])), "c.geojson, features[1].geometry.coordinates[0] : un anneau a quatre positions au moins."),
    ("metres", collection(feature("nord"), feature("sud", coordinates=[[[417000.0, 6420000.0], *SQUARE]])), "c.geojson, features[1].geometry.coordinates[0][0] : cette position est hors du globe. Les coordonnées doivent être en degrés (WGS 84), pas en mètres."),
    ("text", collection(feature("nord"), feature("sud", type="MultiPolygon", coordinates=[[["a", *SQUARE]]])), "c.geojson, features[1].geometry.coordinates[0][0][0] : il faut une position : [longitude, latitude]."),
    ("an empty polygon", collection(feature("nord"), feature("sud", coordinates=[])), "c.geojson, features[1].geometry.coordinates : il faut au moins un anneau."),
    ("no feature", collection(feature("nord"), feature("sud"), 3), "c.geojson, features[2] : il faut un objet « Feature » avec ses « properties »."),
    ("another system", collection(feature("nord"), feature("sud"), crs={"properties": {"name": "EPSG:2154"}}), "c.geojson, crs : les coordonnées doivent être en WGS 84 (EPSG:4326). Reprojetez le fichier."),
    ("too many points", collection(feature("nord", coordinates=[[SQUARE[0]] * 20_001]), feature("sud")), "c.geojson : 20006 points, 20000 au plus. Simplifiez les contours avant de les importer (docs/frame.md)."),
]  # fmt: skip


@pytest.mark.parametrize(("document", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_each_error_is_named_with_its_place_and_nothing_is_imported(two: list[Territory], document: Any, sentence: str) -> None:
    assert sentence in reasons(document)


def test_a_file_of_ten_megabytes_is_refused(two: list[Territory], write: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="le fichier pèse 10,0 Mo, la limite est de 8 Mo"):
        call_command("import_outlines", str(write(b"{" + b" " * 10_000_000, name="c.geojson")))


def test_infinity_is_no_coordinate(two: list[Territory], write: Callable[..., Path]) -> None:
    text = json.dumps(collection(feature("nord"), feature("sud"))).replace("45.0", "Infinity")
    with pytest.raises(Refused) as caught:
        outlines.read(write(text, name="c.geojson"))
    assert "c.geojson : « Infinity » n’est pas un nombre." in caught.value.reasons


def test_a_partner_may_not_import_outlines(two: list[Territory]) -> None:
    with pytest.raises(NotAllowed):
        acts.import_outlines(None, by=make_person(), now=NOW, document=collection())


def test_a_square_of_a_degree_is_drawn_narrower_than_high() -> None:
    place = maps.projection([{"type": "Polygon", "coordinates": [SQUARE]}], 108, 108)
    west, east = place(0, 44.5)[0], place(1, 44.5)[0]
    assert place(0, 45)[1] == pytest.approx(4)
    assert place(0, 44)[1] == pytest.approx(104)
    assert east - west == pytest.approx(100 * 0.7133, abs=0.01)


def test_the_path_of_a_square_with_a_hole_has_two_closed_parts() -> None:
    hole = [[0.4, 44.4], [0.6, 44.4], [0.6, 44.6], [0.4, 44.4]]
    d = maps.path({"type": "Polygon", "coordinates": [SQUARE, hole]}, lambda x, y: (x * 100, 4500 - y * 100))
    assert d == "M0 100L100 100L100 0L0 0ZM40 60L60 60L60 40Z"


def test_without_outlines_no_map_is_drawn_and_the_tiles_stand(two: list[Territory], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert maps.outline_map(two) is None
    assert render_to_string("territories/_outlines.html", {"map": None}).strip() == ""
    with django_assert_num_queries(0):
        rows = maps.cartogram(two, url=lambda t: f"/{t.code}/")
    assert [[tile and tile.territory.code for tile in row] for row in rows if any(row)] == [["nord"], ["sud"]]


def test_the_map_draws_each_territory_as_a_link_with_its_name(two: list[Territory]) -> None:
    run(collection(feature("nord"), feature("sud")))
    drawn = maps.outline_map(two, url=lambda t: f"/{t.code}/", summary=lambda t: "3 chantiers", lit={two[0].pk})
    html = render_to_string("territories/_outlines.html", {"map": drawn})
    assert 'href="/nord/" aria-label="Côte d’Argent, 3 chantiers"' in html
    assert html.count("<path") == 2
    assert html.count('class="efface"') == 1


def test_a_tile_stands_where_it_is_said_and_holes_are_hidden_from_screen_readers() -> None:
    a = make_territory(code="a", name="A", tile_row=1, tile_column=2)
    b = make_territory(code="b", name="B", tile_row=2, tile_column=1)
    items = [maps.Item("/c/1/", "Bus", "bus", "mobilite", lit=True)]
    rows = maps.cartogram([a, b], url=lambda t: f"/{t.code}/", items=lambda t: items if t == a else [], lit={a.pk})
    assert [[tile and tile.territory.code for tile in row] for row in rows] == [[None, "a"], ["b", None]]
    html = render_to_string("territories/_cartogram.html", {"rows": rows, "filtered": True})
    assert html.count('<li class="sans-tuile" aria-hidden="true"></li>') == 2
    assert '<li class="tuile oui" data-t="mobilite">' in html
    assert '<li class="tuile" data-t="">' in html
    assert 'class="carto c2 filtre"' in html


def test_no_territory_draws_no_cartogram() -> None:
    assert maps.cartogram([]) == []


def test_whatever_is_spoilt_in_the_outlines_the_answer_is_outlines_or_sentences(two: list[Territory]) -> None:
    from tests.territories.test_frame_reading import spoilt

    whole = collection(feature("nord", coordinates=[SQUARE[:2] + SQUARE[-3:]]), feature("sud"), attribution="IGN")
    told: list[list[str]] = []
    for document in spoilt(whole):
        try:
            outlines.check(document, two)
        except Refused as refused:
            told.append(refused.reasons)
    assert all(told)
    assert len(told) > 300
