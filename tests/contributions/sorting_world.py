"""Contributions to be sorted, with what a machine would have suggested. For the tests of sorting."""

from __future__ import annotations

from typing import Any

from dialogue.contributions.models import Contribution, Suggestion
from tests import factories as make


def suggested(*themes: tuple[Any, float], doubt: float = 0.5, places: Any = (), **fields: Any) -> Contribution:
    """A contribution received, for which the machine suggests `themes` (theme, confidence), best first."""
    fields = {"stage": "received", "is_published": False} | fields
    row = make.make_contribution(suggested_theme=themes[0][0] if themes else None, doubt=doubt, **fields)
    Suggestion.objects.create(
        contribution=row,
        themes=[
            {"theme": theme.code, "confidence": confidence, "words": ["cantines", "producteurs"]} for theme, confidence in themes
        ],
        places=[{"commune": commune.insee_code, "name": commune.name} for commune in places],
    )
    return row


def letters_to(row: Contribution) -> list[str]:
    """Subjects of what its author is sent, in order."""
    from dialogue.mailer.models import Letter

    return [letter.subject for letter in Letter.objects.filter(address=row.author_email).order_by("pk")]


def acts_of(row: Contribution) -> list[str]:
    from dialogue.ledger.models import Entry

    return [entry.act.partition(".")[2] for entry in Entry.objects.about(row).order_by("pk")]
