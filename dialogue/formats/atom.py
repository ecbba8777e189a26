"""Atom feeds (RFC 4287). Dataclasses in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

ATOM = "http://www.w3.org/2005/Atom"
register_namespace("", ATOM)
# XML 1.0 forbids these characters even when escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class FeedEntry:
    """One piece of news. `id` is an IRI that never changes (a tag: or an address); `updated` an aware datetime."""

    id: str
    title: str
    url: str
    updated: datetime
    summary: str = ""


def feed(
    *,
    id: str,  # noqa: A002  the word of RFC 4287
    title: str,
    url: str,
    self_url: str,
    entries: Iterable[FeedEntry],
    updated: datetime,
    author: str,
    subtitle: str = "",
    language: str = "fr",
) -> bytes:
    """A feed. `url` is the page it goes with, `self_url` its own address, `updated` what an empty feed says of its age
    (otherwise the latest entry's). Raises ValueError for a naive time or two entries with the same id."""
    rows = list(entries)
    if len({row.id for row in rows}) != len(rows):
        raise ValueError("two entries of a feed have the same id (RFC 4287 §4.1.1)")
    root = Element(f"{{{ATOM}}}feed", {"xml:lang": language})
    _text(root, "id", id)
    _text(root, "title", title)
    if subtitle:
        _text(root, "subtitle", subtitle)
    _text(root, "updated", _moment(max((row.updated for row in rows), default=updated)))
    _link(root, url, "alternate", "text/html")
    _link(root, self_url, "self", "application/atom+xml")
    _text(SubElement(root, f"{{{ATOM}}}author"), "name", author)
    for row in rows:
        entry = SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", row.id)
        _text(entry, "title", row.title)
        _text(entry, "updated", _moment(row.updated))
        _link(entry, row.url, "alternate", "text/html")
        if row.summary:
            _text(entry, "summary", row.summary)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = _FORBIDDEN.sub("", value)


def _link(parent: Element, url: str, rel: str, kind: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": url})


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time with its zone is needed (RFC 4287 §3.3)")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
