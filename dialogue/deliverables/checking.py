"""What can be seen of a file's accessibility. A tag proves nothing of its quality; its absence proves an obstacle."""

from __future__ import annotations

from typing import IO

from dialogue.deliverables.stages import Finding
from dialogue.documents import bounded
from dialogue.documents.reading import Unreadable
from dialogue.files.judging import TEXTS, Unfit, judge

#: Office formats and texts: what a screen reader opens as it stands.
OPENED = {"odt", "ods", "odp", "docx", "xlsx", "pptx"} | TEXTS


def look(file: IO[bytes], name: str) -> Finding:
    """The finding on an open, seekable file, left at its start. A PDF is opened at a distance (about half a second): ask
    before the act, not within. What may not be taken at all is `UNKNOWN`: the act will say why."""
    try:
        extension = judge(file, name).extension
        if extension == "pdf":
            return Finding.TAGGED if bounded.is_tagged(file) else Finding.UNTAGGED
    except (Unfit, Unreadable):
        return Finding.UNKNOWN
    finally:
        file.seek(0)
    return Finding.OFFICE if extension in OPENED else Finding.OPAQUE
