"""Exploring the contributions: selection, counts, matrix, words, what became of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.chantiers.models import ContributionLink
from dialogue.chantiers.stages import Stage
from dialogue.portal.contributions_matrix import steps_for
from tests.factories import (
    NOW,
    make_campaign,
    make_candidate,
    make_chantier,
    make_cluster,
    make_commune,
    make_contribution,
    make_coordinator,
    make_date,
    make_department,
    make_person,
    make_priority,
    make_territory,
    make_theme,
)

pytestmark = pytest.mark.django_db
URL = "/contributions/"


@pytest.fixture
def world():
    """Six texts of four authors, all public: three on food, one without a theme, one without a place."""
    make_department()
    medoc, sud = make_territory(name="Médoc", code="medoc"), make_territory(name="Sud Gironde", code="sud")
    food, homes = make_theme(name="Alimentaire", code="alimentaire"), make_theme(name="Habitat", code="habitat")
    langon = make_commune(name="Langon", insee_code="33227", territory=sud)
    first, second = make_campaign(slug="2016", title="Automne 2016"), make_campaign(slug="2017", title="Hiver 2017")
    common = {"campaign": first, "author_key": "a" * 64}
    rows = {
        "kitchen": make_contribution(
            number=1284, title="Une seule cuisine pour trois villages", text="La cuisine pourrait être partagée entre communes.",
            theme=food, territory=sud, commune=langon, nature="initiative", shown_name="Syndicat de restauration", **common,
        ),
        "peeling": make_contribution(
            number=2051, title="Personne pour éplucher", text="Sans cuisine équipée ni légumerie partagée, nous achetons du surgelé.",
            theme=food, territory=sud, nature="need", **common | {"author_key": "b" * 64},
        ),
        "market": make_contribution(
            number=31, title="Une halle", text="Vendre au village.", theme=food, territory=medoc, nature="idea", **common
        ),
        "homes": make_contribution(
            number=32, title="Loger les saisonniers", text="En été.", theme=homes, territory=medoc, nature="need",
            **common | {"author_key": "c" * 64, "campaign": second},
        ),
        "unsaid": make_contribution(
            number=33, title="Des bancs", text="Au bord du fleuve.", territory=medoc, nature="idea", suggested_theme=homes, **common
        ),
        "nowhere": make_contribution(
            number=34, title="Le guichet", text="Trop loin.", theme=homes, nature="", **common | {"author_key": "d" * 64}
        ),
    }  # fmt: skip
    chantier = make_chantier(title="Manger local dans les cantines", slug="manger-local", number=2, theme=food, territories=[sud],
                             stage=Stage.WORKING)  # fmt: skip
    rows["kitchen"].stage = rows["kitchen"].outcome = "linked"
    rows["kitchen"].save()
    ContributionLink.objects.create(chantier=chantier, contribution=rows["kitchen"], at=NOW)
    return rows | {"medoc": medoc, "sud": sud, "food": food, "theme_homes": homes, "chantier": chantier, "langon": langon}


def page_of(client, query=""):
    response = client.get(URL + query)
    assert response.status_code == 200
    return response


def numbers(client, query=""):
    return sorted(line.row.number for line in page_of(client, query).context["page"])


ALL = [31, 32, 33, 34, 1284, 2051]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("?theme=alimentaire", [31, 1284, 2051]),
        ("?theme=alimentaire&theme=habitat", [31, 32, 34, 1284, 2051]),
        ("?theme=aucun", [33]),
        ("?theme=aucun&theme=habitat", [32, 33, 34]),
        ("?territoire=medoc", [31, 32, 33]),
        ("?territoire=aucun", [34]),
        ("?territoire=sud&theme=alimentaire", [1284, 2051]),
        ("?nature=besoin", [32, 2051]),
        ("?nature=aucun", [34]),
        ("?campagne=2017", [32]),
        ("?etat=reprise", [1284]),
        ("?etat=attente", [31, 32, 33, 34, 2051]),
        ("?etat=attente&etat=reprise", ALL),
        ("?chantier=manger-local", [1284]),
        ("?commune=33227", [1284]),
        ("?q=CUISINES+partagees", [1284, 2051]),
        ("?q=%22seule+cuisine%22", [1284]),
        ("?q=cuisine+-surgele", [1284]),
        ("?q=langon", [1284]),
        ("?q=syndicat", [1284]),
        ("?q=le+la+de", ALL),
        ("?q=rien+de+tel", []),
        ("?theme=inconnu&chantier=inconnu&commune=99999&regroupement=x&source=auteur&cercle=groupe&suggeres=1", ALL),
    ],
)
def test_a_selection_gives_exactly_its_contributions(world, client_for, query, expected):
    assert numbers(client_for(), query) == expected


def test_texts_and_distinct_authors_are_counted_apart(world, client_for):
    everything = page_of(client_for()).context["counts"]
    assert (everything.total, everything.authors) == (6, 4)
    chosen = page_of(client_for(), "?territoire=medoc").context["counts"]
    assert (chosen.total, chosen.authors) == (3, 2)
    assert "6 contributions de 4 auteurs" in page_of(client_for()).content.decode().replace("\xa0", " ")


def counts_of(page):
    return {facet.name: {o.code: o.count for o in facet.options} for facet in page.context["facets"]}


def test_each_choice_says_how_many_it_would_give_with_the_other_choices(world, client_for):
    found = counts_of(page_of(client_for(), "?territoire=medoc&theme=alimentaire"))
    assert found["territoire"] == {"medoc": 1, "sud": 2}
    assert found["theme"] == {"alimentaire": 1, "habitat": 1, "aucun": 1}
    assert found["nature"] == {"idee": 1} if "nature" in found else True
    assert counts_of(page_of(client_for()))["etat"] == {"reprise": 1, "attente": 5}
    assert counts_of(page_of(client_for()))["campagne"] == {"2016": 5, "2017": 1}


def test_every_number_of_a_facet_opens_as_many_contributions(world, client_for):
    client = client_for()
    for name, choices in counts_of(page_of(client)).items():
        for code, count in choices.items():
            assert len(numbers(client, f"?{name}={code}")) == count, (name, code)


def test_the_matrix_counts_each_theme_in_each_territory_and_shows_what_has_none(world, client_for):
    make_priority(theme=world["food"], territory=world["sud"])
    matrix = page_of(client_for()).context["matrix"]
    assert [label for _code, label, _n in matrix.territories] == ["Médoc", "Sud Gironde", "Non situées"]
    assert [(row.label, [c.n for c in row.cells], row.total) for row in matrix.rows] == [
        ("Alimentaire", [1, 2, 0], 3),
        ("Habitat", [1, 0, 1], 2),
        ("Sans thème", [1, 0, 0], 1),
    ]
    assert [n for _code, _label, n in matrix.territories] == [3, 2, 1]
    assert matrix.total == 6
    cell = matrix.rows[0].cells[1]
    assert (cell.is_priority, cell.chantiers, cell.words) == (True, ("2",), "2, priorité, chantier n° 2")


def test_every_number_of_the_matrix_opens_as_many_contributions(world, client_for):
    client = client_for()
    for row in page_of(client, "?q=village").context["matrix"].rows:
        for cell in row.cells:
            assert len(numbers(client, f"?q=village&theme={row.code}&territoire={cell.territory}")) == cell.n


def test_the_matrix_stays_whole_when_a_theme_and_a_territory_are_chosen(world, client_for):
    assert page_of(client_for(), "?theme=habitat&territoire=medoc").context["matrix"].total == 6
    assert page_of(client_for(), "?theme=habitat&nature=besoin").context["matrix"].total == 2


@pytest.mark.parametrize(
    ("cells", "steps"),
    [
        ([], (2, 3, 4, 5)),
        ([0, 1], (2, 3, 4, 5)),
        ([3, 47, 41, 84, 97, 102, 22], (20, 50, 90, 140)),
        ([*range(1, 100)], (10, 25, 45, 70)),
        ([5] * 99 + [5000], (2, 3, 4, 5)),
    ],
)
def test_the_classes_of_heat_come_from_the_numbers(cells, steps):
    assert steps_for(cells) == steps


def test_the_words_that_were_searched_for_are_marked_whatever_their_endings(world, client_for):
    page = page_of(client_for(), "?q=cuisines").content.decode()
    assert "Une seule <mark>cuisine</mark> pour trois villages" in page
    assert "Sans <mark>cuisine</mark> équipée" in page


def test_titles_come_first_then_dates_and_one_may_choose_dates_alone(world, client_for):
    world["peeling"].written_at = NOW + timedelta(days=1)
    world["peeling"].save()
    order = [line.row.number for line in page_of(client_for(), "?q=cuisine").context["page"]]
    assert order == [1284, 2051]
    assert [line.row.number for line in page_of(client_for(), "?q=cuisine&tri=date").context["page"]] == [2051, 1284]


def test_a_line_names_the_chantier_that_takes_it_up(world, client_for):
    lines = {line.row.number: line for line in page_of(client_for()).context["page"]}
    assert [c.title for c in lines[1284].chantiers] == ["Manger local dans les cantines"]
    assert lines[2051].chantiers == []


def test_pages_are_turned_and_a_number_that_is_none_is_the_first(world, client_for):
    for n in range(30):
        make_contribution(number=5000 + n, campaign=world["kitchen"].campaign, written_at=NOW - timedelta(days=n + 1))
    first = page_of(client_for(), "?page=abc").context["page"]
    assert (first.number, first.start_index(), first.end_index(), first.paginator.total) == (1, 1, 10, 36)
    third = page_of(client_for(), "?page=3").context["page"]
    assert [line.row.number for line in third] == [5000 + n for n in range(14, 24)]


def test_clusters_that_a_person_named_are_counted_among_the_results(world, client_for):
    named = make_cluster(number=7, theme=world["food"], territory=world["sud"], name="Cuisine commune", named_by=make_coordinator())
    unnamed = make_cluster(number=8, theme=world["food"], territory=world["sud"], words=["halle", "marché", "village"])
    for row, cluster in [("kitchen", named), ("peeling", named), ("market", unnamed)]:
        world[row].cluster = cluster
        world[row].save()
    assert page_of(client_for()).context["clusters"] == []
    assert page_of(client_for(), "?theme=alimentaire").context["clusters"] == [(7, "Cuisine commune", 2)]
    team = page_of(client_for(make_coordinator()), "?theme=alimentaire").context["clusters"]
    assert team == [(7, "Cuisine commune", 2), (8, "halle, marché, village", 1)]
    assert numbers(client_for(), "?regroupement=7") == [1284, 2051]
    assert numbers(client_for(), "?regroupement=8") == ALL


def test_the_team_may_count_what_the_machine_suggests_and_it_is_said(world, client_for):
    team = client_for(make_coordinator())
    plain = page_of(team)
    assert plain.context["counts"].hinted == 1
    assert "Compter aussi les thèmes suggérés, non confirmés" in plain.content.decode().replace("\xa0", " ")
    counted = page_of(team, "?suggeres=1")
    rows = {row.label: [(c.n, c.hinted) for c in row.cells] for row in counted.context["matrix"].rows}
    assert rows["Habitat"] == [(2, 1), (0, 0), (1, 0)]
    assert "Sans thème" not in rows
    assert numbers(team, "?suggeres=1&theme=habitat") == [32, 33, 34]
    assert "Habitat, suggéré par la machine" in counted.content.decode().replace("\xa0", " ")
    assert "suggér" not in page_of(client_for(), "?suggeres=1").content.decode()


def test_the_team_sorts_by_who_said_the_theme_and_by_circle(world, client_for):
    make_contribution(number=60, campaign=world["kitchen"].campaign, theme=world["food"], theme_source="agent", circle="group")
    found = counts_of(page_of(client_for(make_coordinator())))
    assert found["source"] == {"auteur": 5, "equipe": 1, "aucun": 1}
    assert found["cercle"] == {"public": 6, "groupe": 1}
    assert numbers(client_for(make_coordinator()), "?cercle=groupe") == [60]
    assert "source" not in counts_of(page_of(client_for(make_person())))


def test_suggested_chantiers_are_told_by_reason_with_their_outcome(world, client_for):
    council = make_date(title="Conseil", starts_on=date(2017, 11, 20))
    make_candidate(theme=world["food"], territory=world["medoc"], reason="many", is_announced=True, council=council,
                   evidence={"observed": 71, "expected": 24.6}, note="26 parlent du même guichet.")  # fmt: skip
    make_candidate(theme=world["theme_homes"], territory=world["sud"], reason="few", stage="set_aside", motive="déjà porté par un syndicat",
                   decided_on=date(2017, 3, 4))  # fmt: skip
    make_candidate(theme=world["theme_homes"], territory=world["medoc"], reason="structuring")
    groups = page_of(client_for()).context["candidates"]
    told = [(g.icon, [(s.title, s.observed, s.expected, s.outcome) for s in g.suggestions]) for g in groups]
    assert told == [
        ("r1", [("Alimentaire, Médoc", 71, 25, "À examiner le 20 novembre")]),
        ("r2", [("Habitat, Sud Gironde", None, None, "Écarté en mars 2017 : déjà porté par un syndicat")]),
    ]
    assert len(page_of(client_for(make_coordinator())).context["candidates"]) == 3


def test_nothing_published_is_said_with_what_to_do(client_for):
    make_department()
    page = page_of(client_for()).content.decode()
    assert "Aucune contribution n’est publiée pour l’instant" in page


def test_the_page_asks_twelve_questions_at_most_whatever_there_is(world, client_for, django_assert_max_num_queries):
    for query in ("", "?q=cuisine", "?theme=alimentaire&territoire=sud", "?chantier=manger-local&q=cuisine"):
        client = client_for()
        with django_assert_max_num_queries(13 if "chantier" in query else 12):
            client.get(URL + query)
