import pytest

from dialogue.formats.columns import Guess, guess_columns

LONG = "Il faudrait des cantines qui achètent aux producteurs des environs, avec un marché commun à plusieurs communes."


def guess(header, *rows):
    return {field: (found.column, found.confidence) for field, found in guess_columns(header, rows).items()}


def test_a_table_made_for_it_is_recognised():
    header = ["N°", "Intitulé", "Contenu", "Nature", "Commune", "Territoire", "Thématique", "Thématique secondaire"]
    header += ["Structure", "Nom", "Courriel", "Date de dépôt", "Statut", "Cercle"]
    row = ["1", "Cantines", LONG, "Projet", "Libourne", "Libournais", "Alimentation", "Emploi", "CAF", "Anne Petit"]
    row += ["anne@caf.fr", "14/11/2016", "reçue", "Partenaires"]
    fields = ["external_id", "title", "text", "nature", "commune", "territory", "theme", "second_theme"]
    fields += ["organisation", "author_name", "author_email", "written_on", "status", "circle"]
    assert guess(header, row) == {field: (place, "sure") for place, field in enumerate(fields)}


def test_a_google_form_is_recognised():
    header = ["Horodateur", "Adresse e-mail", "Dans quelle commune habitez-vous ?", "Votre contribution (texte libre)"]
    assert guess(header, ["14/11/2016 18:05:12", "a@b.fr", "Bègles", LONG]) == {
        "written_on": (0, "sure"),
        "author_email": (1, "sure"),
        "commune": (2, "maybe"),
        "text": (3, "maybe"),
    }


def test_english_headings_are_recognised():
    header = ["ID", "Timestamp", "Email Address", "Title", "Description", "City", "Category", "Organization"]
    found = guess(header, ["7", "2016-11-14", "a@b.org", "A title", LONG, "Bordeaux", "Food", "CAF"])
    assert found == {
        "external_id": (0, "sure"),
        "written_on": (1, "sure"),
        "author_email": (2, "sure"),
        "title": (3, "sure"),
        "text": (4, "sure"),
        "commune": (5, "sure"),
        "theme": (6, "sure"),
        "organisation": (7, "sure"),
    }


@pytest.mark.parametrize("name", ["CP", "Code INSEE", "VILLE", " commune "])
def test_codes_are_communes_and_not_dates(name):
    assert guess(["Titre", name], ["a", "33500"], ["b", "33243"])["commune"] == (1, "sure")


def test_what_the_cells_deny_is_not_believed():
    assert guess(["Mail", "Date"], ["oui", "bientôt"]) == {}


def test_cells_speak_when_headings_do_not():
    assert guess(["Colonne A", "Colonne B", "Colonne C"], ["a@b.fr", "14/11/2016", LONG]) == {
        "author_email": (0, "maybe"),
        "written_on": (1, "maybe"),
        "text": (2, "maybe"),
    }


def test_one_column_serves_one_field_and_the_best_name_wins():
    found = guess(["Nom de la structure", "Nom", "Description du projet", "Titre du projet"], ["CAF", "Petit", LONG, "Cantines"])
    assert found == {"organisation": (0, "sure"), "author_name": (1, "sure"), "text": (2, "sure"), "title": (3, "sure")}


def test_a_column_of_days_counted_by_a_spreadsheet_is_a_date_when_its_heading_says_so():
    assert guess(["Date de dépôt"], ["42688"]) == {"written_on": (0, "sure")}
    assert guess(["Valeur"], ["42688"]) == {}


def test_nothing_is_guessed_of_nothing():
    assert guess([]) == {}
    assert guess_columns(["", "Titre"], []) == {"title": Guess(1, "sure")}
