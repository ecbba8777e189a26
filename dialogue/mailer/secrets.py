"""Secrets that no letter at rest contains: a mark stands in its text, the secret takes its place when the mail leaves.

Letters stay in the database and in its copies for weeks; a link that speaks for somebody must not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogue.mailer.models import Letter

#: `(letter, number) -> secret`, None when there is none (any more), or when it is not for the reader of this letter.
Reveal = Callable[[Letter, int], str | None]
REGISTRY: dict[str, Reveal] = {}
#: Letters, digits and hyphens: it stands in an address without being changed.
_MARK = re.compile(r"secret-([a-z]+)-(\d+)-au-depart")


def register(name: str, reveal: Reveal) -> None:
    """Lower-case letters only. Raises ValueError when the name is taken."""
    if name in REGISTRY:
        raise ValueError(f"{name} is registered twice")
    REGISTRY[name] = reveal


def mark(name: str, number: int) -> str:
    """What stands in the letter for secret `number`."""
    return f"secret-{name}-{number}-au-depart"


def revealed(letter: Letter, text: str) -> str:
    """`text` of this letter as it leaves. A mark without secret stays: its link leads to the page that says so."""

    def secret(found: re.Match[str]) -> str:
        name, number = found.groups()
        told = REGISTRY[name](letter, int(number)) if name in REGISTRY else None
        return told if told is not None else found.group()

    return _MARK.sub(secret, text)
