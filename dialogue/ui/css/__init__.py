"""Style sheets: the sources are `css/*.css`, what is served is `static/ui/*.css`, made by `python -m dialogue.ui.css`."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parent
SERVED = SOURCES.parent / "static" / "ui"


def minified(css: str) -> str:
    """`css` without comments and needless spaces. Strings with two spaces or ` ;` in them are not supported, nor used."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}").strip() + "\n"


def write() -> list[Path]:
    """Write every served sheet again; returns the files."""
    written = []
    for source in sorted(SOURCES.glob("*.css")):
        target = SERVED / source.name
        target.write_text(minified(source.read_text(encoding="utf-8")), encoding="utf-8")
        written.append(target)
    return written
