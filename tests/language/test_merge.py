"""Two texts put together, or said to be in conflict."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.language.merge import merge

BASE = "un\ndeux\ntrois\nquatre\ncinq"


def test_changes_of_different_lines_are_put_together():
    assert (
        merge(BASE, "UN\ndeux\ntrois\nquatre\ncinq", "un\ndeux\ntrois\nquatre\nCINQ\nsix") == "UN\ndeux\ntrois\nquatre\nCINQ\nsix"
    )


def test_changes_of_the_same_line_are_a_conflict():
    assert merge(BASE, "un\nDEUX\ntrois\nquatre\ncinq", "un\ndeux!\ntrois\nquatre\ncinq") is None


def test_two_ends_added_at_once_are_a_conflict():
    assert merge("un", "un\nA", "un\nB") is None


def test_the_same_change_is_made_once():
    assert merge(BASE, BASE + "\nsix", BASE + "\nsix") == BASE + "\nsix"


def test_who_changed_nothing_takes_the_others_text():
    assert merge(BASE, BASE, "tout autre") == "tout autre"
    assert merge(BASE, "tout autre", BASE) == "tout autre"


lines = st.lists(st.sampled_from("abcde"), max_size=6)


@settings(deadline=None)
@given(lines, lines, lines)
def test_no_new_line_of_either_is_lost(base, mine, theirs):
    merged = merge("\n".join(base), "\n".join(mine), "\n".join(theirs))
    if merged is None:
        return
    kept = merged.split("\n")
    for text in (mine, theirs):
        assert set(text) - set(base) <= set(kept)
