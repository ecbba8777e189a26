"""The whole platform in one file, and back: nothing lost, nothing changed, nothing read that is not ours."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from dialogue.archive import contents
from dialogue.archive.export import digests, export
from dialogue.archive.restore import CannotRestore, compare, restore
from tests.factories import NOW
from tests.world import build

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    build(2)
    path = tmp_path / "tout.zip"
    export(path, now=NOW)
    return path


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as opened:
        return json.loads(opened.read("manifest.json"))


def emptied() -> None:
    """Every table taken, empty again, and no file."""
    for name in digests()["files"]:
        default_storage.delete(name)
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        quoted = [connection.ops.quote_name(model._meta.db_table) for model in contents.tables()]
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {', '.join(quoted)} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in quoted:
            cursor.execute(f"DELETE FROM {table}")


def test_what_is_written_comes_back_identical(archive: Path) -> None:
    before = digests()
    emptied()
    restored = restore(archive)
    after = digests()
    assert after == before
    assert restored["tables"] == before["tables"]
    assert before["tables"]["chantiers.chantier"]["rows"] == 18
    assert compare(manifest(archive)) == []


def test_the_same_contents_give_the_same_archive(archive: Path, tmp_path: Path) -> None:
    export(tmp_path / "encore.zip", now=NOW)
    assert (tmp_path / "encore.zip").read_bytes() == archive.read_bytes()


def test_the_archive_is_for_its_owner_alone_and_says_what_it_leaves_out(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert manifest(archive)["left_out"] == contents.LEFT_OUT
    with zipfile.ZipFile(archive) as opened:
        assert "données personnelles" in opened.read("LISEZ-MOI.txt").decode()


def test_every_table_is_taken_or_said_to_be_left_out() -> None:
    from django.apps import apps

    known = {model._meta.label_lower for model in contents.tables()} | set(contents.LEFT_OUT)
    assert {model._meta.label_lower for model in apps.get_models(include_auto_created=True)} <= known


def test_an_installation_in_use_is_left_alone(archive: Path) -> None:
    before = digests()
    with pytest.raises(CannotRestore, match=r"n’est pas vide : .*people.person"):
        restore(archive)
    assert digests() == before


def changed(archive: Path, path: Path, **entries: bytes | None) -> Path:
    """A copy of the archive with some entries replaced, or taken away."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            data = entries.get(name.replace("/", "_").replace(".", "_"), source.read(name))
            if data is not None:
                copy.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"manifest_json": b"{}"}, "au format None"),
        ({"manifest_json": None}, "il lui manque manifest.json"),
        ({"manifest_json": b"[]"}, "au format None"),
        ({"manifest_json": b'{"format": 1}'}, "L’archive est abîmée : manifest.json est incomplet."),
        ({"tables_people_person_jsonl": b'{"id": 1}\n'}, "Table people.person, ligne 1 : illisible"),
        ({"tables_people_person_jsonl": None}, "Il manque à l’archive la table people.person"),
        ({"tables_people_mandate_jsonl": b""}, "la table people.mandate .0 lignes ici"),
    ],
)
def test_a_damaged_archive_writes_nothing(archive: Path, tmp_path: Path, entries: Any, sentence: str) -> None:
    damaged = changed(archive, tmp_path / "abimee.zip", **entries)
    emptied()
    with pytest.raises(CannotRestore, match=sentence):
        restore(damaged)
    assert sum(table["rows"] for table in digests()["tables"].values()) == 0


