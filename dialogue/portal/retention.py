"""How long personal data is kept: the page shows the very file that `manage.py purge` is tested against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FILE = Path(settings.BASE_DIR) / "docs" / "retention.yaml"


@dataclass(frozen=True)
class Rule:
    """`what` is kept `days` calendar days from `start`, `then` what happens."""

    what: str
    days: int
    start: str
    then: str

    @property
    def years(self) -> int:
        """When the time is a whole number of years of 365 days, that number, which reads better; otherwise 0."""
        return 0 if self.days % 365 else self.days // 365


def table(path: Path = FILE) -> list[Rule]:
    """The rules of docs/retention.yaml, in its order; empty when the file is not there.

    The file is a list of flat mappings, one `key: value` a line: no YAML library is needed to read it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    rows: list[dict[str, str]] = []
    for line in lines:
        if line.startswith("#") or ":" not in line:
            continue
        if line.startswith("- "):
            rows.append({})
        key, _colon, value = line.removeprefix("- ").strip().partition(":")
        if rows:
            rows[-1][key.strip()] = value.strip()
    return [Rule(r["what"], int(r["days"]), r["from"], r["then"]) for r in rows if {"what", "days", "from", "then"} <= set(r)]
