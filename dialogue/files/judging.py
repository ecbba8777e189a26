"""What a file is, judged by its content: its name is only what its sender says.

Known kinds are listed; everything else is refused with a sentence that says what to do. Archives of office documents are
looked into (macros, bombs); images are opened; texts must be texts.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

HEAD = 4096
#: An office document that grows this much, or this many times, when opened is no document.
LARGEST_OPEN, STEEPEST = 300_000_000, 200
MOST_PIXELS = 120_000_000
LONGEST_EXTENSION = 5

ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
OOXML = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
#: Where office documents keep programs.
MACRO_ENDS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("Basic/", "Scripts/", "xl/macrosheets/")
TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/markdown",
    "json": "application/json",
    "geojson": "application/geo+json",
}
IMAGES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
TEXTS = {"txt", "csv", "md", "json", "geojson"}
SYNONYMS = {"jpeg": "jpg", "jpe": "jpg", "oga": "ogg", "text": "txt", "markdown": "md"}
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe|body|\?php)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')


class Unfit(Exception):
    """The file cannot be taken; the message is a sentence for its sender."""


@dataclass(frozen=True)
class Kind:
    """`extension` without dot, as the content says; `filename` as it will be handed out."""

    extension: str
    content_type: str
    filename: str

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


def judge(file: IO[bytes], name: str) -> Kind:
    """The kind of an open, seekable file; left at its start. Raises Unfit."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        if not head:
            raise Unfit(_("Ce fichier est vide."))
        extension = _extension(file, head, name)
    finally:
        file.seek(0)
    return Kind(extension, TYPES[extension], _renamed(name, extension))


def _extension(file: IO[bytes], head: bytes, name: str) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    if found := _image(file, head) or _sound(head):
        return found
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unfit(_("Ancien format de bureautique (.doc, .xls, .ppt) : enregistrez-le en .odt, .docx, .xlsx ou PDF."))
    return _text(file, head, _said(name))


def _said(name: str) -> str:
    said = PurePath(name).suffix.lower().lstrip(".")
    return SYNONYMS.get(said, said)


def _office(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            opened, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
            if opened > LARGEST_OPEN or opened > STEEPEST * max(packed, 10_000):
                raise Unfit(_("Ce fichier est anormal : une fois ouvert, il deviendrait énorme."))
            if any(name.lower().endswith(MACRO_ENDS) or name.startswith(MACRO_FOLDERS) for name in names):
                raise Unfit(_("Ce document contient des macros : enregistrez-le sans elles."))
            if "mimetype" in names:
                with archive.open("mimetype") as first:
                    kind = ODF.get(first.read(100).strip())
            else:
                kind = next((code for folder, code in OOXML.items() if any(n.startswith(folder) for n in names)), None)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError):
        raise Unfit(_("Ce fichier est abîmé : impossible de l’ouvrir.")) from None
    if kind is None or ("mimetype" not in names and "[Content_Types].xml" not in names):
        raise Unfit(_("Les archives ne sont pas acceptées : déposez les fichiers un par un."))
    return kind


def _image(file: IO[bytes], head: bytes) -> str:
    if not head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")):
        return ""
    file.seek(0)
    try:
        with Image.open(file) as image:
            width, height = image.size
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Unfit(_("Cette image est abîmée : impossible de l’ouvrir.")) from None
    if width * height > MOST_PIXELS:
        raise Unfit(_("Cette image est trop grande : réduisez-la."))
    return IMAGES.get(image.format or "", "")


def _sound(head: bytes) -> str:
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "mp3"
    if head.startswith(b"OggS"):
        return "ogg"
    return "m4a" if head[4:8] == b"ftyp" and head[8:12] in {b"M4A ", b"mp42", b"isom"} else ""


def _text(file: IO[bytes], head: bytes, said: str) -> str:
    if _MARKUP.search(head):
        raise Unfit(_("Les pages web et les dessins SVG ne sont pas acceptés : déposez un PDF ou une image."))
    file.seek(0)
    while block := file.read(1 << 20):
        if _CONTROL.search(block):
            accepted = "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, JPEG, PNG, GIF, WebP, MP3, OGG, M4A, TXT, CSV, GeoJSON"
            raise Unfit(_("Ce type de fichier n’est pas accepté. Sont acceptés : %(kinds)s.") % {"kinds": accepted})
    return said if said in TEXTS else "txt"


def _renamed(name: str, extension: str) -> str:
    """A name without tricks, with the extension that its content says: "plan.pdf.exe" of a PDF → "plan.pdf"."""
    base = _UNSAFE.sub(" ", PurePath(name.replace("\\", "/")).name).strip(" .")
    stem, dot, said = base.rpartition(".")
    if not dot or (SYNONYMS.get(said.lower(), said.lower()) not in TYPES and len(said) > LONGEST_EXTENSION):
        stem = base
    while (inner := PurePath(stem).suffix.lower().lstrip(".")) in TYPES and PurePath(stem).stem:
        stem = stem[: -len(inner) - 1]
    return f"{(stem.strip(' .') or 'document')[:150]}.{extension}"


def read_text(data: bytes) -> str:
    """A text whatever its encoding: UTF-8, else the one of French Windows."""
    for encoding in ("utf-8-sig", "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace")
