"""Members named in a message: « @Prénom Nom », or chosen in the form. Only members of the group can be named."""

from __future__ import annotations

from collections.abc import Iterable

from dialogue.chantiers.letters.life import group_of
from dialogue.chantiers.models import Chantier
from dialogue.language.text import normalise
from dialogue.people.models import Person


def members_of(chantier: Chantier) -> list[Person]:
    """The people who may be named, by name."""
    return sorted(group_of(chantier), key=lambda person: normalise(str(person)))


def named(text: str, members: Iterable[Person]) -> list[Person]:
    """Those whose whole name follows an @ in the text, accents and case aside: "@claire dupré" names Claire Dupré."""
    if "@" not in text:
        return []
    calls = [f" {normalise(part)} " for part in text.split("@")[1:]]
    return [person for person in members if (name := normalise(str(person))) and any(c.startswith(f" {name} ") for c in calls)]
