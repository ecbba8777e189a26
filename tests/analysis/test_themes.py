"""Suggested themes: what is learnt, what is said, what is kept."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.analysis.quality import Said, score
from dialogue.analysis.themes import Suggestion, ThemeModel, ThemeSpec, margin, measure

ROOT = Path(__file__).resolve().parents[2]
THEMES = [
    ThemeSpec("mobilites", "Mobilités", ["vélo", "piste cyclable", "bus", "train", "covoiturage"]),
    ThemeSpec("sante", "Santé", ["médecin", "hôpital", "maison de santé", "soins"]),
    ThemeSpec("culture", "Culture", ["musique", "théâtre", "bibliothèque", "cinéma"]),
]
TEXTS = [
    "Créer une piste cyclable à Langon",
    "Plus de bus le soir vers Bordeaux",
    "Un parking de covoiturage au péage",
    "Il manque un médecin à Bazas",
    "Ouvrir une maison de santé dans le Médoc",
    "Des soins près de chez nous",
    "Une bibliothèque ouverte le dimanche",
    "Soutenir le théâtre amateur",
    "Un festival de musique pour les jeunes",
]
LABELS = ["mobilites"] * 3 + ["sante"] * 3 + ["culture"] * 3
NOBODY = [None] * len(TEXTS)


class Meaning:
    """An embedder that knows three things, by their first letters."""

    def passages(self, texts):
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for at, text in enumerate(texts):
            known = [
                ("pist", "bus", "covoit", "trottin"),
                ("médec", "sant", "soin", "docteur"),
                ("biblio", "théât", "musi", "roman"),
            ]
            for column, words in enumerate(known):
                vectors[at, column] = any(word in text.lower() for word in words)
        return vectors


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(TEXTS, LABELS, THEMES)


def first(model, text, embedder=None):
    (found,) = model.suggest([text], embedder)
    return found[0].theme if found else None


def test_without_any_label_the_keywords_teach():
    cold = ThemeModel.train(TEXTS, NOBODY, THEMES)
    assert [first(cold, text) for text in TEXTS] == LABELS
    assert cold.parameters["labels"] == 0


def test_without_any_text_either_the_keywords_alone_speak():
    bare = ThemeModel.train([], [], THEMES)
    assert first(bare, "des vélos en libre service") == "mobilites"


def test_labels_win_over_keywords():
    moved = ThemeModel.train(["Un bus qui prête des livres"] * 25 + TEXTS[3:6] * 9, ["culture"] * 25 + ["sante"] * 27, THEMES[1:])
    assert first(moved, "un bus de livres") == "culture"


def test_one_label_is_enough_to_help():
    one = ThemeModel.train(["La trottinette électrique"], ["mobilites"], THEMES)
    assert first(one, "des trottinettes partout") == "mobilites"


def test_up_to_three_suggestions_best_first_with_confidences_that_are_shares(model):
    (found,) = model.suggest(["Un bus pour aller chez le médecin"])
    assert len(found) == 3
    confidences = [one.confidence for one in found]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=0.001)


def test_the_words_are_those_of_the_text_as_written(model):
    (found,) = model.suggest(["Bonjour, des PISTES Cyclables sûres !"])
    assert found[0].theme == "mobilites"
    assert set(found[0].words) >= {"PISTES", "Cyclables"}


@pytest.mark.parametrize("text", ["", "   ", "!!!", "xyzzy", "et de la"])
def test_where_nothing_speaks_nothing_is_suggested(model, text):
    assert model.suggest([text]) == [[]]
    assert model.rank([text]).code(0) is None


def test_no_text_no_answer(model):
    assert model.suggest([]) == []


@pytest.mark.parametrize("themes", [[], THEMES[:1]])
def test_with_nothing_to_tell_apart_the_model_is_silent(themes):
    silent = ThemeModel.train(TEXTS, NOBODY, themes)
    assert silent.suggest(["Une piste cyclable"]) == [[]]
    assert ThemeModel.loads(silent.dumps()).suggest(["Une piste cyclable"]) == [[]]


def test_labels_of_one_theme_only_leave_the_keywords_to_the_others():
    lone = ThemeModel.train(TEXTS[:3] * 10, ["mobilites"] * 30, THEMES)
    assert first(lone, "un médecin") == "sante"


def test_the_margin_is_what_parts_the_two_best():
    assert margin([Suggestion("a", 0.6), Suggestion("b", 0.25)]) == pytest.approx(0.35)
    assert margin([Suggestion("a", 0.6)]) == 0.6
    assert margin([]) == 0


def test_a_kept_model_says_the_same_and_has_the_same_version(model):
    kept = ThemeModel.loads(model.dumps())
    asked = [*TEXTS, "tout autre chose", "piste"]
    assert kept.suggest(asked) == model.suggest(asked)
    assert (kept.version, kept.parameters, kept.dumps()) == (model.version, model.parameters, model.dumps())


def test_the_same_texts_make_the_same_model_and_others_another(model):
    assert ThemeModel.train(TEXTS, LABELS, THEMES).dumps() == model.dumps()
    assert ThemeModel.train([*TEXTS, "Un bus"], [*LABELS, "mobilites"], THEMES).version != model.version


def test_a_model_with_many_labels_keeps_its_keywords():
    many = ThemeModel.train(TEXTS * 10, LABELS * 10, THEMES)
    assert many.parameters["keywords"]
    kept = ThemeModel.loads(many.dumps())
    assert kept.suggest(TEXTS) == many.suggest(TEXTS)
    assert first(kept, "le train") == "mobilites"  # a keyword that no labelled text has


def test_meaning_adds_to_words_when_it_is_there_and_is_not_needed_when_it_is_not():
    both = ThemeModel.train(TEXTS, LABELS, THEMES, embedder=Meaning())
    kept = ThemeModel.loads(both.dumps())
    assert first(kept, "un docteur", Meaning()) == "sante"
    assert first(kept, "un médecin") == "sante"
    assert kept.suggest(TEXTS, Meaning()) == both.suggest(TEXTS, Meaning())


@pytest.mark.parametrize("wrong", [b"", b"PK", b"not a model", b"\x80\x04pickle"])
def test_other_bytes_are_refused(wrong):
    with pytest.raises(ValueError):
        ThemeModel.loads(wrong)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_model_is_refused_or_reads_as_a_model(model, data):
    whole = bytearray(model.dumps())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        ThemeModel.loads(bytes(whole))
    except ValueError:
        return


def test_labels_that_are_no_theme_and_lists_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no theme"):
        ThemeModel.train(["x"], ["sport"], THEMES)
    with pytest.raises(ValueError, match="as many"):
        ThemeModel.train(["x"], [], THEMES)
    with pytest.raises(ValueError, match="same code"):
        ThemeModel.train([], [], [THEMES[0], THEMES[0]])


def test_the_web_process_reads_a_model_without_scikit_learn(model, tmp_path):
    file = tmp_path / "model"
    file.write_bytes(model.dumps())
    code = (
        "import sys; from pathlib import Path; from dialogue.analysis.themes import ThemeModel; "
        f"said = ThemeModel.loads(Path({str(file)!r}).read_bytes()).suggest(['Une piste cyclable']); "
        "print(said[0][0].theme, 'sklearn' in sys.modules, 'django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["mobilites", "False", "False"]


def test_measuring_never_asks_about_what_was_learnt():
    # Each theme in one group only: learnt without it, nothing can be known but through the keywords.
    found = measure(TEXTS, LABELS, [ThemeSpec(one.code, "x") for one in THEMES], groups=LABELS, folds=3)
    assert found.accuracy == 0
    assert found.n == 9


def test_measuring_what_is_easy():
    found = measure(TEXTS * 4, LABELS * 4, THEMES, groups=list(range(9)) * 4, folds=3)
    assert found.accuracy > 0.6
    assert found.top3 == 1
    assert "3 folds, grouped as given" in found.protocol


def test_the_figures_of_a_list_of_answers():
    said = [Said("a", ("a", "b"), 0.9), Said("a", ("a", "b"), 0.1), Said(None, (), 0.0), Said("b", ("b",), 0.8)]
    found = score(said, ["a", "b", "b", "b"], "by hand")
    assert (found.accuracy, found.top3, found.confident_half, found.n) == (0.5, 0.75, 1.0, 4)
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 * 1 / (1 + 3)) / 2)
