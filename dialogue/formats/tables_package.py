"""Office documents are zip archives of XML: opened with bounds on what they unfold to, read without keeping them.

No document type declaration is accepted: neither OOXML (ECMA-376 part 2, "no DTD") nor ODF needs one, and without it there is
no entity to expand or to fetch. That is as strict as defusedxml at its strictest (`forbid_dtd`), whose only parser of streams
builds a tree that grows with the file.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Protocol
from xml.parsers import expat

from dialogue.formats.tables_base import LARGEST_OPEN, SMALLEST, STEEPEST, Unreadable

BLOCK = 1 << 16
MOST_ENTRIES = 10_000
#: Bytes of one tag, which the parser keeps whole.
LONGEST_TAG = 4_000_000
_ENCRYPTED = 0x1


class _Forbidden(Exception):
    """A document type declaration."""


class Package:
    """The archive of a document, left open by whoever opened the file. Raises Unreadable (bomb, damaged, password)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._opened = 0
        with _damages():
            self.size = file.seek(0, 2)
            file.seek(0)
            self._archive = zipfile.ZipFile(file)
            entries = self._archive.infolist()
        opened = sum(entry.file_size for entry in entries)
        packed = min(self.size, sum(entry.compress_size for entry in entries))
        if len(entries) > MOST_ENTRIES or opened > LARGEST_OPEN or opened > STEEPEST * max(packed, SMALLEST):
            raise Unreadable("bomb")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Unreadable("password")
        self.names = {entry.filename for entry in entries}

    def blocks(self, name: str) -> Iterator[bytes]:
        """The bytes of one entry, counted: sizes that lie do not help. Raises Unreadable (damaged, bomb)."""
        with _damages(), self._archive.open(name) as entry:
            while block := entry.read(BLOCK):
                self._opened += len(block)
                if self._opened > LARGEST_OPEN:
                    raise Unreadable("bomb")
                yield block

    def start(self, name: str, most: int = 4096) -> bytes:
        """The first bytes of one entry, b"" when there is none. Raises Unreadable (damaged)."""
        if name not in self.names:
            return b""
        with _damages(), self._archive.open(name) as entry:
            return entry.read(most)

    def walk(self, name: str, reader: Reader) -> Iterator[None]:
        """Send one XML entry to a reader; pauses between blocks so that what was read can be taken.

        Raises Unreadable (damaged, bomb).
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _refuse
        fed = 0
        try:
            for block in self.blocks(name):
                parser.Parse(block, False)  # noqa: FBT003 (positional only)
                fed += len(block)
                if fed - parser.CurrentByteIndex > LONGEST_TAG:
                    raise Unreadable("bomb")
                yield
            parser.Parse(b"", True)  # noqa: FBT003 (positional only)
        except (expat.ExpatError, ValueError, LookupError):
            # Not well formed; a number of thousands of figures; an encoding that nobody knows.
            raise Unreadable("damaged") from None
        except _Forbidden:
            raise Unreadable("bomb") from None
        yield

    def read(self, name: str, reader: Reader) -> None:
        """Send one whole XML entry to a reader; nothing when there is no such entry. Raises as `walk`."""
        if name in self.names:
            for _pause in self.walk(name, reader):
                pass


class Reader(Protocol):
    """What listens to an XML entry. Names are "namespace local"."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def _refuse(*_declaration: Any) -> None:
    raise _Forbidden


@contextmanager
def _damages() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, OSError, ValueError):
        raise Unreadable("damaged") from None
