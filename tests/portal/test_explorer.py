"""Finding a chantier: filters, counts, matrix, text, pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dialogue.chantiers.stages import Stage
from dialogue.people.stages import Circle
from dialogue.portal.explorer import MAX_TEXT, Selection, explore, tide
from tests.factories import (
    make_chantier,
    make_coordinator,
    make_department,
    make_meeting,
    make_person,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db
URL = "/chantiers/"


@pytest.fixture
def world():
    make_department()
    medoc, sud = make_territory(name="Médoc", code="medoc"), make_territory(name="Sud Gironde", code="sud")
    food, homes = make_theme(name="Alimentaire", code="alimentaire"), make_theme(name="Habitat", code="habitat")
    return {
        "canteens": make_chantier(title="Manger local dans les cantines", theme=food, territories=[sud], stage=Stage.WORKING),
        "markets": make_chantier(title="Une halle de producteurs", theme=food, territories=[medoc, sud], stage=Stage.OPEN),
        "homes": make_chantier(title="Loger les saisonniers", theme=homes, territories=[medoc], stage=Stage.OPEN),
    }


def found(client, query=""):
    page = client.get(URL + query).context
    return [chantier.title for chantier, _meeting in page["lines"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["canteens", "markets", "homes"]),
        ("?theme=alimentaire", ["canteens", "markets"]),
        ("?territoire=medoc", ["markets", "homes"]),
        ("?territoire=medoc&theme=alimentaire", ["markets"]),
        ("?theme=alimentaire&theme=habitat&etat=constitution", ["markets", "homes"]),
        ("?etat=seances", ["canteens"]),
        ("?q=MANGER+gironde", ["canteens"]),
        ("?q=médoc", ["markets", "homes"]),
        ("?q=rien+de+tel", []),
        ("?theme=inconnu", ["canteens", "markets", "homes"]),
        ("?etat=pacte", []),
    ],
)
def test_a_selection_gives_exactly_its_chantiers(world, client_for, query, names):
    assert found(client_for(), query) == [world[name].title for name in names]


def test_each_choice_says_how_many_it_would_give_with_the_other_choices(world, client_for):
    page = client_for().get(URL + "?territoire=medoc&theme=alimentaire").context
    counts = {name: {o.code: o.count for o in options} for name, options in page["facets"].items()}
    assert counts["territoire"] == {"medoc": 1, "sud": 2}
    assert counts["theme"] == {"alimentaire": 1, "habitat": 1}
    assert {code: n for code, n in counts["etat"].items() if n} == {"constitution": 1}
    assert [o.code for o in page["facets"]["theme"] if o.chosen] == ["alimentaire"]


def test_the_matrix_puts_a_chantier_of_two_territories_in_two_cells_and_counts_it_once(world, client_for):
    matrix = client_for().get(URL + "?vue=matrice").context["matrix"]
    cells = {(theme.code, t.code): [c.title for c in cell] for theme, line, _n in matrix.rows
             for t, cell in zip(matrix.territories, line, strict=True)}
    assert cells == {
        ("alimentaire", "medoc"): ["Une halle de producteurs"],
        ("alimentaire", "sud"): ["Manger local dans les cantines", "Une halle de producteurs"],
        ("habitat", "medoc"): ["Loger les saisonniers"],
        ("habitat", "sud"): [],
    }
    assert [total for _theme, _line, total in matrix.rows] == [2, 1]
    assert (matrix.column_totals, matrix.total) == ([2, 2], 3)


def test_the_filters_stay_in_the_page_and_each_can_be_taken_away(world, client_for):
    response = client_for().get(URL + "?q=halle&theme=alimentaire&theme=habitat&vue=matrice")
    html = response.content.decode()
    assert 'value="halle"' in html
    assert '<option value="alimentaire" selected>' in html
    assert '<input type="hidden" name="theme" value="habitat">' in html
    assert [url for _label, url in response.context["explorer"].pills()] == [
        "?theme=alimentaire&theme=habitat&vue=matrice",
        "?q=halle&theme=habitat&vue=matrice",
        "?q=halle&theme=alimentaire&vue=matrice",
    ]


def test_the_list_says_the_next_meeting(world, client_for):
    make_meeting(world["canteens"], starts_at=timezone.now() + timedelta(days=9))
    make_meeting(world["canteens"], number=2, starts_at=timezone.now() + timedelta(days=2))
    lines = dict(client_for().get(URL).context["lines"])
    assert [m.number if m else None for m in lines.values()] == [2, None, None]


def test_who_sees_which_chantiers(world, client_for):
    make_chantier(title="Entre partenaires", circle=Circle.PARTNERS)
    make_chantier(title="En projet", stage=Stage.PROPOSED, opened_on=None)
    assert len(found(client_for())) == 3
    assert "Entre partenaires" in found(client_for(make_person()))
    assert "En projet" not in found(client_for(make_person()))
    assert {"Entre partenaires", "En projet"} <= set(found(client_for(make_coordinator())))


def test_thirty_chantiers_to_a_page(client_for):
    theme, territory = make_theme(), make_territory()
    for _ in range(31):
        make_chantier(theme=theme, territories=[territory])
    client = client_for()
    assert len(client.get(URL).context["lines"]) == 30
    assert len(client.get(URL + "?page=2").context["lines"]) == 1
    assert "page=2" in client.get(URL + "?theme=" + theme.code).content.decode()


def test_a_long_search_is_cut_and_asks_few_words_of_the_database():
    from django.http import QueryDict

    selection = Selection.read(QueryDict("q=" + "+".join(f"mot{n}" for n in range(4000))))
    assert len(selection.q) == MAX_TEXT
    assert len(selection.words.split()) == 12


def test_the_tide_holds_the_seven_states_in_order_and_the_rare_ones_when_met(world):
    abandoned = make_chantier(stage=Stage.ABANDONED, motive="Faute de local.")
    rows = tide(explore(make_person(), Selection()).everything)
    assert [(s.code, len(c)) for s, c in rows] == [
        ("constitution", 2), ("feuille-de-route", 0), ("seances", 1), ("livrable", 0), ("propositions", 0), ("pacte", 0),
        ("pause", 0), ("abandonne", 1),
    ]
    assert rows[-1][1] == [abandoned]


@pytest.mark.parametrize("many", [1, 3])
def test_the_explorer_asks_six_queries_of_a_visitor(client_for, django_assert_num_queries, many):
    make_department()
    for _ in range(many):
        make_meeting(make_chantier(), starts_at=timezone.now() + timedelta(days=2))
    client = client_for()
    with django_assert_num_queries(6):
        client.get(URL)


def test_a_search_from_the_home_page_lands_in_the_explorer(client_for):
    assert f'action="{reverse("portal:chantiers")}"' in client_for().get("/").content.decode()
