"""Whether a letter's reader is still concerned when it leaves: the room that owns the space tells.

A letter is written for the group of one day and may wait until Monday; whoever left in between gets nothing (docs/adr/0022).
What speaks of the reader alone (mandatory kinds: their place in the group, their demands, their account) still leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialogue.mailer.models import Letter

#: `(person, space, kind) → bool`, for the spaces of one prefix.
MayReceive = Callable[[Any, str, str], bool]
REGISTRY: dict[str, MayReceive] = {}
#: `(by, address) → bool`: whether `by` answers for the person who reads mail at `address`, and may have mail sent there again.
Answers = Callable[[Any, str], bool]
answerers: list[Answers] = []


def register(prefix: str, may_receive: MayReceive) -> None:
    """Have `may_receive` asked for the spaces `<prefix>/…`."""
    REGISTRY[prefix] = may_receive


def may_still_receive(letter: Letter) -> bool:
    """Asked when the letter leaves, alone or in a digest."""
    person = letter.person
    if person is None:
        return True
    if not person.can_receive_mail:
        return False
    told = REGISTRY.get(letter.space.partition("/")[0])
    return letter.mandatory or told is None or told(person, letter.space, letter.kind)


def answers_for(by: Any, address: str) -> bool:
    return any(told(by, address) for told in answerers)
