"""JSON in bounded memory: a document of many items written as it goes, an array of objects read one by one."""

from __future__ import annotations

import codecs
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import IO, Any

logger = logging.getLogger(__name__)
BLOCK = 1 << 16
#: Characters of one object of an array that is read.
LONGEST = 5_000_000
_BETWEEN = " \t\r\n"


class Malformed(Exception):
    """What is read is not a JSON array of objects. `has_begun`: its beginning was one."""

    def __init__(self, *, has_begun: bool) -> None:
        super().__init__("not a JSON array of objects")
        self.has_begun = has_begun


def seal(content: Mapping[str, Any]) -> str:
    """SHA-256 of a frozen content, written in one way only: keys in order, no space, UTF-8; 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def is_whole(content: Mapping[str, Any], sealed: str, what: object) -> bool:
    """Whether a frozen content still is what was sealed. When it is not, the log says so, of `what`: nobody else would."""
    if seal(content) == sealed:
        return True
    logger.error("the content of %s (%s) is not what its seal says", what, type(what).__name__)
    return False


def document(meta: Mapping[str, Any], items: Iterable[Mapping[str, Any]], *, name: str = "items") -> Iterator[bytes]:
    """The file for a streamed answer: the entries of `meta`, then `name` and its items, one a line.

    UTF-8; dates and times are ISO 8601. Raises ValueError when `meta` has an entry called `name`, TypeError for a value that
    JSON does not know.
    """
    if name in meta:
        raise ValueError(f"“{name}” is the name of the items")
    opening = _text(meta)[:-1]
    yield _bytes(f"{opening}{', ' if meta else ''}{_text(name)}: [")
    separator = "\n"
    for item in items:
        yield _bytes(separator + _text(item))
        separator = ",\n"
    yield b"\n]}\n"


def objects(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of an array, one by one, from a file in UTF-8. Raises Malformed."""
    text = _Growing(file)
    if text.next_sign() != "[":
        raise Malformed(has_begun=False)
    text.place += 1
    has_begun = False
    while (sign := text.next_sign()) != "]":
        if has_begun:
            if sign != ",":
                raise Malformed(has_begun=True)
            text.place += 1
            text.next_sign()
        found = text.value()
        if not isinstance(found, dict):
            raise Malformed(has_begun=has_begun)
        has_begun = True
        yield found


class _Growing:
    """The part of the file that is being looked at."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._values = json.JSONDecoder()
        self._text = ""
        self._is_whole = False
        self.place = 0

    def next_sign(self) -> str:
        """The sign that comes after spaces, "" at the end."""
        while True:
            while self.place < len(self._text) and self._text[self.place] in _BETWEEN:
                self.place += 1
            if self.place < len(self._text) or self._is_whole:
                return self._text[self.place : self.place + 1]
            self._grow(BLOCK)

    def value(self) -> Any:
        while True:
            try:
                found, self.place = self._values.raw_decode(self._text, self.place)
            except (ValueError, RecursionError) as problem:
                # Cut in the middle, or wrong: more will tell.
                too_long = len(self._text) - self.place > LONGEST
                if self._is_whole or too_long or isinstance(problem, RecursionError):
                    raise Malformed(has_begun=self.place > 0) from None
                self._grow(max(BLOCK, len(self._text) - self.place))
            else:
                return found

    def _grow(self, size: int) -> None:
        block = self._file.read(size)
        self._is_whole = not block
        self._text = self._text[self.place :] + self._decoder.decode(block, final=not block)
        self.place = 0


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written in JSON")


def _bytes(text: str) -> bytes:
    # A surrogate alone is no character.
    return text.encode("utf-8", errors="replace")
