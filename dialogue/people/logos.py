"""Logos: an image known by its content, never by its name."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_BYTES = 500_000
SIGNATURES = (
    ("image/png", "png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR"),
    ("image/jpeg", "jpg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("image/webp", "webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
)
HEAD = 16


def kind_of(head: bytes) -> tuple[str, str] | None:
    """(media type, extension) of an image from its first 16 bytes; None when it is not a PNG, JPEG or WebP."""
    return next(((media, extension) for media, extension, fits in SIGNATURES if fits(head)), None)


def check(upload: Any) -> str:
    """The extension of an uploaded logo. Raises ValidationError: too heavy, empty, or not a PNG, JPEG or WebP image.

    SVG is refused: it may carry scripts.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("Choisissez une image plus légère : 500 ko au plus."))
    upload.seek(0)
    found = kind_of(upload.read(HEAD))
    upload.seek(0)
    if found is None:
        raise ValidationError(_("Choisissez une image au format PNG, JPEG ou WebP."))
    return found[1]
