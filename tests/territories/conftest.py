"""Frame files for the tests: a small sound one, and ways to spoil it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dialogue.territories import frame

SMALL: dict[str, Any] = {
    "department": {
        "code": "99",
        "name": "Littoral",
        "contact": {"service": "Mission des territoires", "email": "mission@littoral.example"},
    },
    "territories": [
        {"code": "nord", "name": "Nord", "tile": {"row": 1, "column": 1}},
        {"code": "sud", "name": "Sud", "tile": {"row": 2, "column": 1}},
    ],
    "communes": [
        {"insee_code": "99001", "name": "Aulnes", "territory": "nord", "population": 300},
        {"insee_code": "99002", "name": "Bruyères", "territory": "Sud", "population": 1200, "epci_name": "CC du Sud"},
    ],
    "themes": [
        {"code": "mobilite", "name": "Mobilité", "icon": "bus", "keywords": ["bus", "vélo"]},
        {"code": "habitat", "name": "Habitat"},
    ],
    "dates": [
        {"code": "conseils-1", "kind": "council", "series": 1, "title": "Conseils n° 1", "month": "2017-03"},
        {
            "code": "vote",
            "kind": "assembly",
            "title": "Vote",
            "day": "2017-12-14",
            "time": "09:30",
            "place": "Hôtel du Département",
        },
        {
            "code": "groupes",
            "kind": "phase",
            "title": "Groupes",
            "month": "2017-06",
            "until_month": "2018-02",
            "territory": "nord",
        },
    ],
    "chantiers": [
        {
            "number": 1,
            "theme": "mobilite",
            "territories": ["nord", "sud"],
            "title": "Un car par heure",
            "reason": "many",
            "reason_text": "Beaucoup en parlent.",
            "objective": "Un car par heure.",
            "deliverable": "Une grille d’horaires.",
            "council": "conseils-1",
        }
    ],
}


@pytest.fixture
def small() -> dict[str, Any]:
    return copy.deepcopy(SMALL)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write(document)` or `write(text)`: a file cadre.json; `write(…, name="x.csv")`."""

    def make(content: Any, name: str = "cadre.json", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(text, encoding=encoding)
        return path

    return make


@pytest.fixture
def no_loaders(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The extension list emptied: what this room loads alone."""
    loaders: list[Any] = []
    monkeypatch.setattr(frame, "loaders", loaders)
    return loaders
