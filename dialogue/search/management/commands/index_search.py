"""`manage.py index_search [--all]`: brings the index up to date, or tells everything again."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dialogue.search import feed, index
from dialogue.search.models import SearchEntry, SearchProgress


class Command(BaseCommand):
    help = "Met à jour l’index de recherche ; avec --all, relit tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="relit tout, et n’écrit que ce qui a changé")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        if options["all"] or not SearchProgress.objects.exists():
            feed.start(timezone.now())
            changed = sum(index.rebuild_all().values())
            said = f"{changed} fiches écrites"
        else:
            acts = 0
            while found := feed.catch_up(timezone.now()):
                acts += found
            said = f"{acts} actes lus"
        self.stdout.write(f"{said}, {SearchEntry.objects.count()} fiches dans l’index ({time.perf_counter() - began:.1f} s).")
