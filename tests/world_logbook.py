"""The carnet in the small world of the house tests: what groups gathered at each step, editions drafted, published, corrected."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from dialogue.logbook.models import BoundFile, Editor, LogbookEntry
from dialogue.meetings.models import Material
from tests import factories as make

#: The chantiers whose group gathers, told apart by circle and group.
GATHERING = ("ours", "theirs", "ours-partners", "theirs-partners")


def build(world: Any) -> None:
    """After the groups: their material is there."""
    for n in range(world.size):
        placed = [_gathered(world, key, n) for key in GATHERING]
        _editions(world, placed, n)
        person = make.make_person(email=f"redactrice{n}@partenaire.example")
        Editor.objects.create(person=person, named_by=world.people["coordination"], named_at=make.NOW)


def _gathered(world: Any, key: str, n: int) -> LogbookEntry:
    """Of one group: to be read, not kept, a sound, a photo; returns the words that an edition holds."""
    chantier = world.chantiers[key]
    by = world.people["member"] if key.startswith("ours") else world.people["partner"]
    keep = world.logbook
    keep.setdefault(f"{key} proposed", make.make_entry(chantier, by=by, text="Tout s’est bien passé.", place="Langon"))
    refused = {
        "stage": "refused",
        "answer": "Trop général.",
        "answered_at": make.NOW,
        "answered_by": world.people["coordination"],
    }
    keep.setdefault(f"{key} refused", make.make_entry(chantier, by=by, kind="story", **refused))
    sound = make.make_entry(chantier, by=by, kind="sound", treatment="ready", sound="m4a", stage="chosen", credit="Une voisine")
    default_storage.save(sound.stored("sound.m4a"), ContentFile(b"\x00\x00\x00\x10ftypM4A sound"))
    keep.setdefault(f"{key} sound", sound)
    keep.setdefault(f"{key} photo", make.make_entry(chantier, by=by, kind="photo", stage="chosen", text="La même table."))
    if n == 0 and chantier.meetings.exists():
        material = Material.objects.filter(meeting__chantier=chantier).order_by("pk").first()
        if material is not None:
            keep[f"{key} material"] = material
    made = make.make_entry(chantier, by=by, kind="figure", stage="chosen", credit="relevé du groupe", may_name=True)
    keep.setdefault(f"{key} published", made)
    return made


def _editions(world: Any, placed: list[LogbookEntry], n: int) -> None:
    """A published one, its former edition, a draft."""
    words = {"colophon": "Écrit par la coordination.", "figures_title": "Le filet"}
    base = 10 * (n + 1)
    former = make.make_edition(*placed, stage="superseded", number=base, **words)
    standing = make.make_edition(
        *placed, stage="published", number=base, edition=2, replaces=former, change_note="Une date.", **words
    )
    draft = make.make_edition(world.logbook["ours photo"], world.logbook["theirs sound"], number=base + 1, **words)
    for edition in (former, standing, draft):
        edition.figures.create(value="81", title="séances", source="registre")
        edition.chapters.update(period="automne", chantier=world.chantiers["ours-partners"])
    for key, edition in (("former", former), ("published", standing), ("draft", draft)):
        world.editions.setdefault(key, edition)
    bound = BoundFile.objects.create(edition=standing, format="pdf", treatment="ready", size=3, pages=1)
    default_storage.save(bound.stored, ContentFile(b"pdf"))
    BoundFile.objects.create(edition=standing, format="epub")
