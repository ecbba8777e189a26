"""ZIP archives: the same files give the same bytes, whatever the day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

#: The first moment that ZIP can write: an archive says what it holds, not when it was made.
EPOCH = (1980, 1, 1, 0, 0, 0)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of `files` (path → content), sorted by path.

    Raises ValueError for a path that would leave the folder in which the archive is opened.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            parts = PurePosixPath(path).parts
            if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
                raise ValueError(f"{path!r} is not a path inside an archive")
            entry = zipfile.ZipInfo(path, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # so that the permissions below are read, whatever made the archive
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()
