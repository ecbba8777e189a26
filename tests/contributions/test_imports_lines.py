"""Every way a line can be wrong is named by line, column and value; what is right is kept as its author wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dialogue.contributions.importing.lines import title_of
from dialogue.contributions.importing.places import key_of
from dialogue.contributions.models import Contribution
from tests.contributions.imports_made import HEADER, MAPPING, check, csv_of, frame, line, named, upload, whole
from tests.factories import NOW, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return frame()


def problems(campaign, *cells, **choices):
    batch = check(upload(campaign, csv_of(*(line(n, **each) for n, each in enumerate(cells, 1)))), mapping=MAPPING, **choices)
    return [(number, column, code, value) for number, column, code, value in named(batch)], batch


def test_a_good_line_has_no_problem_and_keeps_its_author_and_its_date(campaign):
    batch = whole(campaign, csv_of(line(1)))
    assert (batch.created, batch.known, batch.refused, named(batch)) == (1, 0, 0, [])
    row = Contribution.objects.get()
    assert (row.title, row.text) == ("Des légumes à la cantine 1", "Trois écoles cherchent des légumes frais.")
    assert (row.author_name, row.author_email, row.external_id) == ("Camille Dupuy", "camille1@exemple.fr", "A-1")
    assert row.written_at == datetime(2016, 11, 14, 11, tzinfo=UTC)  # noon in Paris
    assert (row.commune.name, row.territory.name, row.theme.code, row.theme_source) == (
        "Libourne",
        "Libournais",
        "alimentation",
        "file",
    )
    assert (row.via, row.batch, row.person, row.circle) == ("import", batch, None, "group")
    assert Contribution.objects.filter(words__stems__contains=" legum ").exists()


def test_each_refused_line_is_named_with_its_column_and_its_value(campaign):
    found, batch = problems(
        campaign,
        {},
        {"titre": "", "texte": " "},
        {"texte": "x" * 50_001},
        {"date": "32/13/2016"},
        {"date": "14/11/2099"},
        {"courriel": "camille chez exemple"},
        {"identifiant": "A-1"},
        {},
    )
    assert found == [
        (3, "texte", "empty", ""),
        (4, "texte", "too_long", "50001"),
        (5, "date", "bad_date", "32/13/2016"),
        (6, "date", "future_date", "14/11/2099"),
        (7, "courriel", "bad_email", "camille chez exemple"),
        (8, "identifiant", "duplicate_id", "A-1"),
    ]
    assert (batch.rows, batch.created, batch.refused) == (8, 2, 6)


def test_what_is_taken_all_the_same_is_named_too(campaign):
    found, batch = problems(
        campaign,
        {"thème": "Bidule"},
        {"commune": "Libournne"},
        {"commune": "Saint-Germain"},
        {"commune": "Libourne", "territoire": "Médoc"},
        {"territoire": "Atlantide"},
        {"thème": "Alimentation ; Mobilités ; Santé"},
        {"titre": "mot " * 60},
    )
    assert found == [
        (2, "thème", "unknown_theme", "Bidule"),
        (3, "commune", "unknown_commune", "Libournne"),
        (4, "commune", "ambiguous_commune", "Saint-Germain"),
        (5, "commune", "other_territory", "Libourne : Libournais"),
        (6, "territoire", "unknown_territory", "Atlantide"),
        (7, "thème", "theme_ignored", "Santé"),
        (8, "titre", "title_cut", ("mot " * 50)[:199] + "…"),
    ]
    assert (batch.created, batch.refused) == (7, 0)
    assert batch.source["words"]["themes"] == [["Bidule", 1]]


def test_a_homonym_is_told_apart_by_the_territory_of_its_line_or_by_its_code(campaign):
    data = csv_of(line(1, commune="St Germain (33)", territoire="medoc"), line(2, commune="33412"))
    batch = whole(campaign, data)
    assert named(batch) == []
    assert list(Contribution.objects.order_by("number").values_list("commune_id", flat=True)) == ["33413", "33412"]


def test_a_place_that_nobody_knows_is_kept_as_it_was_written(campaign):
    whole(campaign, csv_of(line(1, commune="Lieu-dit Les Graves")))
    row = Contribution.objects.get()
    assert (row.place, row.commune, row.territory) == ("Lieu-dit Les Graves", None, None)


def test_two_themes_in_a_cell_are_kept_and_a_comma_in_a_name_is_no_sign_of_two(campaign):
    whole(campaign, csv_of(line(1, thème="Mobilités, Alimentation"), line(2, thème="Eau, air et sol"), line(3, thème="")))
    rows = Contribution.objects.order_by("number")
    assert [(row.theme and row.theme.code, row.second_theme and row.second_theme.code) for row in rows] == [
        ("mobilite", "alimentation"),
        (None, None),
        (None, None),
    ]


def test_words_that_a_person_explained_are_no_problem_any_more(campaign):
    data = csv_of(line(1, thème="Cantines"), line(2, thème="Divers"), line(3, commune="Lib.", territoire="Pays du vin"))
    batch = whole(
        campaign,
        data,
        themes={"Cantines": "alimentation", "Divers": ""},
        communes={"Lib.": "33243"},
        territories={"Pays du vin": "libournais"},
    )
    assert named(batch) == []
    rows = Contribution.objects.order_by("number")
    assert [row.theme and row.theme.code for row in rows] == ["alimentation", None, "alimentation"]
    assert rows[2].commune_id == "33243"


def test_a_title_that_is_missing_is_made_of_the_first_sentence(campaign):
    long = "Nous demandons une navette entre les trois gares du canton " * 4
    whole(campaign, csv_of(line(1, titre="", texte="Un banc. Puis un arbre."), line(2, titre="", texte=long)))
    titles = list(Contribution.objects.order_by("number").values_list("title", flat=True))
    assert titles[0] == "Un banc."
    assert titles[1] == (
        "Nous demandons une navette entre les trois gares du canton Nous demandons une navette entre les trois gares du canton…"
    )
    assert len(titles[1]) <= 120


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("Sans point", "Sans point"),
        ("Ligne une\nLigne deux", "Ligne une"),
        ("Et alors ? Rien.", "Et alors ?"),
        ("x" * 200, "x" * 119 + "…"),
    ],
)
def test_titles_made_from_a_text(text, title):
    assert title_of(text) == title


def test_a_title_too_long_is_cut_and_nothing_of_it_is_lost(campaign):
    title = "Relier les gares du canton par une navette qui passe aussi le dimanche " * 4
    whole(campaign, csv_of(line(1, titre=title, texte="Deux fois par heure.")))
    row = Contribution.objects.get()
    assert row.title.endswith("…")
    assert len(row.title) <= 120
    assert row.text == f"{title.strip()}\n\nDeux fois par heure."


def test_html_becomes_text_emoji_and_capitals_stay(campaign):
    data = csv_of(
        line(1, texte="<p>Un <b>banc</b>&nbsp;!</p><script>alert(1)</script><p>Au bord de l’eau</p>"),
        line(2, titre="DES BANCS PARTOUT", texte="🚲 À VÉLO 👩‍🌾"),
        line(3, texte="2 < 3 & 4 > 3"),
    )
    batch = whole(campaign, data)
    assert named(batch) == [(2, "texte", "html", "")]
    rows = list(Contribution.objects.order_by("number"))
    assert rows[0].text.replace("\xa0", " ") == "Un banc !\n\nAu bord de l’eau"
    assert (rows[1].title, rows[1].text) == ("DES BANCS PARTOUT", "🚲 À VÉLO 👩‍🌾")
    assert rows[2].text == "2 < 3 & 4 > 3"


def test_a_text_of_50_000_signs_is_taken_whole(campaign):
    whole(campaign, csv_of(line(1, texte="é" * 50_000)))
    assert Contribution.objects.get().text == "é" * 50_000


def test_an_organisation_of_ours_is_recognised_by_its_name(campaign):
    known = make_organisation(name="Les Paniers du canton")
    header = ("titre", "texte", "organisme")
    data = csv_of(("Un", "Texte un", "LES PANIERS DU CANTON"), ("Deux", "Texte deux", "Autre"), header=header)
    whole(campaign, data, naming="organisation", may_publish=True)
    rows = list(Contribution.objects.order_by("number"))
    assert [(row.organisation, row.organisation_name, row.shown_name) for row in rows] == [
        (known, "LES PANIERS DU CANTON", "Les Paniers du canton"),
        (None, "Autre", "Autre"),
    ]
    assert rows[0].author_key != rows[1].author_key


def test_a_line_without_a_date_takes_the_one_said_for_all_else_the_day_of_the_file(campaign):
    data = csv_of(line(1, date=""))
    whole(campaign, data, written_on="2016-05-02")
    assert Contribution.objects.get().written_at.date() == date(2016, 5, 2)
    other = csv_of(line(2, date=""))
    whole(campaign, other, written_on="")
    assert Contribution.objects.get(external_id="A-2").written_at == NOW


def test_american_dates_and_days_of_a_spreadsheet_are_recognised_on_the_whole_column(campaign):
    data = csv_of(line(1, date="11/14/2016"), line(2, date="03/04/2016"))
    whole(campaign, data)
    days = [row.written_at.date() for row in Contribution.objects.order_by("number")]
    assert days == [date(2016, 11, 14), date(2016, 3, 4)]


def test_more_cells_than_headings_are_named(campaign):
    data = csv_of([*line(1), "de trop"], header=HEADER)
    batch = check(upload(campaign, data))
    assert named(batch) == [(2, "J", "extra_cells", "de trop")]


def test_places_are_compared_without_accents_departments_and_saints():
    assert key_of("SAINT ÉMILION (33)") == key_of("33330 St-Émilion") == key_of("Ste emilion cedex 2") == "st emilion"


def test_a_territory_outside_the_campaign_is_said(campaign):
    from dialogue.territories.models import Territory

    campaign.territories.add(Territory.objects.get(code="medoc"))
    found, _batch = problems(campaign, {})
    assert found == [(2, "territoire", "outside_campaign", "Libournais")]
