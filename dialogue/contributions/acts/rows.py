"""What every way in has in common: numbers, stems, publication. For the acts of this room alone, in their transactions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Max

from dialogue.contributions.models import Campaign, Contribution, ContributionWords, ImportBatch
from dialogue.contributions.stages import ImportStage, Stage
from dialogue.fulltext.stems import joined, stems_of
from dialogue.people.stages import Circle

#: Rows written at a time.
CHUNK = 1000


def next_number() -> int:
    """The number of the next contribution; all that follow are free too, until the end of the transaction.

    Two deposits at once are heard one after the other (the campaigns are held); an import writes a thousand at a time. The
    numbers of an import that was undone are not given again: someone may have quoted them.
    """
    list(Campaign.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    last = Contribution.objects.aggregate(last=Max("number"))["last"] or 0
    undone = ImportBatch.objects.filter(stage=ImportStage.UNDONE).values_list("source__last_number", flat=True)
    return max(last, *(number or 0 for number in undone), 0) + 1


#: Names and places come again and again in an import.
_also = lru_cache(maxsize=4_096)(stems_of)


def words_of(row: Contribution) -> ContributionWords:
    """The row of the index for a contribution; not saved. Its place is found too, its author is not."""
    title = stems_of(row.title)
    text = stems_of(row.text)
    also = _also(f"{row.shown_name} {row.place} {row.commune.name if row.commune_id and row.commune else ''}")
    return ContributionWords(contribution=row, title_stems=title, stems=joined(title, text, also))


def index(rows: Iterable[Contribution]) -> None:
    """Writes the stems of these contributions, new or changed."""
    ContributionWords.objects.bulk_create(
        [words_of(row) for row in rows],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["contribution"],
        update_fields=["title_stems", "stems"],
    )


def circle_for(campaign: Campaign, *, may_publish: bool) -> Circle:
    """Who may read it once it is published: without the author's consent, the coordination alone."""
    return Circle(campaign.circle) if may_publish else Circle.GROUP


def published_at(stage: str, campaign: Campaign) -> bool:
    """Whether a contribution at this stage is shown to its circle."""
    if stage == Stage.RECEIVED:
        return not campaign.moderate_first
    return stage in {Stage.ADMISSIBLE, Stage.QUALIFIED, Stage.LINKED, Stage.REFERRED, Stage.CLOSED, Stage.ANSWERED}


def write(row: Contribution, **fields: Any) -> None:
    """Saves these columns, and counts the revision that forms compare."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*fields, "revision"])
