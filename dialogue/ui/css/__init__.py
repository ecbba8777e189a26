"""Style sheets: the sources are `css/*.css`, what is served is `static/ui/*.css`, made by `python -m dialogue.ui.css`.

Beside each sheet and script of the common pages stands its brotli twin (`.br`), which WhiteNoise sends as it is: smaller than
what a request has time to compress, and free.
"""

from __future__ import annotations

import re
from pathlib import Path

import brotli

SOURCES = Path(__file__).parent
SERVED = SOURCES.parent / "static" / "ui"


def minified(css: str) -> str:
    """`css` without comments and needless spaces. Strings with two spaces or ` ;` in them are not supported, nor used."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>~]|!important)\s*", r"\1", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}").strip() + "\n"


def write() -> list[Path]:
    """Write every served sheet again; returns the files."""
    written = []
    for source in sorted(SOURCES.glob("*.css")):
        target = SERVED / source.name
        target.write_text(minified(source.read_text(encoding="utf-8")), encoding="utf-8")
        written.append(target)
    for file in compressible():
        twin(file).write_bytes(brotli.compress(file.read_bytes(), quality=11))
        written.append(twin(file))
    return written


def compressible() -> list[Path]:
    """The served files that have a compressed twin."""
    return sorted([*SERVED.glob("*.css"), *SERVED.glob("*.js")])


def twin(file: Path) -> Path:
    return file.with_name(file.name + ".br")
