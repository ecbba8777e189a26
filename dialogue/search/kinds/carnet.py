"""The carnet de voyage: what published editions say. The one that stands is found; those it corrected are read from its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogue.logbook.models import Edition
from dialogue.logbook.stages import EditionStage
from dialogue.search.kinds.base import Kind, Telling, lines


def _edition(row: Edition) -> Telling:
    """Its frozen words. An agreement that ends publishes another edition, so that this one is no longer found."""
    content: Any = row.content
    told = [content.get("editorial")]
    for chapter in content.get("chapters", []):
        told += [chapter["title"], chapter["place"], chapter["introduction"]]
        told += [lines(e["text"], e["credit"], e["transcript"], e["alternative"]) for e in chapter["entries"]]
    return Telling(
        title=row.title, text=lines(*told), also=row.period, path=row.get_absolute_url(), circle=row.circle, at=row.published_at
    )


def _standing() -> Any:
    return Edition.objects.filter(stage=EditionStage.PUBLISHED)


KINDS = [
    Kind(
        "edition",
        _("Carnet de voyage"),
        "carnet",
        rows=_standing,
        tell=_edition,
        readable=lambda reader: Edition.objects.visible_to(reader).filter(stage=EditionStage.PUBLISHED),
        # The edition that a correction replaces leaves the index.
        because={"logbook.edition": "corrections__in", "logbook.logbookentry": "chapters__placements__entry__in"},
    )
]
