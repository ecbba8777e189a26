"""Communes named in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.analysis.places import Gazetteer

NAMES = [
    "Libourne", "Saint-Émilion", "Saint-Médard-en-Jalles", "Saint-Médard", "Sainte-Foy-la-Grande", "Arcachon", "Le Porge", "Le Barp",
    "Bourg", "Salles", "La Rivière", "Les Billaux", "Hure", "Val de Virvée", "Castelmoron-d'Albret", "Ambarès-et-Lagrave", "Bordeaux",
]  # fmt: skip
PLACES = Gazetteer([(f"33{at:03}", name) for at, name in enumerate(NAMES)])


def found(text):
    return [(hint.name, text[hint.start : hint.end], hint.sure) for hint in PLACES.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une piste entre Libourne et Saint-Emilion", [("Libourne", "Libourne", True), ("Saint-Émilion", "Saint-Emilion", True)]),
        ("rien à st emilion", [("Saint-Émilion", "st emilion", True)]),
        ("Un médecin à Ste Foy la Grande", [("Sainte-Foy-la-Grande", "Ste Foy la Grande", True)]),
        ("le bassin d’Arcachon", [("Arcachon", "Arcachon", True)]),
        ("LE TRAM À ST-MÉDARD-EN-JALLES", [("Saint-Médard-en-Jalles", "ST-MÉDARD-EN-JALLES", True)]),
        ("Aller au Porge, revenir du Barp", [("Le Porge", "Porge", True), ("Le Barp", "Barp", True)]),
        ("castelmoron d albret et Ambares et Lagrave", [
            ("Castelmoron-d'Albret", "castelmoron d albret", True), ("Ambarès-et-Lagrave", "Ambares et Lagrave", True)]),
        ("vers les Billaux", [("Les Billaux", "les Billaux", True)]),
    ],
)  # fmt: skip
def test_accents_hyphens_saints_and_articles_do_not_hide_a_commune(text, expected):
    assert found(text) == expected


def test_the_longest_name_wins():
    assert [hint[0] for hint in found("de Saint-Médard à Saint-Médard-en-Jalles")] == ["Saint-Médard", "Saint-Médard-en-Jalles"]


@pytest.mark.parametrize(
    "text", ["Des salles de sport", "Salles de classe", "le bourg est vide", "la rivière est sale", "une hure"]
)
def test_words_of_every_day_are_no_communes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"), [("un gymnase à Salles", "Salles"), ("le port de Bourg", "Bourg"), ("à La Rivière", "La Rivière")]
)
def test_with_a_capital_and_a_preposition_they_are(text, name):
    assert [(hint[0], hint[2]) for hint in found(text)] == [(name, True)]


def test_a_street_named_after_a_commune_is_not_a_sure_hint():
    assert found("refaire la rue de Bordeaux") == [("Bordeaux", "Bordeaux", False)]


def test_a_part_of_a_word_is_no_commune():
    assert found("le libournais, les Bordelais, Bourgogne") == []


def test_no_text_no_place():
    assert found("") == []
    assert Gazetteer([]).find("à Libourne") == []


@given(st.text(max_size=60), st.sampled_from(NAMES), st.text(max_size=60))
def test_hints_are_in_order_inside_the_text_and_never_overlap(before, name, after):
    text = f"{before} à {name} {after}"
    last = 0
    for hint in PLACES.find(text):
        assert last <= hint.start < hint.end <= len(text)
        last = hint.end
