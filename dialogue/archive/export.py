"""The whole platform in one file: every table as JSON lines, every file, and a manifest that proves what is there."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from django.db import connection, models, transaction

from dialogue.archive import contents
from dialogue.formats.archive import EPOCH

MANIFEST = "manifest.json"
#: Bytes of a file read at once.
BLOCK = 1 << 20
README = """Archive complète d’une plateforme de dialogue territorial.

- manifest.json : la liste de ce qui est là, avec le nombre de lignes et l’empreinte SHA-256 de chaque table et de chaque fichier ;
- tables/<nom>.jsonl : une table, un objet JSON par ligne, en UTF-8 ; dates ISO 8601, octets en base64 ;
- fichiers/<chemin> : les fichiers déposés, tels quels.

Elle contient des données personnelles, des moyens de connexion et des écrits réservés à des groupes : gardez-la comme une sauvegarde.
Pour la relire : python manage.py import_platform ARCHIVE, sur une installation vide de la même version.
"""


class Hashed:
    """Writes into an entry of the archive and counts: SHA-256 and bytes."""

    def __init__(self, out: Any) -> None:
        self.out, self.digest, self.size = out, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self.out.write(data)
        self.digest.update(data)
        self.size += len(data)


class Nowhere:
    """Where `digests` writes: nothing is kept but the count."""

    def write(self, data: bytes) -> None:
        return None


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside was true at the same moment, and nobody who writes has to wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # deferred: a reader's snapshot (WAL), where Django's own would lock out the writers
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield


def line(row: models.Model) -> bytes:
    return json.dumps(contents.written(row), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def write_table(model: type[models.Model], out: Any) -> tuple[dict[str, Any], dict[str, Storage]]:
    """Writes the rows; returns (rows, sha256, bytes) and the files they hold."""
    hashed, count, files = Hashed(out), 0, {}
    for row in contents.rows(model):
        hashed.write(line(row))
        files |= dict(contents.files_of(row))
        count += 1
    return {"rows": count, "sha256": hashed.digest.hexdigest(), "bytes": hashed.size}, files


def export(path: Path, *, now: datetime) -> dict[str, Any]:
    """Writes the archive to `path` (readable by its owner alone, in place only when whole); returns its manifest.

    The same contents give the same manifest but for `made_at`. Files that the storage has lost are named in `missing`.
    """
    partial = path.with_name(path.name + ".partial")
    partial.touch(mode=0o600)
    manifest: dict[str, Any] = {
        "format": contents.FORMAT, "made_at": now.isoformat(), "schema": contents.schema(), "tables": {}, "files": {},
        "missing": [], "left_out": contents.LEFT_OUT,
    }  # fmt: skip
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive, one_moment():
            files: dict[str, Storage] = {}
            for model in contents.tables():
                name = model._meta.label_lower
                with archive.open(entry(f"tables/{name}.jsonl"), "w", force_zip64=True) as out:
                    manifest["tables"][name], found = write_table(model, out)
                files |= found
            for name in sorted(files):
                _write_file(archive, name, files[name], manifest)
            archive.writestr(entry("LISEZ-MOI.txt"), README)
            archive.writestr(entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


def _write_file(archive: zipfile.ZipFile, name: str, storage: Storage, manifest: dict[str, Any]) -> None:
    if not storage.exists(name):
        manifest["missing"].append(name)
        return
    with storage.open(name) as source, archive.open(entry(f"fichiers/{name}"), "w", force_zip64=True) as out:
        hashed = Hashed(out)
        while block := source.read(BLOCK):
            hashed.write(block)
    manifest["files"][name] = {"sha256": hashed.digest.hexdigest(), "bytes": hashed.size}


def digests() -> dict[str, Any]:
    """Rows and SHA-256 of every table and file of this installation, as `export` would write them."""
    tables, files = {}, {}
    with one_moment():
        for model in contents.tables():
            told, found = write_table(model, Nowhere())
            tables[model._meta.label_lower] = told
            files |= found
    kept = {}
    for name, storage in files.items():
        if not storage.exists(name):
            continue
        hashed = Hashed(Nowhere())
        with storage.open(name) as source:
            while block := source.read(BLOCK):
                hashed.write(block)
        kept[name] = {"sha256": hashed.digest.hexdigest(), "bytes": hashed.size}
    return {"tables": tables, "files": kept}
