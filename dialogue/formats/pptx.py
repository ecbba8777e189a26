"""Slides for PowerPoint and LibreOffice Impress (.pptx): dataclasses in, bytes out.

Each slide has a title of its own (the outline that screen readers read), a text in the body's placeholder, then a picture with
its alternative text; shapes stand in the order in which they are to be read, and what is said aloud is in the notes. The same
slides and date give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Cm, Emu, Pt

WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
MARGIN = Cm(1.9)
TITLE_ONLY, TITLE_AND_TEXT = 5, 1
#: Where ZIP begins to count: a file that says nothing of when it was made.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Line:
    """A paragraph; `strong` for what leads the ones that follow, `bullet` for one of a list."""

    text: str
    bullet: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Picture:
    """PNG bytes, and what they show: never empty."""

    png: bytes
    alternative: str
    caption: str = ""


@dataclass(frozen=True)
class Slide:
    title: str
    lines: tuple[Line, ...] = ()
    over: str = ""
    notes: str = ""
    picture: Picture | None = None
    is_cover: bool = False


def presentation(slides: Sequence[Slide], *, title: str, author: str, language: str, brand: str, made_at: datetime) -> bytes:
    """A 16:9 presentation. `brand`: colour of titles, "#00536b"; `language`: of the text, "fr-FR"."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    colour = RGBColor.from_string(brand.lstrip("#").upper())
    for slide in slides:
        _draw(deck, slide, colour, language)
    about = deck.core_properties
    moment = made_at.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.last_modified_by, about.language = title, author, author, language
    about.created = about.modified = moment
    about.revision = 1
    out = io.BytesIO()
    deck.save(out)
    return _dateless(out.getvalue())


def _draw(deck: Any, slide: Slide, colour: RGBColor, language: str) -> None:
    layout = deck.slide_layouts[TITLE_AND_TEXT if slide.lines else TITLE_ONLY]
    page = deck.slides.add_slide(layout)
    right = Cm(8.6) if slide.picture else Emu(0)
    width = Emu(WIDTH - 2 * MARGIN - right)
    head = page.shapes.title
    head.left, head.width = MARGIN, width
    head.top, head.height = (Cm(3.6), Cm(5.2)) if slide.is_cover else (Cm(1.2), Cm(2.9))
    _write(head.text_frame, [Line(slide.title, strong=True)], Pt(44 if slide.is_cover else 32), language, colour)
    head.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if slide.is_cover else MSO_ANCHOR.MIDDLE
    if slide.lines:
        body = page.placeholders[1]
        body.left, body.width = MARGIN, width
        body.top, body.height = (Cm(9.2), Cm(7.6)) if slide.is_cover else (Cm(4.4), Cm(12.6))
        _write(body.text_frame, slide.lines, Pt(_size(slide)), language, None)
    if slide.picture:
        _paint(page, slide.picture, language)
    if slide.over:
        foot = page.shapes.add_textbox(MARGIN, Cm(17.4), Emu(WIDTH - 2 * MARGIN), Cm(1))
        foot.name = "Rappel"
        _write(foot.text_frame, [Line(slide.over)], Pt(14), language, None)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = slide.notes


def _paint(page: Any, picture: Picture, language: str) -> None:
    side = Cm(7.4)
    left = Emu(WIDTH - MARGIN - side)
    shape = page.shapes.add_picture(io.BytesIO(picture.png), left, Cm(4.4), side, side)
    shape._element.nvPicPr.cNvPr.set("descr", picture.alternative)
    if picture.caption:
        words = page.shapes.add_textbox(left, Cm(12), side, Cm(2))
        words.name = "Adresse"
        _write(words.text_frame, [Line(picture.caption)], Pt(16), language, None)


def _size(slide: Slide) -> int:
    """The largest of four sizes in which the text holds on the slide, about."""
    across = 62 if slide.picture is None else 44
    rows = sum(1 + len(line.text) // across for line in slide.lines)
    return next((size for size, most in ((28, 6), (24, 9), (20, 13)) if rows <= most), 18)


def _write(frame: Any, lines: Sequence[Line], size: Any, language: str, colour: RGBColor | None) -> None:
    frame.word_wrap = True
    for n, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = line.text, size, line.strong
        run._r.get_or_add_rPr().set("lang", language)
        if colour is not None:
            run.font.color.rgb = colour
        paragraph.space_after, paragraph.alignment = Pt(6), PP_ALIGN.LEFT
        if not line.bullet:
            # The placeholder's own bullets are for lists alone.
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            properties.insert(0, properties.makeelement(qn("a:buNone"), {}))
            _in_order(properties)


def _in_order(properties: Any) -> None:
    """Spacing stands before the bullet in the schema of a paragraph's properties."""
    for tag in ("a:spcAft", "a:spcBef", "a:lnSpc"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)
            properties.insert(0, element)


def _dateless(package: bytes) -> bytes:
    """The same package, its entries without the hour at which they were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
