"""The frozen content of an edition: what its pages, its PDF and its EPUB are all made of, and its seal.

Nobody's name stands in it: who agreed to be named is looked up when it is read, and can change their mind.
"""

from __future__ import annotations

from typing import Any, TypedDict

from dialogue.logbook.models import Chapter, Edition, Placement
from dialogue.people.stages import Circle


class EntryContent(TypedDict):
    entry: int
    kind: str
    layout: str
    text: str
    figure: str
    credit: str
    place: str
    on: str
    alternative: str
    transcript: str
    key: str
    width: int
    height: int
    widths: list[int]
    sound: str
    chantier: int | None


class ChapterContent(TypedDict):
    title: str
    place: str
    period: str
    chantier: dict[str, Any] | None
    introduction: str
    entries: list[EntryContent]


class Content(TypedDict):
    number: int
    title: str
    period: str
    editorial: str
    colophon: str
    figures_title: str
    chapters: list[ChapterContent]
    figures: list[dict[str, str]]


def content_of(edition: Edition) -> Content:
    """As its table stands now (3 queries)."""
    chapters = edition.chapters.select_related("chantier").prefetch_related("placements__entry")
    return {
        "number": edition.number,
        "title": edition.title,
        "period": edition.period,
        "editorial": edition.editorial,
        "colophon": edition.colophon,
        "figures_title": edition.figures_title,
        "chapters": [_chapter(chapter) for chapter in chapters],
        "figures": [{"value": f.value, "title": f.title, "source": f.source} for f in edition.figures.all()],
    }


def _chapter(chapter: Chapter) -> ChapterContent:
    chantier = chapter.chantier
    # The name of a chantier that is not public goes nowhere (the reader asks again: it may change).
    is_public = chantier is not None and chantier.circle == Circle.PUBLIC
    return {
        "title": chapter.title,
        "place": chapter.place,
        "period": chapter.period,
        "chantier": {"id": chantier.pk, "slug": chantier.slug, "title": chantier.title} if chantier and is_public else None,
        "introduction": chapter.introduction,
        "entries": [_entry(placement) for placement in chapter.placements.all()],
    }


def _entry(placement: Placement) -> EntryContent:
    entry = placement.entry
    return {
        "entry": entry.pk,
        "kind": entry.kind,
        "layout": placement.layout,
        "text": entry.text,
        "figure": entry.figure,
        "credit": entry.credit,
        "place": entry.place,
        "on": entry.on.isoformat(),
        "alternative": entry.alternative,
        "transcript": entry.transcript,
        "key": entry.key.hex if entry.treatment else "",
        "width": entry.width,
        "height": entry.height,
        "widths": entry.widths,
        "sound": entry.sound,
        "chantier": entry.chantier_id,
    }
