"""The darkroom: copies of a photo in a few widths and formats, upright, with nothing of the camera's notes nor of the place.

Photos of strangers are opened in a process of their own, bounded in time and memory, without the secrets of ours
(as dialogue.documents.bounded does). The copies come back in one uncompressed archive.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps

#: Widths of the copies, in pixels; the first is for lists and phones. None is wider than what was sent.
WIDTHS = (480, 960, 1600)
#: The copy that every browser, the PDF and the EPUB read.
PLAIN = 960
#: Format of a copy → how Pillow writes it.
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 58, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 76, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
}
#: Seconds of processor, seconds in all, bytes of memory.
PROCESSOR, PATIENCE, MEMORY = 90, 180, 3 << 30
ROOT = Path(__file__).resolve().parents[2]


class Unreadable(Exception):
    """No photo could be made of this file."""


@dataclass(frozen=True)
class Developed:
    """`copies`: name ("960.webp") → bytes; `width` and `height` of the photo upright, in pixels."""

    width: int
    height: int
    widths: list[int]
    copies: dict[str, bytes]


def develop(file: IO[bytes]) -> Developed:
    """The copies of an open image. Raises Unreadable, also when it took too long or too much."""
    command = [sys.executable, "-m", "dialogue.logbook.darkroom"]
    env = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ} | {
        "PYTHONPATH": str(ROOT)
    }
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            done = subprocess.run(command, stdin=copy, capture_output=True, timeout=PATIENCE, env=env, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise Unreadable("too long") from None
    if done.returncode:
        raise Unreadable(done.stderr.decode(errors="replace")[-300:] or f"stopped ({done.returncode})")
    return _unpacked(done.stdout)


def _unpacked(data: bytes) -> Developed:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        facts = json.loads(archive.read("facts.json"))
        copies = {name: archive.read(name) for name in archive.namelist() if name != "facts.json"}
    return Developed(facts["width"], facts["height"], facts["widths"], copies)


def developed_here(file: IO[bytes]) -> Developed:
    """The same, in this process: for images of our own making. Raises Unreadable."""
    try:
        with Image.open(file) as opened:
            photo = _clean(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Unreadable(str(problem)) from problem
    widths = widths_for(photo.width)
    copies = {}
    for width in widths:
        smaller = photo if width == photo.width else photo.resize((width, max(1, round(photo.height * width / photo.width))))
        for code in ("avif", "webp", *(["jpg"] if width == plain_of(widths) else [])):
            copies[f"{width}.{code}"] = _printed(smaller, code)
    return Developed(photo.width, photo.height, widths, copies)


def widths_for(width: int) -> list[int]:
    """The widths of the copies of a photo `width` pixels wide: never wider than itself, one at least."""
    return sorted({*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])})


def plain_of(widths: list[int]) -> int:
    """The width of the copy in JPEG, among `widths`."""
    return max((each for each in widths if each <= PLAIN), default=min(widths))


def _clean(opened: Any) -> Any:
    """Upright, in sRGB, on white; a new image, so that no note of the file follows."""
    image: Any = ImageOps.exif_transpose(opened)
    image.load()
    image = _in_srgb(image)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    fresh = Image.new("RGB", image.size)
    fresh.paste(image.convert("RGB"))
    return fresh


def _in_srgb(image: Any) -> Any:
    """Colours as they were meant; a profile that cannot be read is left aside."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        made = ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
        return made if made is not None else image
    return image


def _printed(image: Any, code: str) -> bytes:
    name, options = FORMATS[code]
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def main() -> int:
    for kind, most in ((resource.RLIMIT_CPU, PROCESSOR), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # not all systems know these limits
            resource.setrlimit(kind, (most, most))
    try:
        made = developed_here(io.BytesIO(sys.stdin.buffer.read()))
    except (Unreadable, MemoryError) as problem:
        sys.stderr.write(f"{type(problem).__name__}: {problem}")
        return 3
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("facts.json", json.dumps({"width": made.width, "height": made.height, "widths": made.widths}))
        for name, data in made.copies.items():
            archive.writestr(name, data)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
