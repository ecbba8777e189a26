"""The part of a text that answers, its words marked as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.language.snippets import WIDTH, highlight, marks, snippet
from dialogue.language.text import stem, stems


def marked(text: str, *words: str, prefix: str = "") -> list[str]:
    return [piece.text for piece in highlight(text, [stem(word) for word in words], prefix) if piece.marked]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Les cantines, la cantine et le cantonnier.", "cantine", ["cantines", "cantine"]),
        ("L’élue et les Élus ont élu.", "élu", ["élue", "Élus", "élu"]),
        ("D’un bœuf, deux bœufs, BŒUF", "boeuf", ["bœuf", "bœufs", "BŒUF"]),
        ("le boeuf", "bœuf", ["boeuf"]),
        ("jusqu’à l’école, aux écoles", "école", ["école", "écoles"]),
        ("ecole e\u0301cole", "école", ["ecole", "e\u0301cole"]),
        ("le journal, des journaux", "journaux", ["journal", "journaux"]),
        ("la ﬁnance des ﬁnances", "finances", ["ﬁnance", "ﬁnances"]),
        ("sécantine", "cantine", []),
        ("A7, a7 et A78", "a7", ["A7", "a7"]),
        ("", "cantine", []),
    ],
)
def test_words_are_marked_as_they_stand_in_the_text(text, word, expected):
    assert marked(text, word) == expected


def test_the_beginning_of_a_word_is_completed():
    assert marked("Maraîchage et maraîchers, mare", prefix="maraich") == ["Maraîchage", "maraîchers"]


def test_the_snippet_is_where_most_words_stand_together():
    text = "Guide. " + "Rien à lire ici. " * 60 + "Le guide d’achat des cantines est prêt. " + "Rien non plus. " * 60
    found = snippet(text, stems("guide achat cantines"))
    assert "guide d’achat des cantines est prêt" in found.text
    assert (found.cut_before, found.cut_after) == (True, True)
    assert [piece.text for piece in found.pieces if piece.marked] == ["guide", "achat", "cantines"]


def test_without_a_word_found_the_beginning_of_the_text_is_shown():
    found = snippet("Début du texte. " * 50, stems("absent"))
    assert found.text.startswith("Début du texte.")
    assert len(found.text) <= WIDTH
    assert not found.text.endswith("Déb")


WORDS = st.sampled_from(["cantine", "cantines", "l’école", "Bœuf", "élu", "été", "e\u0301lus", "a7", "«", "\n", "–", "ﬁn", "x" * 300])
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=120).map(" ".join))


@given(TEXTS, st.lists(st.sampled_from(["cantine", "école", "boeuf", "élu", "fin", "a7", "x"]), max_size=4), st.integers(10, 400))
def test_a_snippet_is_a_piece_of_the_text_and_marks_whole_words_searched(text, words, width):
    wanted = {stem(word) for word in words}
    found = snippet(text, wanted, width=width)
    assert found.text in text
    assert {stem(piece.text) for piece in found.pieces if piece.marked} <= wanted
    assert found.cut_before or text.startswith(found.text)
    assert found.cut_after or text.endswith(found.text)
    assert "".join(piece.text for piece in highlight(text, wanted)) == text


@given(st.text(max_size=60), st.text(max_size=20))
def test_anything_can_be_marked(text, word):
    for mark in marks(text, stems(word), word[:3]):
        assert 0 <= mark.start < mark.end <= len(text)
