"""The files of a mail: which are worth keeping, and which are only its furniture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: An image shown inside the text and lighter than this is a logo or a smiley, in a signature most of the time (bytes).
LOGO = 30_000
#: Parts that the machines of both ends understand, and nobody else.
_FURNITURE = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
    "application/ics",
}


@dataclass(frozen=True)
class Enclosed:
    name: str
    content_type: str
    data: bytes

    def noted(self, *, kept: bool) -> dict[str, Any]:
        return {"name": self.name[:200], "content_type": self.content_type[:100], "size": len(self.data), "kept": kept}


def worth_keeping(message: Any) -> list[Enclosed]:
    """The attachments of a mail (dialogue.language.mime.Message) but signatures, calendars and small inline images, each once."""
    found: dict[bytes, Enclosed] = {}
    for part in message.attachments:
        is_logo = part.inline and part.content_type.startswith("image/") and len(part.data) < LOGO
        if part.data and not is_logo and part.content_type.lower() not in _FURNITURE:
            found.setdefault(part.data, Enclosed(part.name or "piece-jointe", part.content_type, part.data))
    return list(found.values())


def enclosed_in(mail: Any) -> list[Enclosed]:
    """The files of a mail that was sorted before, read again in its original; none once that is erased."""
    from dialogue.inbox.models import Original
    from dialogue.language import mime

    original = Original.objects.filter(mail=mail).first()
    return worth_keeping(mime.read(original.raw)) if original else []
