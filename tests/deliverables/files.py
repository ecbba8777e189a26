"""Small real files."""

from __future__ import annotations

import io

import pypdf
import typst
from PIL import Image


def tagged_pdf() -> io.BytesIO:
    made = typst.compile(
        b'#set document(title: "Guide")\n#set text(lang: "fr")\n= Guide\nChoisir un lieu.', format="pdf", pdf_standards="ua-1"
    )
    assert isinstance(made, bytes)
    return _named(made, "guide.pdf")


def untagged_pdf() -> io.BytesIO:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return _named(out.getvalue(), "scan.pdf")


def png() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return _named(out.getvalue(), "carte.png")


def jpeg() -> io.BytesIO:
    """A photograph that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0110] = "Lieu secret"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return _named(out.getvalue(), "photo.jpg")


def _named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file
