import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.language.text import normalise, stem, stems, tokenise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Élu", "l elu"),
        ("Cœur  d'Entre-deux-Mers", "coeur d entre deux mers"),
        ("Ça, ça\u00a0: « là »", "ca ca la"),
        ("ﬁn 12\u202f345", "fin 12 345"),
        ("", ""),
    ],
)
def test_a_text_is_normalised_as(text, expected):
    assert normalise(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once
    assert set(once) <= set("0123456789abcdefghijklmnopqrstuvwxyz ")
    assert "  " not in once


@given(st.text(), st.text())
def test_a_text_within_another_is_still_found_word_by_word(before, after):
    assert " cantine " in f" {normalise(f'{before} cantine {after}')} "


def test_elided_articles_are_not_words():
    assert tokenise("L’eau d’Arcachon, jusqu’à l’été") == ["eau", "arcachon", "a", "ete"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("élu", "élus"),
        ("élu", "Élus"),
        ("cantine", "cantines"),
        ("mobilité", "mobilités"),
        ("agricole", "agricoles"),
        ("territorial", "territoriale"),
        ("approvisionner", "approvisionnement"),
    ],
)
def test_forms_of_a_word_share_their_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("eau", "eaux-vives"), ("port", "portail"), ("cantine", "canton")])
def test_other_words_do_not(one, other):
    assert stem(one) != stem(other)


def test_short_words_and_numbers_stay_whole():
    assert [stem(word) for word in ("bus", "2017", "n5")] == ["bus", "2017", "n5"]


def test_the_stems_of_a_text_keep_its_order():
    assert stems("Les cantines de l’école") == ["les", "cantin", "de", "ecol"]


@given(st.text(max_size=60))
def test_a_stem_is_never_longer_than_the_word(word):
    assert len(stem(word)) <= len(normalise(word))
