"""PDF by typst: tagged, PDF/UA-1. A template of our own, data as JSON; nothing of the data is ever read as markup.

The template reads `json(bytes(sys.inputs.data))`. A glyph that no font has would make PDF/UA-1 impossible: the file is then
made without the standard (still tagged), and the log says so.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

logger = logging.getLogger(__name__)
STANDARD = "ua-1"


def document(template: Path, data: dict[str, Any], *, made_at: datetime, files: Mapping[str, bytes] | None = None) -> bytes:
    """`template` filled with `data` (what JSON can say) and `files` (images: plain name → bytes, which the template names).
    Deterministic: the same data, files and date give the same bytes.

    Raises typst.TypstError when the template itself is wrong.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for file, content in (files or {}).items():
            (root / file).write_bytes(content)
        source = root / "main.typ"
        source.write_bytes(template.read_bytes())
        try:
            return _compiled(source, root, inputs, made_at, standard=STANDARD)
        except typst.TypstError as problem:
            logger.warning("%s without %s: %s", template.name, STANDARD, problem)
            return _compiled(source, root, inputs, made_at, standard="1.7")


def _compiled(source: Path, root: Path, inputs: dict[str, str], made_at: datetime, *, standard: Any) -> bytes:
    made = typst.compile(
        source,
        root=root,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standard,
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return made
