"""Texts that look like another."""

import numpy as np

from dialogue.analysis.neighbours import Neighbours

TEXTS = [
    "Une piste cyclable à Langon",
    "Des pistes cyclables partout",
    "Ouvrir une maison de santé",
    "Un médecin à la campagne",
    "",
]


class Meaning:
    """An embedder that knows two things: roads and care."""

    def passages(self, texts):
        care = [any(word in text for word in ("santé", "médecin", "soigner")) for text in texts]
        return np.array([[0.0, 1.0] if one else [1.0, 0.0] for one in care], dtype=np.float32)


def test_the_nearest_by_words_come_first():
    (found,) = Neighbours(TEXTS).nearest(["piste cyclable"])
    assert [one.index for one in found] == [1, 0]  # "partout" is one word less than "à Langon"
    assert found[0].score >= found[1].score > 0.12


def test_a_text_of_the_index_finds_itself_first():
    (found,) = Neighbours(TEXTS).nearest([TEXTS[2]], k=1)
    assert [(one.index, one.score) for one in found] == [(2, 1.0)]


def test_nothing_looks_like_an_unknown_word():
    assert Neighbours(TEXTS).nearest(["xyzzy", ""]) == [[], []]


def test_with_meaning_other_words_are_found():
    (found,) = Neighbours(TEXTS, Meaning()).nearest(["se faire soigner"], k=5)
    assert [one.index for one in found] == [2, 3]


def test_an_empty_index_finds_nothing():
    assert Neighbours([]).nearest(["piste"]) == [[]]
    assert Neighbours(TEXTS).nearest([]) == []


def test_no_more_than_asked():
    (found,) = Neighbours(["piste"] * 30).nearest(["piste"], k=4)
    assert [one.index for one in found] == [0, 1, 2, 3]
