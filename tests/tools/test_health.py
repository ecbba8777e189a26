from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from dialogue.mailer.models import Heartbeat


@pytest.mark.django_db
def test_the_health_page_says_that_the_database_answers(client):
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok", "worker": None})


@pytest.mark.django_db
def test_the_health_page_says_how_long_ago_the_worker_last_spoke(client):
    moment = timezone.now() - timedelta(seconds=42)
    Heartbeat.objects.create(worker="w1", started_at=moment, beat_at=moment)
    assert client.get("/sante/").json()["worker"] == 42


def test_the_health_page_says_when_it_does_not(client, monkeypatch):
    from config import health

    class Broken:
        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Broken())
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"status": "error", "database": "error"})


@pytest.mark.django_db
def test_the_bare_page_exists_for_the_bench_alone(client):
    assert client.get("/vivant/").status_code == 404
