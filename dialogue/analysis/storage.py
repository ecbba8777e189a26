"""Arrays and facts as one file: a zip of `.npy` and one JSON. Never pickle: reading a file must not run what it says."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FACTS = "facts.json"
#: A model of ours weighs a few megabytes; a file that claims more is not ours.
_LARGEST = 512 * 1024 * 1024
#: What a damaged zip, array or JSON raises; a zip with a password is a RuntimeError, a method unknown another error of zipfile.
_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError, OverflowError, struct.error)
_DATE = (1980, 1, 1, 0, 0, 0)


def dump(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The file; the same content gives the same bytes (numpy's own npz carries the time)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _put(archive, _FACTS, canonical(facts))
        for name in sorted(arrays):
            body = io.BytesIO()
            np.lib.format.write_array(body, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False)
            _put(archive, f"{name}.npy", body.getvalue())
    return out.getvalue()


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Facts as JSON, keys in order: the same facts give the same bytes."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()


def _put(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, body)


def load(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """(facts, arrays) of `dump`. Raises ValueError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise ValueError("larger than any model")
            facts = json.loads(archive.read(_FACTS))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            arrays = {name.removesuffix(".npy"): _array(archive.read(name)) for name in names}
    except _DAMAGED as error:
        raise ValueError(f"not a file of this analysis: {error}") from error
    if not isinstance(facts, dict):
        raise ValueError("not a file of this analysis: no facts")  # noqa: TRY004  what every foreign file raises
    return facts, arrays


def _array(body: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(body), allow_pickle=False)
    return array
