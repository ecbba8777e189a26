"""`manage.py receive_mail [--listen WHERE | --imap [--every SECONDS] [--once]]`: takes in mail until stopped."""

from __future__ import annotations

import asyncio
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dialogue.inbox import imap, lmtp


class Command(BaseCommand):
    help = "Reçoit les courriels : serveur LMTP pour le serveur de courrier local, ou relève d’une boîte IMAP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--listen", default=settings.INBOX_LISTEN, help="chemin d’une prise Unix, ou hôte:port")
        parser.add_argument("--imap", action="store_true", help="relève la boîte des réglages INBOX_IMAP_*")
        parser.add_argument("--every", type=int, default=60, help="secondes entre deux relèves")
        parser.add_argument("--once", action="store_true", help="relève une fois, puis s’arrête")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["imap"]:
            self._poll(options["every"], once=options["once"])
            return
        where = options["listen"]
        said = f"Le courrier entre par {where}."
        asyncio.run(lmtp.serve(where, ready=lambda: self.stdout.write(said)))

    def _poll(self, every: int, *, once: bool) -> None:
        if not settings.INBOX_IMAP_HOST:
            raise CommandError("INBOX_IMAP_HOST n’est pas réglé (docs/operations.md).")
        if once:
            self.stdout.write(f"{imap.poll()} courriels relevés.")
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        self.stdout.write(f"La boîte {settings.INBOX_IMAP_USER} est relevée toutes les {every} s.")
        imap.watch(stop, every)
