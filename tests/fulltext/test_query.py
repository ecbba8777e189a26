"""What is typed in the search, as it is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.fulltext.query import MAX_TEXT, MAX_WORDS, Query, Terms, parse


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cantines", {"words": ("cantin",), "last": "cantines"}),
        ("l’achat d'eau", {"words": ("achat", "eau"), "last": "eau"}),
        ("les cantines du lycée", {"words": ("cantin", "lyce"), "last": "lycee"}),
        ('"guide d’achat"', {"phrases": (("guid", "achat"),)}),
        ("« plan de mobilité »", {"phrases": (("plan", "de", "mobilit"),)}),
        ('guide "cahier des charges', {"words": ("guid",), "phrases": (("cahi", "des", "charg"),)}),
        ("cantine -vélo", {"words": ("cantin",), "without": ("velo",), "last": "cantine"}),
        ('cantine -"guide d’achat"', {"words": ("cantin",), "phrases_without": (("guid", "achat"),), "last": "cantine"}),
        ("porte-monnaie", {"words": ("port", "monnai"), "last": "monnaie"}),
        ('"cantine"', {"words": ("cantin",)}),
        ("D5 2017", {"words": ("d5", "2017"), "last": "2017"}),
        ("cantine cantines", {"words": ("cantin",), "last": "cantines"}),
        ("-vélo", {"without": ("velo",)}),
        ("le la de", {}),
        ("- -- \" ' «»", {}),
        ("", {}),
    ],
)
def test_what_is_typed_is_understood_as(typed, expected):
    understood = parse(typed)
    assert understood == Query(typed=understood.typed, **expected)


def test_words_of_no_use_are_left_aside_and_said():
    assert parse("le guide a 6 pages").idle == ("le", "a")
    assert parse("le guide a 6 pages").needed == ("guid", "6", "pag")
    assert parse("de la").is_empty
    assert parse("-vélo").is_empty


def test_idle_words_of_a_phrase_count_for_the_phrase_alone():
    query = parse('"plan de mobilité"')
    assert query.phrases == (("plan", "de", "mobilit"),)
    assert query.needed == ("plan", "mobilit")


def test_the_last_word_may_be_the_beginning_of_another():
    query = parse("guide maraîch")
    assert query.may_complete
    assert query.terms(completing=True) == Terms(words=("guid",), prefix="maraich")
    assert not parse("gu").may_complete
    assert not parse('guide "maraîch"').may_complete


def test_long_searches_are_cut():
    assert len(parse("é" * 1000).typed) == MAX_TEXT
    assert len(parse(" ".join(f"mot{n}" for n in range(30))).words) == MAX_WORDS


@given(st.text(max_size=300))
def test_anything_can_be_typed(text):
    query = parse(text)
    assert "\x00" not in query.typed
    assert all(word.isalnum() and word.isascii() for word in (*query.needed, *query.without))
