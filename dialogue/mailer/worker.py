"""The one background process: letters, background jobs, periodic work. It may be killed at any point."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections
from django.db.models import Max
from django.utils import timezone

from dialogue.mailer import delivery, jobs, periodic
from dialogue.mailer.courier import Carrier
from dialogue.mailer.models import Heartbeat

logger = logging.getLogger(__name__)

#: Seconds between two looks at the outbox; between two heartbeats, recoveries and looks at periodic work.
PAUSE, ROUND = 1.0, 10.0
#: Heartbeats of dead workers are forgotten.
FORGOTTEN = timedelta(days=1)


#: Rooms above append functions () -> bool (docs/adr/0011): one turn of their own background work, True when there was some. They
#: are asked every second, beside the jobs; they may run twice, or be cut short.
beside: list[Callable[[], bool]] = []


class Worker:
    """Turns until `stop` is set. `clock` tells domain time; `name` is this process's own."""

    def __init__(self, name: str, carrier: Carrier, clock: Callable[[], datetime]) -> None:
        self.name, self.carrier, self.clock = name, carrier, clock
        self.stop = threading.Event()
        self._next_round = 0.0
        jobs.work_as(name)

    def run(self) -> None:
        """Letters and periodic work here, jobs and the rooms' own work beside: a long conversion holds no letter back."""
        self.say_alive()
        threads = [
            threading.Thread(target=self._turn, args=(work,), name=name, daemon=True)
            for name, work in (("jobs", jobs.run_ready), ("rooms", work_of_rooms))
        ]
        for thread in threads:
            thread.start()
        self._turn(self.once)
        for thread in threads:
            thread.join(timeout=2)

    def once(self) -> bool:
        """One turn; True when letters were handled, so that the next turn comes at once."""
        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND
            self.attend()
        return delivery.deliver_due(self.carrier, self.name, enough=self._has_other_work) > 0

    def attend(self) -> None:
        """What is done every ten seconds: say that one lives, settle what the dead left, run what is due."""
        moment = self.say_alive()
        Heartbeat.objects.filter(beat_at__lt=moment - FORGOTTEN).delete()
        delivery.recover(self.name)
        jobs.reap()
        periodic.run_due(moment, self.clock())

    def say_alive(self) -> datetime:
        moment = timezone.now()
        Heartbeat.objects.update_or_create(
            worker=self.name, defaults={"beat_at": moment}, create_defaults={"beat_at": moment, "started_at": moment}
        )
        return moment

    def finish(self) -> None:
        """Leaves: its jobs, if any is still running, are taken up by the next worker at once."""
        Heartbeat.objects.filter(worker=self.name).delete()

    def _has_other_work(self) -> bool:
        """A slow mail server must neither silence us nor keep us from stopping."""
        return self.stop.is_set() or time.monotonic() >= self._next_round

    def _turn(self, work: Callable[[], bool]) -> None:
        while not self.stop.is_set():
            busy = False
            try:
                busy = work()
            except DatabaseError:
                logger.exception("the database did not answer; trying again")
                self.stop.wait(PAUSE)
            finally:
                close_old_connections()
            if not busy:
                self.stop.wait(PAUSE)


def work_of_rooms() -> bool:
    """One turn of each room's own work; True when there was some."""
    done = [work() for work in beside]
    return any(done)


def heartbeat_age() -> float | None:
    """Seconds since a worker last said that it lives; None when none ever did."""
    last = Heartbeat.objects.aggregate(last=Max("beat_at"))["last"]
    return (timezone.now() - last).total_seconds() if last else None
