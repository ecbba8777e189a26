"""Sample values of the addresses of the archives (see samples.py)."""

from __future__ import annotations

from typing import Any

Values = dict[str, dict[str, Any]]


def samples(world: Any) -> dict[str, Values]:
    closed, open_year = {"closed": {"year": 2016}}, {"open": {"year": 2017}}
    return {
        "archive:year": closed | open_year,
        "archive:year_json": closed | open_year,
        "archive:close": closed | open_year,
        "archive:reopen": closed | open_year,
    }
