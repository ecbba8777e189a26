"""The number that the next délibération of a session will probably bear: proposed, never imposed."""

from __future__ import annotations

import re

from dialogue.assembly.models import AssemblySession, Resolution

_RUN = re.compile(r"\d+(?!.*\d)")
_SLOT = re.compile(r"#+")


def next_numbers(session: AssemblySession, count: int) -> list[str]:
    """`count` numbers that follow the last one recorded for the session, or begin its pattern (1 query); "" without either."""
    recorded = Resolution.objects.filter(session=session).exclude(number="").order_by("-recorded_at", "-pk")
    numbers = list(recorded.values_list("number", flat=True))
    if slot := _SLOT.search(session.number_pattern):
        return _of_pattern(session.number_pattern, slot, numbers, count)
    return _after(numbers[0], count) if numbers else [""] * count


def _of_pattern(pattern: str, slot: re.Match[str], numbers: list[str], count: int) -> list[str]:
    before, after, width = pattern[: slot.start()], pattern[slot.end() :], slot.end() - slot.start()
    known = re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}")
    last = max((int(found[1]) for number in numbers if (found := known.fullmatch(number))), default=0)
    return [f"{before}{last + n:0{width}d}{after}" for n in range(1, count + 1)]


def _after(number: str, count: int) -> list[str]:
    """ "2017-12-041" → "2017-12-042"…"""
    run = _RUN.search(number)
    if run is None:
        return [""] * count
    width = len(run[0])
    return [f"{number[: run.start()]}{int(run[0]) + n:0{width}d}{number[run.end() :]}" for n in range(1, count + 1)]
