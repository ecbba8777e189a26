"""SQLite's statistics, which nobody else gathers."""

from __future__ import annotations

import pytest
from django.db import connection

from dialogue.mailer.tasks import keep_statistics
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_the_worker_has_sqlite_gather_what_it_knows_of_its_tables():
    make.make_person()
    keep_statistics(make.NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM sqlite_stat1")
        assert cursor.fetchone() == (1,)
