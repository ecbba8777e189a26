"""The words of a file, for the search: bounded in size, whatever the file claims."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import pypdf
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from PIL import Image, ImageOps

from dialogue.files.judging import TEXTS, read_text

#: Characters kept of a file; bytes read of one part of an archive; pages read of a PDF.
LONGEST, LARGEST_PART, MOST_PAGES = 1_000_000, 60_000_000, 400
PREVIEW = (1600, 1600)
#: Where the words are, in the archives of office documents; and the elements after which a paragraph ends, or a word.
PARTS = {
    "odt": ("content.xml",),
    "ods": ("content.xml",),
    "odp": ("content.xml",),
    "docx": ("word/document.xml", "word/footnotes.xml"),
    "xlsx": ("xl/sharedStrings.xml", "xl/worksheets/"),
    "pptx": ("ppt/slides/slide",),
}
BREAKS = {"p", "h", "si", "is"}
SPACES = {"br", "tab", "line-break", "s", "cr"}


class Unreadable(Exception):
    """No words can be read in this file."""


def words_of(file: IO[bytes], extension: str) -> str:
    """The text of an open file, at most LONGEST characters; "" when it has none. Raises Unreadable."""
    file.seek(0)
    if extension == "pdf":
        return _joined(_pdf(file))
    if extension in PARTS:
        return _joined(_office(file, PARTS[extension]))
    if extension in TEXTS:
        return read_text(file.read(LONGEST * 4)).replace("\x00", "")[:LONGEST]
    return ""


def _joined(pieces: Iterator[str]) -> str:
    kept, length = [], 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > LONGEST:
            break
    return " ".join("".join(kept).replace("\x00", "").split())[:LONGEST]


def _pdf(file: IO[bytes]) -> Iterator[str]:
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted:
            reader.decrypt("")
        for number, page in enumerate(reader.pages):
            if number >= MOST_PAGES:
                break
            yield page.extract_text() + "\n"
    except Exception as problem:
        # pypdf meets files that no standard describes: whatever happens, it is the file's fault.
        raise Unreadable(str(problem)) from problem


def is_tagged(file: IO[bytes]) -> bool:
    """Whether a PDF says that it is tagged and has a tree of tags (ISO 32000-1 §14.7, 14.8). Raises Unreadable."""
    file.seek(0)
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted:
            reader.decrypt("")
        root: Any = reader.trailer["/Root"].get_object()
        marks: Any = root.get("/MarkInfo")
        marked = marks is not None and bool(getattr(marks.get_object().get("/Marked"), "value", False))
        has_tree = "/StructTreeRoot" in root
    except Exception as problem:
        # As above: it is the file's fault.
        raise Unreadable(str(problem)) from problem
    return marked and has_tree


def _office(file: IO[bytes], prefixes: tuple[str, ...]) -> Iterator[str]:
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in sorted(archive.infolist(), key=lambda e: e.filename):
                if entry.filename.startswith(prefixes) and entry.filename.endswith(".xml"):
                    with archive.open(entry) as part:
                        yield from _xml(io.BytesIO(part.read(LARGEST_PART)))
    except (zipfile.BadZipFile, ElementTree.ParseError, DefusedXmlException, RuntimeError, OSError, ValueError) as problem:
        raise Unreadable(str(problem)) from problem


def _xml(part: IO[bytes]) -> Iterator[str]:
    for _event, element in ElementTree.iterparse(part, forbid_dtd=True):
        tag = str(element.tag).rpartition("}")[2]
        if tag == "v":  # a figure of a sheet, or the number of a shared string: not words
            element.clear()
            continue
        if tag in SPACES:
            element.text = " "
        elif tag in BREAKS:
            yield "".join(element.itertext()) + "\n"
            tail, element.tail = element.tail, None
            element.clear()
            element.tail = tail


def preview_of(file: IO[bytes]) -> bytes:
    """A reduced WebP of an image, turned as it was taken, with nothing of the camera's notes. Raises Unreadable."""
    file.seek(0)
    try:
        with Image.open(file) as opened:
            image: Any = ImageOps.exif_transpose(opened)
            image.thumbnail(PREVIEW)
            clean = image.convert("RGBA" if "A" in image.getbands() or image.mode == "P" else "RGB")
            out = io.BytesIO()
            clean.save(out, "WEBP", quality=80)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Unreadable(str(problem)) from problem
    return out.getvalue()
