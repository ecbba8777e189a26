"""The whole analysis, and what the real corpora say of it."""

from pathlib import Path

import pytest

from dialogue.analysis import embeddings
from dialogue.analysis.pipeline import analyse
from dialogue.analysis.themes import ThemeModel, ThemeSpec, measure
from tools import bench_analysis_sets as sets

CORPORA = Path(__file__).resolve().parents[3] / "shared/data/corpora"
absent = pytest.mark.skipif(not CORPORA.exists(), reason=f"LEFT OUT: the corpora are not on this machine ({CORPORA})")

THEMES = [ThemeSpec("mobilites", "Mobilités", ["piste cyclable", "bus"]), ThemeSpec("sante", "Santé", ["médecin", "soins"])]
TEXTS = [f"Une piste cyclable {where}" for where in ("à Langon", "à Bazas", "au bord du lac", "au collège")] * 3 + [
    "Un médecin",
    "",
    "zzz",
]


def test_every_text_is_in_a_cell_or_unclassified():
    model = ThemeModel.train(TEXTS, [None] * len(TEXTS), THEMES)
    found = analyse(TEXTS, model, territories=["sud"] * 6 + ["nord"] * 9)
    assert found.unclassified == [13, 14]
    assert set(found.clusters) == {("mobilites", "sud"), ("mobilites", "nord"), ("sante", "nord")}
    inside = [at for one in found.clusters.values() for group in one.clusters for at in group.members]
    inside += [at for one in found.clusters.values() for at in one.leftover]
    assert sorted([*inside, *found.unclassified]) == list(range(len(TEXTS)))
    assert found.copies == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]


def test_what_a_person_decided_decides_the_cell():
    model = ThemeModel.train(TEXTS, [None] * len(TEXTS), THEMES)
    found = analyse(TEXTS, model, themes=["sante", *[None] * (len(TEXTS) - 1)])
    assert 0 in found.clusters["sante", None].leftover


def test_lists_that_do_not_fit_are_refused():
    model = ThemeModel.train(TEXTS, [None] * len(TEXTS), THEMES)
    with pytest.raises(ValueError):
        analyse(TEXTS, model, territories=["sud"])


def test_the_same_text_has_the_same_vector_alone_or_among_others():
    embedder = embeddings.load(remembered=2)
    if embedder is None:
        pytest.skip("LEFT OUT: the optional embeddings are not installed (uv sync --group embeddings)")
    texts = ["Une piste cyclable", "Un médecin", "Une voie pour les vélos"]
    vectors = embedder.passages(texts)
    assert vectors.shape == (3, 384)
    assert (embedder.passages(texts[:1])[0] == vectors[0]).all()
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]
    assert embedder.passages([]).shape == (0, 384)


@pytest.mark.corpora
@absent
def test_on_the_texts_of_paris_three_suggestions_out_of_four_are_right():
    paris = sets.paris()
    found = measure(paris.texts, paris.labels, sets.told_themes(paris), groups=paris.groups)
    assert found.accuracy >= 0.75
    assert found.macro_f1 >= 0.68
    assert found.top3 >= 0.93


@pytest.mark.corpora
@absent
def test_hard_look_alikes_are_no_copies():
    from dialogue.analysis.copies import near_copies

    for row in sets.lines("paraphrases_fr"):
        if not row["duplicate"]:
            assert near_copies([row["a"], row["b"]]) == [], row
