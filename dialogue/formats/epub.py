"""EPUB 3: one archive of XHTML pages, with its navigation and what it says of its accessibility (EPUB Accessibility 1.1).

The pages are given as XHTML bodies (well formed, escaped by whoever makes them); everything around them is made here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
OPF = "http://www.idpf.org/2007/opf"
CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"


@dataclass(frozen=True)
class Page:
    """`name` without extension ("escale-1"), `body` in XHTML, `kind` an epub:type ("chapter", "cover"). `in_contents`: whether
    the table of contents shows it; `has_svg`: whether it draws."""

    name: str
    title: str
    body: str
    kind: str = "chapter"
    in_contents: bool = True
    has_svg: bool = False


@dataclass(frozen=True)
class Image:
    name: str
    media_type: str
    data: bytes
    is_cover: bool = False


@dataclass(frozen=True)
class Publication:
    """`identifier` is a URN or a URL; `modified` an aware datetime; `summary` says in a sentence how accessible it is."""

    identifier: str
    title: str
    language: str
    creator: str
    publisher: str
    modified: datetime
    description: str
    contents_title: str
    summary: str
    pages: list[Page]
    images: list[Image] = field(default_factory=list)
    css: str = ""
    rights: str = ""
    source: str = ""


def write(publication: Publication) -> bytes:
    """The archive; deterministic: the same publication gives the same bytes."""
    out = io.BytesIO()
    moment = publication.modified.astimezone(UTC)
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(out, "w") as archive:
        for name, data, packed in _files(publication):
            info = zipfile.ZipInfo(name, stamp)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
    return out.getvalue()


def _files(publication: Publication) -> Iterator[tuple[str, bytes, bool]]:
    """(name, bytes, packed or not); the media type comes first and bare, as readers look for it there."""
    yield "mimetype", b"application/epub+zip", False
    yield "META-INF/container.xml", CONTAINER.encode(), True
    yield "EPUB/package.opf", _package(publication).encode(), True
    yield "EPUB/nav.xhtml", _navigation(publication).encode(), True
    yield "EPUB/style.css", publication.css.encode(), True
    for page in publication.pages:
        yield f"EPUB/{page.name}.xhtml", _page(publication, page).encode(), True
    for image in publication.images:
        yield f"EPUB/{image.name}", image.data, image.media_type.endswith("xml")


def _package(publication: Publication) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<package xmlns="{OPF}" version="3.0" unique-identifier="uid" xml:lang={quoteattr(publication.language)}>',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        *_metadata(publication),
        "</metadata>",
        "<manifest>",
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="style" href="style.css" media-type="text/css"/>',
        *(_manifest_page(page) for page in publication.pages),
        *(_manifest_image(number, image) for number, image in enumerate(publication.images)),
        "</manifest>",
        "<spine>",
        *_spine(publication),
        "</spine>",
        "</package>",
    ]
    return "\n".join(lines) + "\n"


def _metadata(publication: Publication) -> Iterator[str]:
    yield f'<dc:identifier id="uid">{escape(publication.identifier)}</dc:identifier>'
    yield f"<dc:title>{escape(publication.title)}</dc:title>"
    yield f"<dc:language>{escape(publication.language)}</dc:language>"
    for name in ("creator", "publisher", "description", "rights", "source"):
        if text := getattr(publication, name):
            yield f"<dc:{name}>{escape(text)}</dc:{name}>"
    yield f'<meta property="dcterms:modified">{publication.modified.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</meta>'
    has_images = any(not image.is_cover for image in publication.images)
    modes = ["textual", "visual"] if has_images else ["textual"]
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"]
    features += ["alternativeText"] if has_images else []
    told = [("schema:accessMode", mode) for mode in modes]
    # Everything that is seen is also written: text alone is enough.
    told += [("schema:accessModeSufficient", "textual"), *(("schema:accessibilityFeature", f) for f in features)]
    told += [("schema:accessibilityHazard", "none"), ("schema:accessibilitySummary", publication.summary)]
    told += [("dcterms:conformsTo", CONFORMANCE), ("a11y:certifiedBy", publication.publisher)]
    for name, value in told:
        yield f'<meta property="{name}">{escape(value)}</meta>'


def _manifest_page(page: Page) -> str:
    drawn = ' properties="svg"' if page.has_svg else ""
    return f'<item id="p-{page.name}" href="{page.name}.xhtml" media-type="application/xhtml+xml"{drawn}/>'


def _manifest_image(number: int, image: Image) -> str:
    cover = ' properties="cover-image"' if image.is_cover else ""
    return f'<item id="i{number}" href="{image.name}" media-type="{image.media_type}"{cover}/>'


def _spine(publication: Publication) -> Iterator[str]:
    """The cover, the contents, then the rest."""
    for number, page in enumerate(publication.pages):
        yield f'<itemref idref="p-{page.name}"/>'
        if number == 0:
            yield '<itemref idref="nav"/>'


def _navigation(publication: Publication) -> str:
    entries = "".join(
        f'<li><a href="{page.name}.xhtml">{escape(page.title)}</a></li>' for page in publication.pages if page.in_contents
    )
    first = publication.pages[0].name
    following = next((page.name for page in publication.pages if page.in_contents), first)
    body = (
        f'<nav epub:type="toc" role="doc-toc" aria-labelledby="toc-title"><h1 id="toc-title">'
        f"{escape(publication.contents_title)}</h1><ol>{entries}</ol></nav>"
        f'<nav epub:type="landmarks" hidden="hidden" aria-label="{escape(publication.contents_title)}"><ol>'
        f'<li><a epub:type="cover" href="{first}.xhtml">{escape(publication.title)}</a></li>'
        f'<li><a epub:type="bodymatter" href="{following}.xhtml">{escape(publication.contents_title)}</a></li></ol></nav>'
    )
    return _document(publication, publication.contents_title, body)


def _page(publication: Publication, page: Page) -> str:
    role = {"chapter": ' role="doc-chapter"', "colophon": ' role="doc-colophon"'}.get(page.kind, "")
    body = f'<section epub:type="{page.kind}"{role} aria-label={quoteattr(page.title)}>{page.body}</section>'
    return _document(publication, page.title, body)


def _document(publication: Publication, title: str, body: str) -> str:
    language = quoteattr(publication.language)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang={language} xml:lang={language}>'
        f'<head><meta charset="UTF-8"/><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>'
        f"<body>{body}</body></html>\n"
    )
