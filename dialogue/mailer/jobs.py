"""Background jobs of django-tasks, run by our worker; those of a killed worker start again."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as JobWorker
from django_tasks_db.models import DBTaskResult

from dialogue.mailer.models import Heartbeat

logger = logging.getLogger(__name__)

#: Silence after which a worker is dead (it speaks every ten seconds).
SILENCE = timedelta(minutes=2)
#: A job during which this many workers died is not started again.
LIVES = 3


def run_ready() -> bool:
    """Run one job that is due; True when there was one. The exclusive lock of the library is taken only if there is."""
    if not DBTaskResult.objects.ready().exists():
        return False
    JobWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=_current[0],
        excluded_queue_names=[],
    ).run()
    return True


#: Whose name jobs are claimed under: a worker process has one.
_current = ["worker"]


def work_as(worker: str) -> None:
    _current[0] = worker


def reap() -> int:
    """Put back the jobs that a dead worker left running (they can be run twice); give up at the third death.

    Returns how many.
    """
    alive = set(Heartbeat.objects.filter(beat_at__gte=timezone.now() - SILENCE).values_list("worker", flat=True))
    count = 0
    for job in DBTaskResult.objects.running().only("pk", "worker_ids"):
        if job.worker_ids and job.worker_ids[-1] in alive:
            continue
        with transaction.atomic():
            rows = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING)
            if len(job.worker_ids) >= LIVES:
                words = f"{len(job.worker_ids)} workers died while running it"
                count += rows.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback=words)
            else:
                count += rows.update(status=TaskResultStatus.READY, started_at=None)
    if count:
        logger.warning("%s jobs of dead workers settled", count)
    return count
