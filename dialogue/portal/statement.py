"""The accessibility statement, computed from the stored audit (`audit.json`), never written by hand.

Only an audit of the 106 criteria of RGAA 4.1, done by a person on named pages less than three years ago, can say better
than "non conforme" (décret n° 2019-768, article 6: statement, rate, three years). Automatic checks are told, and count for
nothing in the level.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("audit.json")
CRITERIA = 106
HALF, FULL = 50, 100
VALID_YEARS = 3


@dataclass(frozen=True)
class Checks:
    """Automatic checks: the tool, the day, the pages, what was found."""

    tool: str
    on: date
    pages: list[str]
    violations: int


@dataclass(frozen=True)
class Audit:
    on: date
    auditor: str
    pages: list[str]
    conform: int
    not_conform: int
    not_applicable: int
    failures: list[str] = field(default_factory=list)

    @property
    def rate(self) -> int:
        """Per cent of the applicable criteria that are met, rounded down: a rate is never flattered."""
        applicable = self.conform + self.not_conform
        return self.conform * 100 // applicable if applicable else 0


@dataclass(frozen=True)
class Statement:
    """`level` is one of "total", "partial", "none"."""

    level: str
    label: str | Promise
    audit: Audit | None
    checks: Checks | None


LABELS = {
    "total": _("totalement conforme"),
    "partial": _("partiellement conforme"),
    "none": _("non conforme"),
}


def read(path: Path = FILE, *, today: date) -> Statement:
    """The statement; anything missing, malformed or too old makes it "non conforme", and never fails."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    stored = stored if isinstance(stored, dict) else {}
    audit, checks = _audit(stored.get("audit"), today), _checks(stored.get("checks"))
    level = "none"
    if audit and audit.rate >= HALF:
        level = "total" if audit.rate == FULL else "partial"
    return Statement(level, LABELS[level], audit, checks)


def _audit(stored: Any, today: date) -> Audit | None:
    """A valid audit, or None."""
    try:
        counts = {name: stored["criteria"][name] for name in ("conform", "not_conform", "not_applicable")}
        audit = Audit(
            on=date.fromisoformat(stored["date"]),
            auditor=str(stored["auditor"]).strip(),
            pages=[str(page) for page in stored["pages"]],
            failures=[str(text) for text in stored.get("failures", [])],
            **counts,
        )
    except (KeyError, TypeError, ValueError):
        return None
    whole = all(type(n) is int and n >= 0 for n in counts.values()) and sum(counts.values()) == CRITERIA
    days = (today - audit.on).days
    recent = 0 <= days <= VALID_YEARS * 365
    return audit if whole and recent and audit.auditor and audit.pages else None


def _checks(stored: Any) -> Checks | None:
    try:
        pages = [str(page) for page in stored["pages"]]
        return Checks(str(stored["tool"]), date.fromisoformat(stored["date"]), pages, int(stored["violations"]))
    except (KeyError, TypeError, ValueError):
        return None
