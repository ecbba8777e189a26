"""`territories.import_outlines`: the outlines of the territories, from a GeoJSON file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import act
from dialogue.territories import outlines as reading
from dialogue.territories import rules  # noqa: F401 — the permission
from dialogue.territories.acts.load import NothingToChange
from dialogue.territories.models import Outline, Territory


@act("territories.import_outlines")
def import_outlines(thing: None, *, by: Any, now: datetime, document: Any, file: str = "") -> int:
    """All the outlines at once, in place of those that stood; answers how many changed.

    `document`: the parsed GeoJSON. Raises Refused with every error and its place, NothingToChange when these outlines stand
    already; then nothing is written.
    """
    found = reading.check(document, list(Territory.objects.select_for_update()), file=file)
    stored = {outline.territory_id: outline for outline in Outline.objects.select_for_update()}
    changed = 0
    for territory, geometry, source in found:
        before = stored.get(territory.pk)
        if before is None or (before.geometry, before.source) != (geometry, source):
            Outline.objects.update_or_create(territory=territory, defaults={"geometry": geometry, "source": source})
            changed += 1
    if not changed:
        raise NothingToChange(_("Ces contours sont déjà là : rien ne change."))
    return changed
