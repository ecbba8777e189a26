"""An archive read back into an empty installation, whole or not at all, then compared with what its manifest promised."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from dialogue.archive import contents
from dialogue.archive.export import MANIFEST, digests

#: What reading a damaged entry of a ZIP raises; RuntimeError for one that is packed otherwise, or under a password.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


class CannotRestore(Exception):
    """The archive cannot be read here; the message is a French sentence for the person who runs the command."""


def manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Raises CannotRestore when it is not one of our archives, or not of this version."""
    try:
        manifest: dict[str, Any] = dict(json.loads(archive.read(MANIFEST)))
    except (KeyError, ValueError, TypeError) as problem:
        raise CannotRestore("Ce fichier n’est pas une archive de la plateforme : il lui manque manifest.json.") from problem
    except DAMAGED as problem:
        raise CannotRestore(f"L’archive est abîmée : manifest.json ne se lit pas ({problem}).") from problem
    if manifest.get("format") != contents.FORMAT:
        raise CannotRestore(
            f"Cette archive est au format {manifest.get('format')} ; cette version lit le format {contents.FORMAT}."
        )
    if not all(isinstance(manifest.get(name), dict) for name in ("schema", "tables", "files")):
        raise CannotRestore("L’archive est abîmée : manifest.json est incomplet.")
    here, there = contents.schema(), manifest["schema"]
    if here != there:
        apart = sorted(app for app in here | there if here.get(app) != there.get(app))
        raise CannotRestore(f"L’archive et cette installation n’ont pas la même version : {', '.join(apart)}.")
    return manifest


def must_be_empty() -> None:
    """Raises CannotRestore naming the tables that hold something."""
    full = [model._meta.label_lower for model in contents.tables() if model._base_manager.exists()]
    if full:
        raise CannotRestore(f"Cette installation n’est pas vide : {', '.join(full)}. Rien n’a été écrit.")


def restore(path: Path) -> dict[str, Any]:
    """Reads the archive in; returns its manifest. Raises CannotRestore, and then nothing was written to the database.

    Files are written first: should the rows be refused, they are taken away again.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as problem:
        raise CannotRestore("Ce fichier ne s’ouvre pas : ce n’est pas une archive ZIP, ou elle est abîmée.") from problem
    with archive:
        manifest = manifest_of(archive)
        must_be_empty()
        written: list[str] = []
        try:
            written.extend(_restore_file(archive, name) for name in manifest["files"])
            with transaction.atomic():
                for model in contents.tables():
                    _restore_table(archive, model)
                _reset_sequences()
                _must_agree(manifest)
        except BaseException:
            for name in written:
                default_storage.delete(name)
            raise
    return manifest


def _must_agree(manifest: dict[str, Any]) -> None:
    if differences := compare(manifest):
        raise CannotRestore("Ce qui a été lu n’est pas ce que l’archive annonce : " + " ; ".join(differences))


def _restore_file(archive: zipfile.ZipFile, name: str) -> str:
    if default_storage.exists(name):
        raise CannotRestore(f"Le fichier {name} existe déjà ici. Rien n’a été écrit.")
    try:
        with archive.open(f"fichiers/{name}") as source:
            kept = default_storage.save(name, File(source, name=name))
    except KeyError as problem:
        raise CannotRestore(f"Il manque à l’archive le fichier {name}.") from problem
    except DAMAGED as problem:
        # What was written of it before the damage was met.
        default_storage.delete(name)
        raise CannotRestore(f"L’archive est abîmée : le fichier {name} ne se lit pas ({problem}).") from problem
    if kept != name:
        default_storage.delete(kept)
        raise CannotRestore(f"Le fichier {name} ne peut pas être écrit sous son nom.")
    return kept


def _lines(archive: zipfile.ZipFile, model: type[models.Model]) -> Iterator[list[Any]]:
    name = model._meta.label_lower
    try:
        with archive.open(f"tables/{name}.jsonl") as source:
            for number, line in enumerate(source, start=1):
                try:
                    yield contents.stored(model, json.loads(line))
                except (ValueError, KeyError, TypeError, ValidationError) as problem:
                    raise CannotRestore(f"Table {name}, ligne {number} : illisible ({problem}).") from problem
    except KeyError as problem:
        raise CannotRestore(f"Il manque à l’archive la table {name}.") from problem
    except DAMAGED as problem:
        raise CannotRestore(f"L’archive est abîmée : la table {name} ne se lit pas ({problem}).") from problem


def _restore_table(archive: zipfile.ZipFile, model: type[models.Model]) -> None:
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in model._meta.concrete_fields]
    # The names are those of our own models; the values are parameters.
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    chunk: list[list[Any]] = []
    with connection.cursor() as cursor:
        for values in _lines(archive, model):
            chunk.append(values)
            if len(chunk) == contents.CHUNK:
                cursor.executemany(statement, chunk)
                chunk = []
        if chunk:
            cursor.executemany(statement, chunk)


def _reset_sequences() -> None:
    """The next row of each table takes the number after the last."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), contents.tables()):
            cursor.execute(statement)


def compare(manifest: dict[str, Any]) -> list[str]:
    """What differs between this installation and a manifest, table by table and file by file; empty when they are identical."""
    here = digests()
    said = []
    for kind, what in (("tables", "la table"), ("files", "le fichier")):
        for name in sorted(here[kind] | manifest[kind]):
            one, other = here[kind].get(name), manifest[kind].get(name)
            if one != other:
                said.append(f"{what} {name} ({_told(one)} ici, {_told(other)} dans l’archive)")
    return said


def _told(found: dict[str, Any] | None) -> str:
    if found is None:
        return "absente"
    return f"{found['rows']} lignes" if "rows" in found else f"{found['bytes']} octets"
