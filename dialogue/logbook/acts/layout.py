"""The editors' table: an edition drafted, its chapters, what stands in them and in which order, its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.ledger.acts import Refused, act
from dialogue.logbook import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.logbook.models import Chapter, Edition, GovernanceFigure, LogbookEntry, Placement
from dialogue.logbook.stages import LAYOUTS, USUAL, EditionStage, EntryKind, EntryStage, Layout

LONGEST = {
    "title": 120,
    "period": 120,
    "place": 120,
    "editorial": 4000,
    "colophon": 1500,
    "figures_title": 120,
    "introduction": 8000,
    "change_note": 500,
}
FIELDS = ("title", "period", "editorial", "colophon", "figures_title")


def _words(given: dict[str, str]) -> dict[str, str]:
    """Texts trimmed to their columns, lines kept."""
    return {
        name: text.replace("\x00", "")
        .replace("\r\n", "\n")
        .strip()[: 80 if name == "period" and "editorial" in given else LONGEST[name]]
        for name, text in given.items()
    }


def _drafted(edition: Edition) -> None:
    if edition.stage != EditionStage.DRAFT:
        raise Refused(_("Cette édition est publiée : faites-en une correction."))


def _titled(title: str, refusal: str) -> None:
    if not title:
        raise Refused(refusal)


@act("logbook.draft_edition", creates=True)
def draft_edition(thing: None, *, by: Any, now: datetime, title: str, **words: str) -> Edition:
    """The next carnet: its number follows the last one's."""
    fields = _words({"title": title} | words)
    _titled(fields["title"], _("Donnez un titre au carnet."))
    last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
    return Edition.objects.create(number=last + 1, drafted_by_id=by.pk, drafted_at=now, **fields)


@act("logbook.describe_edition", come_from=[EditionStage.DRAFT])
def describe_edition(edition: Edition, *, by: Any, now: datetime, change_note: str = "", **words: str) -> None:
    """Its title, period, editorial, colophon; of a correction, what it changes."""
    fields = _words(words)
    _titled(fields["title"], _("Donnez un titre au carnet."))
    if edition.replaces_id:
        fields["change_note"] = change_note.strip()[:500]
    Edition.objects.filter(pk=edition.pk).update(**fields)
    edition.refresh_from_db()


@act("logbook.drop_draft", come_from=[EditionStage.DRAFT])
def drop_draft(edition: Edition, *, by: Any, now: datetime) -> None:
    """A draft that nobody but the team read; what was chosen for it stays chosen."""
    Edition.objects.filter(pk=edition.pk).delete()


@act("logbook.add_chapter", creates=True)
def add_chapter(
    edition: Edition, *, by: Any, now: datetime, title: str, chantier: Chantier | None = None, **words: str
) -> Chapter:
    """A stop of the journey, after the others."""
    _drafted(edition)
    fields = _words({"title": title} | words)
    _titled(fields["title"], _("Donnez un titre à l’escale."))
    return Chapter.objects.create(edition=edition, order=_next(edition.chapters), chantier=chantier, **fields)


@act("logbook.edit_chapter")
def edit_chapter(chapter: Chapter, *, by: Any, now: datetime, title: str, chantier: Chantier | None = None, **words: str) -> None:
    _drafted(chapter.edition)
    fields = _words({"title": title} | words)
    _titled(fields["title"], _("Donnez un titre à l’escale."))
    Chapter.objects.filter(pk=chapter.pk).update(chantier=chantier, **fields)
    chapter.refresh_from_db()


@act("logbook.remove_chapter")
def remove_chapter(chapter: Chapter, *, by: Any, now: datetime) -> None:
    """What stood in it goes back among what is to be placed."""
    _drafted(chapter.edition)
    Chapter.objects.filter(pk=chapter.pk).delete()


@act("logbook.move_chapter", record=("step",))
def move_chapter(chapter: Chapter, *, by: Any, now: datetime, step: int) -> None:
    """One place up (-1) or down (1)."""
    _drafted(chapter.edition)
    _shift(list(chapter.edition.chapters.all()), chapter, step)


@act("logbook.place", creates=True, record=("layout",))
def place(chapter: Chapter, *, by: Any, now: datetime, entry: LogbookEntry, layout: Layout | None = None) -> Placement:
    """At the end of a chapter, laid out as its nature usually is; what stood elsewhere in this edition moves here."""
    _drafted(chapter.edition)
    if entry.stage != EntryStage.CHOSEN or entry.consent_ended_at is not None:
        raise Refused(_("Seul ce qui est retenu se place dans une édition."))
    layout = layout or USUAL[EntryKind(entry.kind)]
    _suits(entry, layout)
    Placement.objects.filter(entry=entry, chapter__edition_id=chapter.edition_id).delete()
    return Placement.objects.create(chapter=chapter, entry=entry, order=_next(chapter.placements), layout=layout)


@act("logbook.move_placement", record=("step",))
def move_placement(placement: Placement, *, by: Any, now: datetime, step: int) -> None:
    """One place up (-1) or down (1) in its chapter."""
    _drafted(placement.chapter.edition)
    _shift(list(placement.chapter.placements.all()), placement, step)


@act("logbook.lay_out", record=("layout",))
def lay_out(placement: Placement, *, by: Any, now: datetime, layout: Layout) -> None:
    """Full width, beside, quote, figure…"""
    _drafted(placement.chapter.edition)
    _suits(placement.entry, layout)
    Placement.objects.filter(pk=placement.pk).update(layout=layout)
    placement.refresh_from_db()


@act("logbook.unplace")
def unplace(placement: Placement, *, by: Any, now: datetime) -> None:
    """Back among what is to be placed."""
    _drafted(placement.chapter.edition)
    Placement.objects.filter(pk=placement.pk).delete()


@act("logbook.set_figures", come_from=[EditionStage.DRAFT])
def set_figures(edition: Edition, *, by: Any, now: datetime, rows: list[dict[str, str]]) -> None:
    """The figures of governance, in order: value, title, source; rows without a value go."""
    GovernanceFigure.objects.filter(edition=edition).delete()
    kept = [row for row in rows if row["value"].strip() and row["title"].strip()]
    GovernanceFigure.objects.bulk_create(
        GovernanceFigure(
            edition=edition,
            order=order,
            value=row["value"].strip()[:40],
            title=row["title"].strip()[:160],
            source=row.get("source", "").strip()[:200],
        )
        for order, row in enumerate(kept)
    )


def _suits(entry: LogbookEntry, layout: Layout) -> None:
    if layout not in LAYOUTS[EntryKind(entry.kind)]:
        raise Refused(_("Cette mise en page ne convient pas à cette nature."))


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _shift(rows: list[Any], row: Any, step: int) -> None:
    """Moves `row` among its fellows; at the end of the list nothing changes."""
    here = next(n for n, each in enumerate(rows) if each.pk == row.pk)
    there = min(max(here + (1 if step > 0 else -1), 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for order, each in enumerate(rows):
        type(each)._base_manager.filter(pk=each.pk).update(order=order)
    row.refresh_from_db()
