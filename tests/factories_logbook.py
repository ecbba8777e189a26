"""Factories of the carnet: photos as telephones write them, entries, editions (see factories.py)."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from dialogue.chantiers.models import Chantier
from dialogue.formats.json import seal
from dialogue.logbook.content import content_of
from dialogue.logbook.darkroom import developed_here
from dialogue.logbook.models import Chapter, Edition, LogbookEntry, Placement
from dialogue.logbook.stages import USUAL
from tests import factories as make


def make_jpeg(width: int = 1200, height: int = 800, **options: Any) -> bytes:
    """A photo as a telephone writes it: with the place, the hour, the name of the device, and lying on its side."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Telephone", "Zqdevicex", options.get("orientation", 1)
    exif[0x0132] = "2017:09:19 14:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 50.0, 16.0), 3: "W", 4: (0.0, 34.0, 46.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, exif=exif, comment=b"zqcommentx")
    return out.getvalue()


def make_entry(chantier: Chantier | None = None, **fields: Any) -> Any:
    """Words quoted, with the speaker's agreement, proposed; a photo is ready, its copies on the disk."""
    n = next(make.count)
    kind = fields.get("kind", "verbatim")
    words = {
        "photo": {"alternative": f"Une table couverte de plans, {n}.", "consent": True, "consent_by": "Les deux cuisinières"},
        "sound": {"transcript": "On entend la pluie.", "consent": True},
        "verbatim": {"text": f"On ne s’était jamais assis à la même table, {n}.", "credit": "Un maraîcher", "consent": True},
        "figure": {"figure": "18", "text": "organismes autour de la table"},
    }.get(kind, {"text": f"Tout a commencé par une carotte, {n}."})
    by = fields.pop("by", None) or make.make_person()
    entry = LogbookEntry(
        **{"kind": kind, "chantier": chantier, "on": date(2017, 9, 19), "by": by, "at": make.NOW} | words | fields
    )
    if kind == "photo" and "treatment" not in fields:
        made = developed_here(io.BytesIO(make_jpeg(500, 320)))
        entry.treatment, entry.scan, entry.width, entry.height, entry.widths = "ready", "unchecked", 500, 320, made.widths
        for name, data in made.copies.items():
            default_storage.save(entry.stored(name), ContentFile(data))
    entry.save()
    return entry


def make_edition(*entries: Any, **fields: Any) -> Any:
    """A draft with one chapter that holds these entries; `stage="published"` freezes it."""
    n = next(make.count)
    stage, edition_number = fields.pop("stage", "draft"), fields.pop("edition", 1)
    edition = Edition.objects.create(
        **{
            "number": n,
            "title": f"À mi-marée {n}",
            "period": "automne 2017",
            "editorial": "Remonter le filet.",
            "drafted_at": make.NOW,
        }
        | fields
    )
    chapter = Chapter.objects.create(edition=edition, title="La cuisine", place="Sud Gironde", introduction="Tout a commencé.")
    for order, entry in enumerate(entries):
        Placement.objects.create(chapter=chapter, entry=entry, order=order, layout=USUAL[entry.kind])
    if stage != "draft":
        content = content_of(edition)
        edition.content, edition.sha256, edition.stage = content, seal(content), stage
        edition.edition, edition.published_at, edition.slug = edition_number, make.NOW, f"carnet-{n}"
        edition.save()
    return edition