def bitten(archive: Path, path: Path, name: str, before: bytes) -> Path:
    """A copy, nothing packed, in which one letter of an entry is another one, just after `before`."""
    changed(archive, path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        place = raw.index(before, opened.getinfo(name).header_offset + 30 + len(name.encode())) + len(before)
    raw[place] ^= 1
    path.write_bytes(raw)
    return path


def nothing_is_left(archive: Path) -> bool:
    """Neither a row nor a file, not even a part of one."""
    files = [name for name in manifest(archive)["files"] if default_storage.exists(name)]
    return files == [] and sum(table["rows"] for table in digests()["tables"].values()) == 0


@pytest.mark.parametrize(
    ("name", "before", "sentence"),
    [
        ("manifest.json", b'"made_at": "', "L’archive est abîmée : manifest.json ne se lit pas"),
        ("tables/people.person.jsonl", b'"name":"', "L’archive est abîmée : la table people.person ne se lit pas"),
        ("", b"", "L’archive est abîmée : le fichier .* ne se lit pas"),
    ],
)
def test_an_entry_that_does_not_read_is_named_and_everything_is_taken_away_again(
    archive: Path, tmp_path: Path, name: str, before: bytes, sentence: str
) -> None:
    name = name or f"fichiers/{max(manifest(archive)['files'])}"
    damaged = bitten(archive, tmp_path / "abimee.zip", name, before)
    emptied()
    with pytest.raises(CannotRestore, match=sentence):
        restore(damaged)
    assert nothing_is_left(archive)


def test_a_file_that_the_archive_lacks_is_named_and_everything_is_taken_away_again(archive: Path, tmp_path: Path) -> None:
    lost = max(manifest(archive)["files"])
    gone = {f"fichiers/{lost}".replace("/", "_").replace(".", "_"): None}
    damaged = changed(archive, tmp_path / "abimee.zip", **gone)
    emptied()
    with pytest.raises(CannotRestore, match=f"Il manque à l’archive le fichier {lost}"):
        restore(damaged)
    assert nothing_is_left(archive)


def test_what_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "faux.zip").write_bytes(b"pas un zip")
    with pytest.raises(CannotRestore, match="ce n’est pas une archive ZIP"):
        restore(tmp_path / "faux.zip")


def test_another_version_is_refused_by_its_name(archive: Path, tmp_path: Path) -> None:
    other = manifest(archive)
    other["schema"]["people"] = "0999_later"
    old = changed(archive, tmp_path / "autre.zip", manifest_json=json.dumps(other).encode())
    with pytest.raises(CannotRestore, match=r"pas la même version : people\."):
        restore(old)


def test_a_file_that_the_storage_lost_is_named(tmp_path: Path) -> None:
    from dialogue.documents.models import Version

    build(1)
    lost = Version.objects.exclude(file="").first()
    lost.file.storage.delete(lost.file.name)
    with pytest.raises(CommandError, match="Fichiers introuvables"):
        call_command("export_platform", str(tmp_path / "a.zip"), verbosity=0)
    assert manifest(tmp_path / "a.zip")["missing"] == [lost.file.name]


def test_the_command_does_not_write_over_an_archive(archive: Path) -> None:
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("export_platform", str(archive))


@pytest.mark.slow
@pytest.mark.sqlite
def test_two_installations_hand_over_everything(tmp_path: Path) -> None:
    """By the commands alone, from one folder to another, as an operator does; the second one is then read by SQLite itself."""
    first, second, file = tmp_path / "un", tmp_path / "deux", tmp_path / "tout.zip"

    def run(folder: Path, *words: str) -> str:
        folder.mkdir(exist_ok=True)
        environment = {**os.environ, "DATA_DIR": str(folder), "DEMO": "1", "SECRET_KEY": "tests", "DATABASE_URL": ""}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    for folder in (first, second):
        run(folder, "migrate", "-v0")
        run(folder, "createcachetable")
    run(first, "load_frame", "-v0")
    run(first, "export_platform", str(file))
    assert "Identique à l’archive" in run(second, "import_platform", str(file))
    assert run(second, "import_platform", str(file), "--check").strip() == "Identique à l’archive."
    base = next(second.glob("*.sqlite3"))
    with sqlite3.connect(base) as opened:
        assert opened.execute("SELECT count(*) FROM chantiers_chantier").fetchone() == (26,)
