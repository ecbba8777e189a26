"""Two people who wrote at once: their texts put together line by line, when they did not touch the same lines."""

from __future__ import annotations

from difflib import SequenceMatcher


def merge(base: str, mine: str, theirs: str) -> str | None:
    """`base` with both changes; None when they touch the same lines, or lines next to each other.

    Every line that either wrote, and that the other did not know, is in the result (tests/language/test_merge.py).
    """
    if theirs in {mine, base}:
        return mine
    if mine == base:
        return theirs
    first, second, third = base.split("\n"), mine.split("\n"), theirs.split("\n")
    ours, others = _changes(first, second), _changes(first, third)
    if any(a[0] <= b[1] and b[0] <= a[1] and a != b for a in ours for b in others):
        return None
    merged, place = [], 0
    for start, end, lines in sorted({*ours, *others}):
        merged += first[place:start]
        merged += lines
        place = end
    return "\n".join(merged + first[place:])


def _changes(base: list[str], other: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """(first line, line after the last, new lines) of each change."""
    found = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [(i1, i2, tuple(other[j1:j2])) for tag, i1, i2, j1, j2 in found if tag != "equal"]
