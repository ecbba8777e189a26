"""Connections to SQLite rest between two requests; none carries anything from one to the next."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import OperationalError

from config.sqlite import base
from config.sqlite.base import MOST, DatabaseWrapper

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_at_rest():
    base.forget()
    yield
    base.forget()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "one.sqlite3"
    with opened(made).cursor() as cursor:
        cursor.execute("CREATE TABLE word (said TEXT)")
    base.forget()
    return made


def opened(file: Path) -> DatabaseWrapper:
    return DatabaseWrapper(connections.databases["default"] | {"NAME": str(file)}, "default")


def resting() -> int:
    return sum(map(len, base._resting.values()))


def test_the_next_request_takes_up_the_connection_of_the_last_one_in_any_thread(file):
    first = opened(file)
    first.ensure_connection()
    raw = first.connection
    first.close()
    assert (first.connection, resting()) == (None, 1)
    found = []

    def other() -> None:
        again = opened(file)
        again.ensure_connection()
        found.append(again.connection)
        again.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [raw]
    assert resting() == 1


def test_what_was_not_committed_is_gone_and_its_connection_with_it(file):
    first = opened(file)
    first.set_autocommit(False)
    with first.cursor() as cursor:
        cursor.execute("INSERT INTO word VALUES ('perdu')")
    first.close()
    assert resting() == 0
    with opened(file).cursor() as cursor:
        cursor.execute("SELECT count(*) FROM word")
        assert cursor.fetchone() == (0,)


def test_foreign_keys_are_held_again_after_someone_let_them_go(file):
    first = opened(file)
    first.disable_constraint_checking()
    first.close()
    with opened(file).cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_a_file_put_in_the_place_of_another_is_read(file, tmp_path):
    first = opened(file)
    first.ensure_connection()
    first.close()
    two = sqlite3.connect(tmp_path / "two.sqlite3")
    two.execute("CREATE TABLE other (said TEXT)")
    two.close()
    for left in ("-wal", "-shm"):
        Path(f"{file}{left}").unlink(missing_ok=True)
    (tmp_path / "two.sqlite3").replace(file)
    second = opened(file)
    with second.cursor() as cursor, pytest.raises(OperationalError, match="no such table: word"):
        cursor.execute("SELECT * FROM word")
    second.close()


def test_no_more_rest_than_the_server_has_use_for(file):
    many = [opened(file) for _ in range(MOST + 3)]
    for each in many:
        each.ensure_connection()
    for each in many:
        each.close()
    assert resting() == MOST
