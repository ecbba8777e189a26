"""The carnet as an EPUB 3, of the same content as its pages and its PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dialogue.formats import epub
from dialogue.formats.epub import Image, Page, Publication
from dialogue.logbook import book, pdf
from dialogue.logbook.models import Edition
from dialogue.territories.models import Department
from dialogue.ui.typography import spaced, spaced_page

STYLE = Path(__file__).parent / "epub.css"
LANDSCAPE = Path(__file__).parent / "typst" / "landscape.svg"


def of_edition(edition: Edition) -> bytes:
    """The EPUB of an edition; its images are the same copies as those of the pages, in JPEG."""
    told = book.read(edition)
    photos = {photo.key: data for photo in told.photos if (data := pdf.read_copy(photo.key, f"{photo.plain}.jpg"))}
    images = [Image("paysage.svg", "image/svg+xml", LANDSCAPE.read_bytes(), is_cover=True)]
    images += [Image(f"{key}.jpg", "image/jpeg", data) for key, data in photos.items()]
    department = Department.objects.first()
    name = department.name if department else ""
    return epub.write(
        Publication(
            identifier=f"urn:dialogue:carnet:{edition.number}:{edition.edition or 0}:{edition.sha256[:32] or 'apercu'}",
            title=spaced(told.title),
            language=settings.LANGUAGE_CODE[:2],
            creator=name or _("Département"),
            publisher=name or _("Département"),
            modified=edition.published_at or edition.drafted_at,
            description=spaced(told.numbering),
            contents_title=_("Les escales"),
            summary=_(
                "Chaque photo est décrite, chaque son est transcrit ; les titres, les listes et les citations sont balisés. "
                "Le livre se lit entièrement à la voix."
            ),
            pages=list(_pages(edition, told, set(photos))),
            images=images,
            css=STYLE.read_text(encoding="utf-8"),
            source=f"{settings.BASE_URL}{edition.get_absolute_url()}" if edition.slug else "",
        )
    )


def _pages(edition: Edition, told: book.Book, photos: set[str]) -> Any:
    yield Page("couverture", spaced(told.title), _body("cover", book=told), "titlepage", in_contents=False)
    for stop in told.stops:
        body = _body("stop", stop=stop, photos=photos, base_url=settings.BASE_URL, withdrawn=pdf.withdrawn_words())
        yield Page(stop.anchor, spaced(stop.title), body)
    if told.figures:
        title = told.figures_title or _("Ce qu’il y a dans le filet")
        yield Page("chiffres", spaced(title), _body("figures", book=told, title=title))
    yield Page(
        "colophon",
        _("À propos de ce carnet"),
        _body("colophon", heading=_("À propos de ce carnet"), lines=pdf.colophon(edition, told)),
        "colophon",
    )


def _body(name: str, **context: Any) -> str:
    return spaced_page(render_to_string(f"logbook/epub/{name}.xhtml", context)).strip()
