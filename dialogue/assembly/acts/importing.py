"""Votes that come in a table: each line recorded by the act of the quick screen, and none said twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.acts.votes import BadVote, record_vote
from dialogue.assembly.importing import Line, examine
from dialogue.assembly.models import AssemblySession
from dialogue.ledger.acts import Refused, act


@dataclass(frozen=True)
class Report:
    """What was done with each line."""

    lines: list[Line]

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def recorded(self) -> int:
        return self.count("recorded")


@act("assembly.import_votes")
def import_votes(
    session: AssemblySession | None,
    *,
    by: Any,
    now: datetime,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    only_whole: bool = False,
) -> Report:
    """Records the votes of `rows`: (number of the line, field → text; importing.NAMES), in one transaction.

    Lines with a problem are left out and reported; a vote recorded already with the same facts is known: the same file may come
    twice. `only_whole`: raises Refused when one line has a problem, and records nothing. `session`: only its agenda.
    """
    lines = examine(rows, session=session)
    if only_whole and (bad := [line for line in lines if line.state == "problem"]):
        raise Refused(*[f"{line.number}: {sentence}" for line in bad for _label, sentence in line.problems])
    for line in lines:
        if line.state == "ready":
            _record(line, by=by, now=now)
    return Report(lines)


def _record(line: Line, *, by: Any, now: datetime) -> None:
    try:
        record_vote(line.proposition, by=by, now=now, **line.facts)
    except BadVote as bad:
        line.state = "problem"
        for name, sentences in bad.errors.items():
            for sentence in sentences:
                line.say(name, sentence)
    except Refused as refusal:
        line.state = "problem"
        for sentence in refusal.reasons:
            line.say("", sentence)
    else:
        line.state = "recorded"
