"""`manage.py run_worker [--once]`: delivers letters, runs background jobs and periodic work until stopped."""

from __future__ import annotations

import os
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from dialogue.ledger import clock
from dialogue.mailer import delivery, jobs, periodic
from dialogue.mailer.courier import Courier, CourierGone
from dialogue.mailer.worker import Worker, work_of_rooms

#: Seconds given to the letter and the job in hand once the worker is told to stop.
PATIENCE = 4.0


class Command(BaseCommand):
    help = "Envoie les courriels, exécute les tâches de fond et les tâches périodiques."
    # The courier is forked before anything asks the database, which checks may do.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="envoie ce qui est dû, exécute ce qui est à faire, puis s’arrête")

    def handle(self, *args: Any, **options: Any) -> None:
        periodic.discover()
        name = delivery.worker_name()
        connections.close_all()
        courier = Courier(name)
        try:
            worker = Worker(name, courier, clock.now)
            if options["once"]:
                while work_of_rooms() or worker.once() or jobs.run_ready():
                    pass
            else:
                self._until_told(worker)
            worker.finish()
        except CourierGone as gone:
            # Whoever restarts us (systemd) starts a worker that reads the journal first.
            raise CommandError(str(gone)) from gone
        finally:
            # Whatever happened here: the courier goes when its line is cut, and not before.
            courier.dismiss()
        delivery.recover("")

    def _until_told(self, worker: Worker) -> None:
        def stop(*_: Any) -> None:
            worker.stop.set()
            # A mail server that does not answer holds us no longer: the courier ends the letter, the next worker reads on.
            late = threading.Timer(PATIENCE, os._exit, args=(0,))
            late.daemon = True
            late.start()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        self.stdout.write("Le courrier et les tâches de fond sont en route.")
        worker.run()
