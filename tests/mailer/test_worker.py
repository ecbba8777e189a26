"""Periodic work, background jobs, the heartbeat."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from dialogue.mailer import jobs, periodic
from dialogue.mailer.models import Heartbeat, PeriodicRun
from dialogue.mailer.refusals import Fate, Outcome
from dialogue.mailer.worker import Worker, heartbeat_age
from tests import factories as make
from tests.mailer.letters import make_letter, stages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(periodic, "REGISTRY", {})


@task()
def add(a: int, b: int) -> int:
    return a + b


class TestPeriodicWork:
    def test_a_function_runs_once_a_period_with_domain_time(self):
        seen = []
        periodic.every(hours=1)(seen.append)
        moment = timezone.now()
        for minutes in (0, 30, 59, 60, 61):
            periodic.run_due(moment + timedelta(minutes=minutes), make.NOW + timedelta(minutes=minutes))
        assert seen == [make.NOW, make.NOW + timedelta(hours=1)]

    def test_two_functions_cannot_have_the_same_name(self):
        def work(now):
            return None

        periodic.every(days=1)(work)
        with pytest.raises(ValueError, match="declared twice"):
            periodic.every(days=1)(work)

    def test_a_failure_stops_no_other_function_and_is_tried_again_after_an_hour(self):
        seen, broken = [], []

        @periodic.every(days=1)
        def fails(now):
            broken.append(now)
            raise RuntimeError("no")

        @periodic.every(days=1)
        def works(now):
            seen.append(now)

        moment = timezone.now()
        for hours in (0, 0.5, 1.5, 12):
            periodic.run_due(moment + timedelta(hours=hours), make.NOW)
        assert (len(broken), len(seen)) == (3, 1)

    def test_work_cut_short_by_a_death_is_done_again_after_an_hour(self):
        seen = []

        @periodic.every(days=1)
        def works(now):
            seen.append(now)

        moment = timezone.now()
        name = next(iter(periodic.REGISTRY))
        PeriodicRun.objects.create(name=name, last_at=moment)
        assert periodic.run_due(moment + timedelta(minutes=50), make.NOW) == []
        assert periodic.run_due(moment + timedelta(minutes=61), make.NOW) == [name]

    @pytest.mark.django_db(transaction=True)
    def test_of_two_workers_one_runs_it(self):
        seen, start = [], threading.Barrier(2)
        periodic.every(days=1)(seen.append)
        moment = timezone.now()

        def work() -> None:
            try:
                start.wait(10)
                periodic.run_due(moment, make.NOW)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert seen == [make.NOW]

    def test_every_room_s_functions_are_found(self, monkeypatch):
        monkeypatch.undo()
        periodic.discover()
        assert {
            "dialogue.people.tasks.purge",
            "dialogue.mailer.tasks.digests",
            "dialogue.chantiers.tasks.remind_requests",
        } <= set(periodic.REGISTRY)


class TestJobs:
    @pytest.mark.django_db(transaction=True)
    def test_a_ready_job_is_run(self):
        result = add.enqueue(1, 2)
        assert [jobs.run_ready(), jobs.run_ready()] == [True, False]
        result.refresh()
        assert result.return_value == 3

    def left_running(self, *workers: str) -> DBTaskResult:
        result = add.enqueue(1, 2)
        DBTaskResult.objects.filter(pk=result.id).update(status="RUNNING", started_at=timezone.now(), worker_ids=list(workers))
        return DBTaskResult.objects.get(pk=result.id)

    def beat(self, worker: str, ago: float = 0) -> None:
        moment = timezone.now() - timedelta(seconds=ago)
        Heartbeat.objects.create(worker=worker, started_at=moment, beat_at=moment)

    def test_the_job_of_a_living_worker_is_left_alone(self):
        job = self.left_running("w1")
        self.beat("w1", ago=100)
        assert jobs.reap() == 0
        job.refresh_from_db()
        assert job.status == "RUNNING"

    def test_the_job_of_a_silent_worker_starts_again(self):
        job = self.left_running("w1")
        self.beat("w1", ago=121)
        assert jobs.reap() == 1
        job.refresh_from_db()
        assert (job.status, job.started_at) == ("READY", None)

    def test_a_job_that_killed_three_workers_is_not_started_again(self):
        job = self.left_running("w1", "w2", "w3")
        assert jobs.reap() == 1
        job.refresh_from_db()
        assert (job.status, job.traceback) == ("FAILED", "3 workers died while running it")


class Sending:
    def carry(self, message, message_id):
        return Outcome(Fate.SENT)


class TestWorker:
    def test_one_turn_says_that_it_lives_runs_what_is_due_and_sends(self):
        seen = []
        periodic.every(days=1)(seen.append)
        make_letter()
        assert heartbeat_age() is None
        worker = Worker("w1", Sending(), lambda: make.NOW)
        assert [worker.once(), worker.once()] == [True, False]
        assert (stages(), seen) == (["sent"], [make.NOW])
        assert 0 <= heartbeat_age() < 30
        worker.finish()
        assert heartbeat_age() is None

    def test_looking_at_an_empty_outbox_costs_one_query(self, django_assert_num_queries):
        worker = Worker("w1", Sending(), lambda: make.NOW)
        worker.once()
        with django_assert_num_queries(1):
            worker.once()
