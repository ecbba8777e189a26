"""The carnet as a PDF: tagged, of the same content as its pages."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from dialogue.formats import pdf
from dialogue.language.paragraphs import Bullets, parse
from dialogue.logbook import book
from dialogue.logbook.models import Edition
from dialogue.territories.models import Department
from dialogue.ui.dates import long_day
from dialogue.ui.typography import spaced

TYPST = Path(__file__).parent / "typst"
BRAND, ACCENT = "#00536b", "#8a1f42"


def withdrawn_words() -> str:
    return _("Retiré depuis, à la demande d’une personne.")


def stored_copy(key: str, name: str) -> str:
    """Where a copy is kept, from the key written in a frozen content."""
    return f"logbook/{key[:2]}/{key}/{name}"


def read_copy(key: str, name: str) -> bytes | None:
    """Its bytes; None when it is not there (any more)."""
    path = stored_copy(key, name)
    if not default_storage.exists(path):
        return None
    with default_storage.open(path, "rb") as file:
        return bytes(file.read())


def of_edition(edition: Edition, *, made_at: datetime | None = None) -> bytes:
    """The PDF of an edition, a draft included (its table as it stands)."""
    told = book.read(edition)
    files = {"landscape.svg": (TYPST / "landscape.svg").read_bytes()}
    for photo in told.photos:
        data = read_copy(photo.key, f"{photo.plain}.jpg")
        if data is not None:
            files[f"{photo.key}.jpg"] = data
    moment = made_at or edition.published_at or edition.drafted_at
    return pdf.document(TYPST / "carnet.typ", _spaced(data_of(edition, told, set(files))), made_at=moment, files=files)


def pages_of(data: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(data)).pages)


def data_of(edition: Edition, told: book.Book, files: set[str]) -> dict[str, Any]:
    department = Department.objects.first()
    return {
        "title": f"{told.title} – {told.numbering}",
        "name": told.title,
        "author": department.name if department else "",
        "description": told.numbering,
        "lang": settings.LANGUAGE_CODE[:2],
        "brand": BRAND,
        "accent": ACCENT,
        "numbering": told.numbering,
        "editorial": lines(told.editorial),
        "contents": _("Les escales"),
        "footer": f"{told.numbering} · {told.title}",
        "stops": [_stop(stop, files) for stop in told.stops],
        "figures_title": told.figures_title or _("Ce qu’il y a dans le filet"),
        "figures": [{"figure": f["value"], "text": f["title"], "signature": _source(f["source"])} for f in told.figures],
        "colophon": colophon(edition, told),
    }


def _source(words: str) -> str:
    return _("Source : %(source)s") % {"source": words} if words else ""


def colophon(edition: Edition, told: book.Book) -> list[str]:
    """Who wrote it and with what; when it was published, and its seal."""
    found = lines(told.colophon)
    if edition.published_at:
        day = long_day(edition.published_at)
        found.append(_("Publié le %(day)s. Empreinte %(seal)s.") % {"day": day, "seal": edition.sha256[:16]})
    if edition.change_note:
        found.append(_("Cette édition corrige la précédente : %(what)s") % {"what": edition.change_note})
    return found


def _stop(stop: book.Stop, files: set[str]) -> dict[str, Any]:
    margin = [stop.place, stop.period, stop.chantier.title if stop.chantier else ""]
    return {
        "first": stop.number == 1,
        "label": stop.label,
        "title": stop.title,
        "margin": [line for line in margin if line],
        "introduction": lines(stop.introduction),
        "runs": [{"kind": kind, "items": [_item(item, files) for item in items]} for kind, items in stop.runs],
    }


def _item(item: book.Item, files: set[str]) -> dict[str, Any]:
    has_photo = item.photo is not None and f"{item.photo.key}.jpg" in files
    return {
        "kind": item.kind,
        "photo": f"{item.photo.key}.jpg" if item.photo and has_photo else "",
        "alternative": item.photo.alternative if item.photo else "",
        "text": captioned(item) if has_photo else item.text,
        "lines": lines(item.text),
        "figure": item.figure,
        "signature": item.signature,
        "heard": _("Ce que l’on entend :") if item.transcript else "",
        "transcript": lines(item.transcript),
        "mark": item.mark_words or _("Étape"),
        "withdrawn": withdrawn_words() if item.withdrawn else "",
    }


def captioned(item: book.Item) -> str:
    """The caption of a photo: what its author says of it, then who and where."""
    return " ".join(filter(None, [item.text, f"({item.signature})" if item.signature and item.text else item.signature]))


def lines(text: str) -> list[str]:
    """Paragraphs as one line each; entries of a list begin with a dash."""
    found: list[str] = []
    for block in parse(text):
        if isinstance(block, Bullets):
            found += [f"– {entry}" for entry in block.entries]
        else:
            found.append(" ".join(block.lines))
    return found


def _spaced(value: Any) -> Any:
    """French spaces, as the pages get them when they are rendered."""
    if isinstance(value, str):
        return spaced(value)
    if isinstance(value, list):
        return [_spaced(each) for each in value]
    return {key: _spaced(each) for key, each in value.items()} if isinstance(value, dict) else value
