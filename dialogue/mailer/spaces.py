"""The names of the spaces that letters speak of. The room that owns a kind of space tells its names, reader by reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

#: `(reader, spaces) → {space: name}`, with the spaces that this reader may know of, and no other.
Names = Callable[[Any, list[str]], dict[str, str]]
REGISTRY: dict[str, Names] = {}


def register(prefix: str, names: Names) -> None:
    """Have `names` asked for the spaces `<prefix>/…`."""
    REGISTRY[prefix] = names


def names_for(reader: Any, spaces: Iterable[str]) -> dict[str, str]:
    """The names of those among `spaces` that the reader may know of."""
    wanted: dict[str, list[str]] = {}
    for space in spaces:
        wanted.setdefault(space.partition("/")[0], []).append(space)
    found: dict[str, str] = {}
    for prefix, group in wanted.items():
        if prefix in REGISTRY:
            found |= REGISTRY[prefix](reader, group)
    return found
