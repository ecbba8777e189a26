"""`manage.py run_worker [--once]`: delivers mail, runs background jobs and periodic work until stopped."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dialogue.ledger import clock
from dialogue.mailer import delivery, periodic
from dialogue.mailer.worker import Worker


class Command(BaseCommand):
    help = "Envoie les courriels, exécute les tâches de fond et les tâches périodiques."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="un seul tour, puis s’arrête quand il n’y a plus rien à envoyer")

    def handle(self, *args: Any, **options: Any) -> None:
        periodic.discover()
        worker = Worker(clock.now)
        if options["once"]:
            delivery.recover(timezone.now())
            while worker.turn():
                pass
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop.set())
        self.stdout.write("Le courrier et les tâches de fond sont en route.")
        worker.run()
