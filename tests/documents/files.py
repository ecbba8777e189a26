"""Small real files of each kind, made here."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from PIL import Image


@cache
def pdf(words: str = "pommes") -> bytes:
    """A PDF of one page that says `words`."""
    content = f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(out))


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def docx(words: str, more: dict[str, bytes] | None = None) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode()} | (more or {}))


def odt(words: str) -> bytes:
    office, text = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = f'<o:document-content xmlns:o="{office}" xmlns:t="{text}"><o:body><t:p>{words}</t:p></o:body></o:document-content>'
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": body.encode()})


def xlsx(words: str) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = f"<sst {space}><si><t>{words}</t></si></sst>"
    sheet = f'<worksheet {space}><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>'
    names = {
        "[Content_Types].xml": b"<Types/>",
        "xl/sharedStrings.xml": shared.encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(),
    }
    return archive(names)


def bomb() -> bytes:
    """A sheet that would be 40 MB when opened."""
    return archive({"[Content_Types].xml": b"<Types/>", "xl/sharedStrings.xml": b" " * 40_000_000})


def jpeg(size: tuple[int, int] = (40, 20), *, place: bool = False) -> bytes:
    image, out = Image.new("RGB", size, "#00536b"), io.BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x8825] = {1: "N", 2: (44.0, 50.0, 0.0)}
        exif[0x010F] = "Camera"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pptx(words: str) -> bytes:
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slide = f"<a:txBody {space}><a:p><a:r><a:t>{words}</a:t></a:r></a:p></a:txBody>"
    return archive({"[Content_Types].xml": b"<Types/>", "ppt/slides/slide1.xml": slide.encode()})
