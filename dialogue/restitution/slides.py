"""A version as slides, 16:9: a PDF by typst and a .pptx, of the same sheets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.formats import pdf, pptx, qr
from dialogue.formats.pptx import Line
from dialogue.language.paragraphs import Bullets, parse
from dialogue.restitution.models import Version
from dialogue.restitution.pdf import BRAND, footer_of, spaced_all
from dialogue.restitution.reading import ConferenceRead, Entry, PointRead
from dialogue.territories.models import Department
from dialogue.ui.typography import spaced

TEMPLATE = Path(__file__).parent / "typst" / "slides.typ"
#: What a slide holds: rows of about so many characters.
ROWS, ACROSS, ACROSS_WITH_CODE = 13, 66, 46


@dataclass(frozen=True)
class Sheet:
    """`address`: shown in letters and as a QR code. `notes`: what one says, in the .pptx alone."""

    title: str
    lines: tuple[Line, ...] = ()
    notes: str = ""
    address: str = ""
    is_cover: bool = False


# The sheets ------------------------------------------------------------------------------------------------------------


def of_point(read: PointRead) -> list[Sheet]:
    where = " · ".join(filter(None, [read.gathering.title_of_one, read.day]))
    cover = Sheet(_("Point d’étape : %(territory)s") % {"territory": read.territory}, (Line(where),), is_cover=True)
    found = [cover, *_overview(read, _("Où en sont nos chantiers"))]
    for entry in read.entries:
        found += of_entry(entry)
    return [*found, *_split(Sheet(_("Pour conclure"), tuple(written(read.conclusion))))]


def of_conference(read: ConferenceRead) -> list[Sheet]:
    found = [
        Sheet(_("Restitution des chantiers"), (Line(" · ".join(filter(None, [read.gathering.title, read.day]))),), is_cover=True)
    ]
    found += _split(Sheet(_("Ce que nous avons fait ensemble"), tuple(written(read.introduction))))
    numbers = tuple(Line(f"{number} {what}", bullet=True) for number, what in read.figures)
    found.append(Sheet(_("L’ensemble en chiffres"), numbers))
    states = tuple(Line(f"{state.label} : {n}", bullet=True) for state, n in read.states)
    found += _split(Sheet(_("Où en sont les chantiers"), states))
    told: set[int] = set()
    for point in read.points:
        title = _("%(territory)s : où en sont les chantiers") % {"territory": point.territory}
        found += [Sheet(point.territory, (Line(_named(point)),), is_cover=True), *_overview(point, title)]
        for entry in point.entries:
            # A chantier of two territories is shown once.
            if entry.number not in told:
                found += of_entry(entry)
            told.add(entry.number)
    return [*found, *_split(Sheet(_("Pour conclure"), tuple(written(read.conclusion))))]


def _named(point: PointRead) -> str:
    return " · ".join(entry.title for entry in point.entries)


def _overview(read: PointRead, title: str) -> list[Sheet]:
    """The introduction, then one line for each chantier."""
    rows = []
    for entry in read.entries:
        told = f"{entry.title} : {entry.state.label}"
        rows.append(Line(f"{told} ({entry.weather.label})" if entry.weather else told, bullet=True))
    return _split(Sheet(title, (*written(read.introduction), *rows)))


def of_entry(entry: Entry) -> list[Sheet]:
    """One sheet if it holds, or more; what is asked stands with the code that leads to the request to join."""
    done = _part(_("Ce qui est fait"), entry.done)
    left = _part(_("Ce qui reste"), entry.left)
    sheet = Sheet(entry.title, notes=notes_of(entry))
    both = replace(sheet, lines=(*done, *left))
    found = [both] if _rows(both) <= ROWS else [*_split(replace(sheet, lines=done)), *_split(_left(sheet, left))]
    asked = _part(_("Ce que nous demandons"), entry.asked)
    if entry.call:
        asked = (*asked, Line(_("Rejoindre le groupe"), strong=True), *written(entry.call))
    title = _("%(title)s : ce qu’il nous faut") % {"title": entry.title}
    return [*found, *_split(Sheet(title, asked, address=entry.short_url if entry.call else ""))]


def _left(sheet: Sheet, lines: tuple[Line, ...]) -> Sheet:
    """What is left, on a sheet of its own, whose title says it already."""
    return Sheet(_("%(title)s : ce qui reste") % {"title": sheet.title}, tuple(line for line in lines if not line.strong))


def notes_of(entry: Entry) -> str:
    """What the speaker has at hand."""
    rows = [
        _("État : %(state)s. %(figures)s.") % {"state": entry.state.label, "figures": entry.figures},
        _("Objectif : %(text)s") % {"text": entry.facts["objective"]},
        _("Livrable attendu : %(title)s") % {"title": entry.facts["deliverable"]},
    ]
    if entry.weather:
        rows.append(" : ".join(filter(None, [f"{entry.weather.label} ({entry.weather.note})", entry.weather.sentence])))
    rows += [f"- {step.title} : {step.note}" for step in entry.steps]
    rows += [f"- {each.title} : {each.note}" for each in entry.deliverables]
    rows += [f"- D{each['number']}. {each['text']}" for each in entry.decisions]
    return spaced("\n".join(rows))


def _part(title: str, text: str) -> tuple[Line, ...]:
    lines = tuple(written(text))
    return (Line(title, strong=True), *lines) if lines else ()


def written(text: str) -> Iterable[Line]:
    for block in parse(text):
        if isinstance(block, Bullets):
            yield from (Line(entry, bullet=True) for entry in block.entries)
        else:
            yield Line(" ".join(block.lines))


def _rows(sheet: Sheet) -> int:
    across = ACROSS_WITH_CODE if sheet.address else ACROSS
    return sum(1 + len(line.text) // across for line in sheet.lines)


def _split(sheet: Sheet) -> list[Sheet]:
    """As many sheets as the lines need; none for no line. The title says that it goes on."""
    if not sheet.lines:
        return []
    pages: list[list[Line]] = [[]]
    for line in sheet.lines:
        if pages[-1] and _rows(replace(sheet, lines=(*pages[-1], line))) > ROWS:
            pages.append([])
        pages[-1].append(line)
    if len(pages) > 1 and pages[-2][-1].strong:
        # A lead never ends a page.
        pages[-1].insert(0, pages[-2].pop())
    return [
        replace(sheet, title=_continued(sheet.title, n), lines=tuple(lines), notes=sheet.notes if n == 0 else "")
        for n, lines in enumerate(pages)
    ]


def _continued(title: str, n: int) -> str:
    """Each slide has a title of its own."""
    if n == 0:
        return title
    return _("%(title)s (suite)") % {"title": title} if n == 1 else _("%(title)s (suite %(n)d)") % {"title": title, "n": n}


# The files -------------------------------------------------------------------------------------------------------------


def as_pptx(version: Version, read: PointRead | ConferenceRead, sheets: list[Sheet]) -> bytes:
    department = Department.objects.first()
    slides = [
        pptx.Slide(
            title=spaced(sheet.title),
            lines=tuple(replace(line, text=spaced(line.text)) for line in sheet.lines),
            over="" if sheet.is_cover else _foot(version, read),
            notes=sheet.notes,
            picture=pptx.Picture(qr.png(sheet.address), _code(sheet.address), sheet.address) if sheet.address else None,
            is_cover=sheet.is_cover,
        )
        for sheet in sheets
    ]
    language = {"fr": "fr-FR", "en": "en-GB"}.get((get_language() or "fr")[:2], "fr-FR")
    return pptx.presentation(
        slides,
        title=spaced(sheets[0].title),
        author=department.name if department else "",
        language=language,
        brand=BRAND,
        made_at=version.made_at,
    )


def as_pdf(version: Version, read: PointRead | ConferenceRead, sheets: list[Sheet]) -> bytes:
    department = Department.objects.first()
    data = {
        "title": f"{sheets[0].title} · {sheets[0].lines[0].text}",
        "author": department.name if department else "",
        "description": footer_of(version, for_partners=read.for_partners),
        "lang": (get_language() or "fr")[:2],
        "brand": BRAND,
        "foot": _foot(version, read),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return pdf.document(TEMPLATE, spaced_all(data), made_at=version.made_at)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    """Consecutive bullets are one list."""
    blocks: list[dict[str, Any]] = []
    for line in sheet.lines:
        kind = "list" if line.bullet else "strong" if line.strong else "prose"
        if kind == "list" and blocks and blocks[-1]["kind"] == "list":
            blocks[-1]["lines"].append(line.text)
        else:
            blocks.append({"kind": kind, "lines": [line.text]})
    code = {"svg": qr.svg(sheet.address), "url": sheet.address, "alt": _code(sheet.address)} if sheet.address else None
    return {"title": sheet.title, "is_cover": sheet.is_cover, "blocks": blocks, "code": code}


def _code(address: str) -> str:
    return _("Code QR vers %(url)s") % {"url": address}


def _foot(version: Version, read: PointRead | ConferenceRead) -> str:
    where = read.territory if isinstance(read, PointRead) else read.gathering.title
    return f"{where} · {footer_of(version, for_partners=read.for_partners)}"
