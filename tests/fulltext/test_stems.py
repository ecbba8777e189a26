"""The stems of a text: remembered word by word, they are those of the whole text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.fulltext.query import MAX_WORD
from dialogue.fulltext.stems import stems_of
from dialogue.language.text import stem, tokenise

PIECES = ["L’élu", "aujourd’hui", "Ça-et-là", "œuvre", "x" * 90, "ﬁn", "é", "e\u0301", "\u0301a", "½", "№", "d'eau,", "\u00b4", "\u2003"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12))).map(" ".join))
def test_words_apart_or_together_have_the_same_stems(text):
    words = " ".join(stem(word)[:MAX_WORD] for word in tokenise(text))
    assert stems_of(text) == (f" {words} " if words else "")


@pytest.mark.parametrize("text", ["", "  ", "… !"])
def test_a_text_without_a_word_has_no_stem(text):
    assert stems_of(text) == ""
