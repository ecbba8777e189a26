"""Near-copies are found; other demands are left alone."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.analysis.copies import Pair, groups, near_copies
from dialogue.analysis.formulas import bare, same_demand
from dialogue.analysis.shingles import cosines
from dialogue.language.text import normalise

CYCLE = "Créer une piste cyclable sécurisée entre Libourne et Saint-Émilion"

LONG = (
    "La route départementale est étroite, les camions roulent vite, les élèves du collège et les familles prennent leur voiture pour "
    "trois kilomètres ; une voie séparée, plantée, éclairée aux carrefours, servirait aussi aux touristes des coteaux et aux vendangeurs."
)


def paired(*texts):
    return [(pair.first, pair.second) for pair in near_copies(texts)]


@pytest.mark.parametrize(
    "copy",
    [
        CYCLE,
        CYCLE.upper() + " !!!",
        "creer une piste cyclable securisee entre libourne et saint emilion",
        "Créer une pitse cyclable sécurisée entre Libourne et Saint-Émillion",
        "Créer une piste cyclable entre Libourne et Saint-Émilion",
        f"Bonjour, {CYCLE}. Cordialement",
        f"Madame, Monsieur, je souhaiterais proposer : {CYCLE}. Merci d’avance pour votre réponse.",
    ],
)
def test_a_copy_is_found_through(copy):
    assert paired(CYCLE, copy) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Augmenter le nombre de places en crèche à Cenon", "Baisser le nombre de places en crèche à Cenon"),
        ("Nous voulons un pont sur la Garonne à Langon", "Nous ne voulons pas un pont sur la Garonne à Langon"),
        ("Une piste cyclable entre Libourne et Saint-Émilion", "Une piste cyclable entre Libourne et Castillon"),
        ("Limiter la vitesse à 30 km/h dans le centre-bourg", "Limiter la vitesse à 50 km/h dans le centre-bourg"),
        ("Créer une aire de covoiturage près de la gare de Langon", "Créer une aire de jeux près de la gare de Langon"),
        ("Végétaliser toutes les cours du 10e arrondissement", "Végétaliser toutes les cours du 12e arrondissement"),
        ("Ouvrir la piscine le dimanche toute l’année", "Fermer la piscine le dimanche toute l’année"),
        ("Accompagner les aidants familiaux du département", "Accompagner les assistants familiaux du département"),
    ],
)
def test_two_demands_are_never_copies(one, other):
    assert paired(one, other) == []


def test_empty_texts_and_texts_of_signs_have_no_copies():
    assert paired("", "", "   ", "!!!", "…") == []
    assert near_copies([]) == []


def test_short_texts_are_copies_only_when_they_say_the_same():
    assert paired("Du bus", "du BUS !", "Du bois") == [(0, 1)]


def test_a_text_sent_a_thousand_times_is_linked_to_its_first():
    pairs = near_copies([CYCLE] * 1000)
    assert len(pairs) == 999
    assert {pair.first for pair in pairs} == {0}
    assert {pair.score for pair in pairs} == {1.0}


def test_a_petition_where_each_signs_is_one_group_and_few_pairs():
    draw = random.Random(1)
    petition = f"{CYCLE}. {LONG}"
    texts = [petition + " " + "".join(draw.choices("abcdefghij", k=9)) for _ in range(400)]
    pairs = near_copies(texts)
    assert len(pairs) < 400 * 60
    assert [len(group) for group in groups(pairs, 400)] == [400]


def test_the_same_texts_give_the_same_pairs():
    texts = [f"{CYCLE} et {n} autres" for n in "abcdefgh"] + [CYCLE, CYCLE + "."]
    assert near_copies(texts) == near_copies(list(texts))


def test_groups_follow_the_links():
    pairs = [Pair(0, 3, 0.9), Pair(3, 5, 0.8), Pair(1, 2, 1.0)]
    assert groups(pairs, 7) == [[0, 3, 5], [1, 2]]
    assert groups([], 3) == []


def test_formulas_leave_at_both_ends():
    said = "bonjour madame le maire je souhaiterais une navette le soir merci par avance bien cordialement"
    assert bare(said) == "navette le soir"
    assert bare("bonjour") == "bonjour"
    assert bare("merci") == "merci"


def test_a_word_less_asks_the_same_and_a_negation_less_does_not():
    assert same_demand("creer une grande navette", "creer une navette")
    assert not same_demand("pas de navette le soir", "navette le soir")


def test_the_likeness_of_letters_is_one_for_the_same_and_zero_without_a_common_letter():
    found = cosines(["abcdef", "abcdef", "xyzuvw"], np.array([[0, 1], [0, 2]]))
    assert found[0] == pytest.approx(1)
    assert found[1] == pytest.approx(0, abs=0.01)


@given(st.lists(st.text(max_size=30), max_size=12))
def test_pairs_are_sorted_and_name_texts_that_exist(texts):
    pairs = near_copies(texts)
    assert pairs == sorted(pairs, key=lambda pair: (pair.first, pair.second))
    assert all(0 <= pair.first < pair.second < len(texts) and 0.8 <= pair.score <= 1 for pair in pairs)


@given(st.text(max_size=80).map(normalise).filter(bool))
def test_taking_formulas_away_never_leaves_nothing(words):
    assert bare(words)
    assert bare(words) in words
