"""Sounds without what their recorder wrote in them: name, place, hour. The sound itself is not touched."""

from __future__ import annotations

import struct

ID3_HEAD, ID3_TAIL = 10, 128
#: Boxes that hold other boxes (ISO 14496-12), and those that hold notes.
NESTED = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
NOTES = {b"udta", b"meta", b"uuid"}
#: Boxes that begin with the moments of creation and of change: 4 bytes each, 8 each in version 1.
DATED = {b"mvhd", b"tkhd", b"mdhd"}
BOX, LARGE_BOX, VERSION = 8, 16, 4


class Unfit(Exception):
    """Not a sound that can be cleaned."""


def cleaned(data: bytes, extension: str) -> bytes:
    """`data` (an MP3 or an M4A) without its notes. Raises Unfit: another format, a video, a broken file."""
    if extension == "mp3":
        return _mp3(data)
    if extension == "m4a":
        made = bytearray(data)
        _boxes(made, 0, len(made))
        return bytes(made)
    raise Unfit(extension)


def _mp3(data: bytes) -> bytes:
    """ID3v2 tags stand before the first frame, ID3v1 and APE after the last one."""
    while data[:3] == b"ID3" and len(data) > ID3_HEAD:
        size = 0
        for byte in data[6:10]:
            size = (size << 7) | (byte & 0x7F)
        data = data[ID3_HEAD + size + (ID3_HEAD if data[5] & 0x10 else 0) :]
    if data[-ID3_TAIL:-125] == b"TAG":
        data = data[:-ID3_TAIL]
    if (tail := data.rfind(b"APETAGEX")) >= 0 and len(data) - tail < 1 << 16:
        head = data.find(b"APETAGEX")
        data = data[: head if tail - head < 1 << 16 else tail]
    if not data:
        raise Unfit("no sound")
    return data


def _boxes(data: bytearray, start: int, end: int) -> None:
    """Boxes of notes become free space of the same length: nothing moves, so that what counts offsets stays right."""
    while start + BOX <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        head = BOX
        if size == 1 and start + LARGE_BOX <= end:
            (size,) = struct.unpack_from(">Q", data, start + BOX)
            head = LARGE_BOX
        size = end - start if size == 0 else size
        if size < head or start + size > end:
            raise Unfit("broken boxes")
        if name in NOTES:
            data[start + 4 : start + 8] = b"free"
            data[start + head : start + size] = bytes(size - head)
        elif name in DATED and size >= head + VERSION + 16:
            span = 16 if data[start + head] == 1 else 8
            data[start + head + VERSION : start + head + VERSION + span] = bytes(span)
        elif name in NESTED:
            _boxes(data, start + head, start + size)
        elif name == b"hdlr" and data[start + 16 : start + 20] == b"vide":
            raise Unfit("a video")
        start += size
