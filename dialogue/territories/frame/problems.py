"""Errors of a file: gathered with their places, told all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused

#: More would not be read.
AT_MOST = 50
#: Signs of a quoted value.
LONGEST = 60


class Problems:
    """What is wrong in a file. `add` as you go, `refuse` at the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []
        #: (section, rank) of the items that have an error of their own.
        self.spoilt: set[tuple[str, int]] = set()

    def add(self, place: str, sentence: str) -> None:
        self.found.append(f"{place} : {sentence}" if place else f"{self.file} : {sentence}")

    def at(self, path: Iterable[str | int], sentence: str) -> None:
        """An error inside the JSON: `path` as jsonschema gives it, ("themes", 3, "name")."""
        steps = list(path)
        match steps:
            case [str(section), int(rank), *_rest]:
                self.spoilt.add((section, rank))
        self.add(f"{self.file}, {json_path(steps)}" if steps else self.file, sentence)

    def refuse(self) -> None:
        """Raises Refused if anything was found: the first fifty, and how many more."""
        if not self.found:
            return
        more = len(self.found) - AT_MOST
        told = self.found[:AT_MOST]
        if more > 0:
            told.append(_("Et %(more)s autres erreurs, à voir quand celles-ci seront corrigées.") % {"more": more})
        raise Refused(*told)


def json_path(steps: Iterable[str | int]) -> str:
    """("themes", 3, "name") → "themes[3].name": ranks start at 0, as JSON tools count."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def shown(value: Any) -> str:
    """A value quoted in a sentence, cut short."""
    text = str(value)
    return f"« {text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'} »"
