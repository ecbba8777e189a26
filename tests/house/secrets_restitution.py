"""Who may read what a progress point or a conference says (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.restitution.models import Conference, ConferenceVersion, PointLine, PointVersion, ProgressPoint

#: Never shown: "model.field" → why.
MACHINE = {
    **{
        f"restitution.{model}.{field}": "a hash"
        for model in ("pointversion", "conferenceversion")
        for field in ("sha256", "sha256_reserved")
    },
    "restitution.pointline.hidden_decisions": "numbers of decisions",
    "restitution.conference.figures": "numbers",
}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(everyone: frozenset[str], partners: frozenset[str], coordination: frozenset[str]) -> Iterator[Rule]:
    """(row, fields, who may read them). What is written is the coordination's until it is frozen and published."""
    for paper in [*ProgressPoint.objects.all(), *Conference.objects.all()]:
        yield paper, ("introduction", "conclusion"), coordination
    for line in PointLine.objects.select_related("point"):
        yield line, ("done", "left", "asked", "call", "data", "reserved"), coordination
    for version in [*PointVersion.objects.all(), *ConferenceVersion.objects.all()]:
        yield version, ("content", "change_note"), everyone
        yield version, ("reserved",), partners


def shaped(row: Any, name: str, word: str) -> Any:
    """A content, or what was gathered, with the word in it."""
    value = getattr(row, name)
    if isinstance(row, PointLine):
        # Of a chantier of the partners' circle nothing is public: it stays empty.
        return value and value | ({"objective": word} if value.get("objective") else {"weather": _sky(word)})
    if isinstance(row, ConferenceVersion):
        return _conference(value, name, word)
    return _point(value, name, word)


def _sky(word: str) -> dict[str, str]:
    return {"weather": "cloudy", "on": "2017-11-01", "sentence": word}


def _point(value: dict[str, Any], name: str, word: str) -> dict[str, Any]:
    if name == "content":
        return value | {"introduction": word}
    extras = {number: facts | {"weather": _sky(word)} for number, facts in value.get("extras", {}).items()}
    return value | {"extras": extras, "entries": [entry | {"done": word} for entry in value.get("entries", [])]}


def _conference(value: dict[str, Any], name: str, word: str) -> dict[str, Any]:
    if name == "content":
        return value | {"introduction": word}
    return {"territories": {code: _point(told, name, word) for code, told in value["territories"].items()}}
