"""The one background process: background jobs, letters, periodic work; it may be killed at any point."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as JobWorker
from django_tasks_db.models import DBTaskResult

from dialogue.mailer import delivery, periodic
from dialogue.mailer.models import PeriodicRun

logger = logging.getLogger(__name__)

PAUSE = 1.0
PERIODIC_EVERY = timedelta(seconds=30)
HEARTBEAT = "worker"
#: A job that runs longer than this belongs to a worker that was killed.
JOB_LEASE = timedelta(minutes=30)


def reap_jobs(moment: datetime) -> int:
    """django-tasks leaves the job of a killed worker RUNNING for ever: put it back (jobs are idempotent)."""
    stuck = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=moment - JOB_LEASE)
    return stuck.update(status=TaskResultStatus.READY, started_at=None)


def run_jobs() -> None:
    JobWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=20,
        worker_id=delivery.worker_name(), excluded_queue_names=[],
    ).run()


class Worker:
    """Turns until `stop` is set; `clock` gives domain time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock, self.stop = clock, threading.Event()
        self.periodic_at: datetime | None = None

    def run(self) -> None:
        delivery.recover()
        while not self.stop.is_set():
            busy = self._safely(self.turn)
            close_old_connections()
            if not busy:
                self.stop.wait(PAUSE)

    def turn(self) -> bool:
        """One round; True when there was mail, so that the next round comes at once."""
        moment = timezone.now()
        if self.periodic_at is None or moment - self.periodic_at >= PERIODIC_EVERY:
            self.periodic_at = moment
            PeriodicRun.objects.update_or_create(name=HEARTBEAT, defaults={"last_at": moment})
            delivery.recover(moment)
            reap_jobs(moment)
            periodic.run_due(moment, self.clock())
        if DBTaskResult.objects.ready().exists():
            run_jobs()
        return delivery.deliver(limit=20) > 0

    def _safely(self, turn: Callable[[], bool]) -> bool:
        try:
            return turn()
        except OperationalError:
            logger.exception("the database did not answer; trying again")
            time.sleep(PAUSE)
            return False


def heartbeat_age(moment: datetime) -> float | None:
    """Seconds since the worker's last sign of life; None when there was none."""
    last = PeriodicRun.objects.filter(name=HEARTBEAT).values_list("last_at", flat=True).first()
    return (moment - last).total_seconds() if last else None
