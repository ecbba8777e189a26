"""QR codes (ISO/IEC 18004) of addresses, as SVG for a document and PNG for slides. The alternative text is the caller's."""

from __future__ import annotations

import io
from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M

#: Modules of white around, as the standard wants it.
QUIET = 4


@lru_cache(maxsize=256)
def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True for a dark one, with the quiet zone; 15 % of it may be lost (level M)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def svg(text: str) -> str:
    """A square drawing, black on white, one unit a module."""
    rows = matrix(text)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def png(text: str, *, scale: int = 12) -> bytes:
    """The same as an image of `scale` pixels a module."""
    from PIL import Image

    rows = matrix(text)
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    out = io.BytesIO()
    image.resize((len(rows) * scale, len(rows) * scale), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()
