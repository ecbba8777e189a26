"""An edition as it is read: its frozen content, with what may change since (names, agreements, chantiers that are public)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.logbook.content import Content, content_of
from dialogue.logbook.darkroom import plain_of
from dialogue.logbook.models import Edition, LogbookEntry
from dialogue.logbook.stages import PROMISES, EntryKind, Layout, Treatment
from dialogue.ui.dates import short_day

#: How wide a photo stands on a page, for the browser that chooses among its copies.
SIZES = {Layout.FULL: "(min-width: 76rem) 62rem, 100vw", Layout.BESIDE: "(min-width: 62rem) 21rem, 100vw"}
MARKS = {Layout.KEPT: "n6", Layout.GOING: "n3", Layout.MISSED: "n0"}


@dataclass(frozen=True)
class Photo:
    """A photo and its copies; `plain` is the width of the one in JPEG."""

    key: str
    alternative: str
    width: int
    height: int
    widths: list[int]
    sizes: str

    @property
    def plain(self) -> int:
        return plain_of(self.widths)

    @property
    def plain_url(self) -> str:
        return photo_url(self.key, self.plain, "jpg")

    @property
    def avif(self) -> str:
        return self._set("avif")

    @property
    def webp(self) -> str:
        return self._set("webp")

    def _set(self, extension: str) -> str:
        return ", ".join(f"{photo_url(self.key, width, extension)} {width}w" for width in self.widths)


def photo_url(key: str, width: int, extension: str) -> str:
    return reverse("logbook:photo", args=[key, width, extension])


@dataclass(frozen=True)
class Item:
    """An entry in its chapter. `name`: of who wrote it, if they agreed. `withdrawn`: its photo or sound was taken away since."""

    pk: int
    kind: str
    layout: str
    text: str
    figure: str
    credit: str
    where: str
    name: str
    transcript: str
    photo: Photo | None
    sound_url: str
    sound_key: str
    sound_type: str
    withdrawn: bool

    @property
    def mark(self) -> str:
        return MARKS.get(Layout(self.layout), "drap")

    @property
    def mark_words(self) -> str:
        return str(Layout(self.layout).label) if self.layout in PROMISES else ""

    @property
    def signature(self) -> str:
        """« Un maraîcher, Langon, 27 juin »; of a figure, its source."""
        if self.layout == Layout.FIGURE:
            return self.credit
        return ", ".join(filter(None, [self.credit, self.name, self.where]))


@dataclass(frozen=True)
class Stop:
    """A chapter. `runs`: its entries, those of a same list together (figures, promises)."""

    number: int
    title: str
    place: str
    period: str
    introduction: str
    chantier: Chantier | None
    items: list[Item]

    @property
    def anchor(self) -> str:
        return f"escale-{self.number}"

    @property
    def label(self) -> str:
        return ordinal_of(self.number)

    @property
    def runs(self) -> list[tuple[str, list[Item]]]:
        found: list[tuple[str, list[Item]]] = []
        for item in self.items:
            kind = "figures" if item.layout == Layout.FIGURE else "promises" if item.layout in PROMISES else item.layout
            if found and kind in {"figures", "promises"} and found[-1][0] == kind:
                found[-1][1].append(item)
            else:
                found.append((kind, [item]))
        return found


@dataclass(frozen=True)
class Book:
    number: int
    title: str
    period: str
    editorial: str
    colophon: str
    figures_title: str
    stops: list[Stop]
    figures: list[dict[str, str]]
    edition: int | None = None
    photos: list[Photo] = field(default_factory=list)

    @property
    def numbering(self) -> str:
        """« Carnet de voyage n° 2 · automne 2017 · 2e édition »."""
        told = [_("Carnet de voyage n° %(n)d") % {"n": self.number}, self.period]
        if self.edition and self.edition > 1:
            told.append(_("%(n)de édition, corrigée") % {"n": self.edition})
        return " · ".join(filter(None, told))


def ordinal_of(number: int) -> str:
    words = [
        _("Première escale"), _("Deuxième escale"), _("Troisième escale"), _("Quatrième escale"), _("Cinquième escale"),
        _("Sixième escale"), _("Septième escale"), _("Huitième escale"), _("Neuvième escale"), _("Dixième escale"),
    ]  # fmt: skip
    return words[number - 1] if number <= len(words) else _("Escale n° %(n)d") % {"n": number}


def read(edition: Edition) -> Book:
    """A published edition from its frozen content, a draft from its table as it stands (2 queries and those of the table)."""
    content: Content = edition.content or content_of(edition)  # type: ignore[assignment]
    entries, chantiers = _known(content)
    stops = [
        Stop(
            number=number,
            title=chapter["title"],
            place=chapter["place"],
            period=chapter["period"],
            introduction=chapter["introduction"],
            chantier=chantiers.get((chapter["chantier"] or {}).get("id")),
            items=[_item(each, entries.get(each["entry"])) for each in chapter["entries"]],
        )
        for number, chapter in enumerate(content["chapters"], 1)
    ]
    return Book(
        number=content["number"],
        title=content["title"],
        period=content["period"],
        editorial=content["editorial"],
        colophon=content["colophon"],
        figures_title=content["figures_title"],
        stops=stops,
        figures=content["figures"],
        edition=edition.edition,
        photos=[item.photo for stop in stops for item in stop.items if item.photo],
    )


def _known(content: Content) -> tuple[dict[int, LogbookEntry], dict[Any, Chantier]]:
    """What the frozen content leaves to be asked: its entries with their authors, its chantiers that are public today."""
    numbers = {each["entry"] for chapter in content["chapters"] for each in chapter["entries"]}
    rows = LogbookEntry.objects.filter(pk__in=numbers).select_related("by")
    rows = rows.only("may_name", "consent_ended_at", "treatment", "by__name", "by__is_active")
    ids = {chapter["chantier"]["id"] for chapter in content["chapters"] if chapter["chantier"]}
    chantiers = Chantier.objects.visible_to(AnonymousUser()).filter(pk__in=ids).only("slug", "title") if ids else []
    return {row.pk: row for row in rows} if numbers else {}, {row.pk: row for row in chantiers}


def _item(each: Any, entry: LogbookEntry | None) -> Item:
    has_file = each["kind"] in {EntryKind.PHOTO, EntryKind.SOUND}
    is_there = entry is not None and entry.consent_ended_at is None and entry.treatment in {Treatment.NONE, Treatment.READY}
    photo = None
    if each["kind"] == EntryKind.PHOTO and is_there and each["widths"]:
        sizes = SIZES.get(Layout(each["layout"]), SIZES[Layout.FULL])
        photo = Photo(each["key"], each["alternative"], each["width"], each["height"], each["widths"], sizes)
    has_sound = each["kind"] == EntryKind.SOUND and is_there and bool(each["sound"])
    gone = entry is None or entry.consent_ended_at is not None
    return Item(
        pk=each["entry"],
        kind=each["kind"],
        layout=each["layout"],
        text="" if gone else each["text"],
        figure="" if gone else each["figure"],
        credit="" if gone else each["credit"],
        where=", ".join(filter(None, [each["place"], short_day(date.fromisoformat(each["on"]))])),
        name=entry.by.name if entry is not None and not gone and entry.may_name and entry.by.is_active else "",
        transcript="" if gone else each["transcript"],
        photo=photo,
        sound_url=reverse("logbook:sound", args=[each["key"], each["sound"]]) if has_sound else "",
        sound_key=each["key"] if has_sound else "",
        sound_type={"mp3": "audio/mpeg", "m4a": "audio/mp4"}.get(each["sound"], ""),
        withdrawn=gone or (has_file and not is_there),
    )
