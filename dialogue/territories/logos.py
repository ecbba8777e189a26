"""Whether bytes are a logo: judged by what they contain, not by what they are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused

MAX_BYTES = 300_000
#: A side, in pixels: beyond, browsers of phones give up.
MAX_SIDE = 4000
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
#: A PNG says its size in its first block, at these places.
PNG_HEAD, PNG_END = slice(12, 16), b"IEND\xaeB`\x82"


def judge(content: bytes) -> str:
    """`png`, `jpg` or `webp`. Raises Refused with what to do instead."""
    if len(content) > MAX_BYTES:
        raise Refused(_("Ce logo pèse plus de 300 Ko. Réduisez-le, puis choisissez-le de nouveau."))
    kind = _kind(content)
    if kind is None:
        raise Refused(_("Choisissez un logo en PNG, en JPEG ou en WebP. Les fichiers SVG ne sont pas acceptés."))
    if kind == "png" and max(int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) > MAX_SIDE:
        raise Refused(_("Ce logo a plus de 4 000 points de côté. Réduisez-le, puis choisissez-le de nouveau."))
    return kind


def _kind(content: bytes) -> str | None:
    if content.startswith(PNG) and content[PNG_HEAD] == b"IHDR" and PNG_END in content:
        return "png"
    if content.startswith(JPEG) and content.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return "jpg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and int.from_bytes(content[4:8], "little") + 8 <= len(content) + 1:
        return "webp"
    return None
