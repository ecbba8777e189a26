"""The second reading: a sample read again by someone else, who does not see what the first one said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dialogue.contributions.acts.sorting import requalify
from dialogue.contributions.models import Contribution, SecondReading
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.second import candidates, drawn
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date

CHUNK = 500


@act("contributions.draw_second_reading", record=("percent", "seed"))
def draw_second_reading(_none: None = None, *, by: Any, now: datetime, percent: int = 5, seed: int = 1) -> int:
    """Draws `percent` of what people sorted and nobody read twice; the same day and seed draw the same. Returns how many."""
    if not 1 <= percent <= 100:  # noqa: PLR2004  a share
        raise Refused(_("Choisissez une part entre 1 et 100 %."))
    chosen = drawn(candidates().values_list("pk", flat=True), percent=percent, seed=f"{seed}-{local_date(now)}")
    if not chosen:
        raise Refused(_("Rien à tirer : tout ce qui est classé a déjà été tiré, ou rien n’est encore classé."))
    for start in range(0, len(chosen), CHUNK):
        rows = Contribution.objects.filter(pk__in=chosen[start : start + CHUNK]).only("theme_id", "qualified_by_id").order_by("pk")
        SecondReading.objects.bulk_create(
            [
                SecondReading(
                    contribution=row, first_theme_id=row.theme_id, first_reader_id=row.qualified_by_id, drawn_at=now
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
    return len(chosen)


@act("contributions.read_second", record=("theme",))
def read_second(reading: SecondReading, *, by: Any, now: datetime, theme: Any) -> bool:
    """What a second person says, blind. Returns whether both agree."""
    if reading.first_reader_id == by.pk:
        raise Refused(_("Vous l’avez classée vous-même : laissez-la à quelqu’un d’autre."))
    rows = SecondReading.objects.filter(pk=reading.pk, theme=None)
    if rows.update(theme=theme, reader_id=by.pk, read_at=now) != 1:
        raise Refused(_("Quelqu’un d’autre l’a relue entre-temps."))
    reading.refresh_from_db()
    return reading.theme_id == reading.first_theme_id


@act("contributions.settle_reading", record=("theme",))
def settle_reading(reading: SecondReading, *, by: Any, now: datetime, theme: Any) -> None:
    """Two readers differ: a person says the theme, and the contribution takes it."""
    if reading.read_at is None or reading.theme_id == reading.first_theme_id:
        raise Refused(_("Les deux lectures ne diffèrent pas."))
    # Later than the reading, even when both happen at the same instant: this is how a settled one is known.
    requalify(reading.contribution, by=by, now=max(now, reading.read_at + timedelta(seconds=1)), theme=theme)
