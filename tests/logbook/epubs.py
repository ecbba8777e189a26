"""An EPUB looked at by the reference checker, and by hand."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.machine import epubcheck

COMMAND, MISSING = epubcheck()
#: Skips with its reason on the screen; under NOTHING_SKIPPED the run then fails.
needs_epubcheck = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def complaints(data: bytes, folder: Path) -> list[str]:
    """What epubcheck says against these bytes."""
    file = folder / "carnet.epub"
    file.write_bytes(data)
    done = subprocess.run([*COMMAND, "--quiet", str(file)], capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(("ERROR", "WARNING", "FATAL", "USAGE"))]
    return said or ([done.stderr] if done.returncode else [])


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        return {name: archive.read(name) for name in archive.namelist()}
