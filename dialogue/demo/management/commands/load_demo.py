"""`manage.py load_demo [--date 2017-11-06]`: the demonstration, once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dialogue.demo.cast import COORDINATION, first_coordinator
from dialogue.demo.load import REFERENCE, play
from dialogue.demo.story import at
from dialogue.ledger.acts import SYSTEM
from dialogue.people.models import Person
from dialogue.territories import acts, frame

#: The frame is loaded the day after the last of the councils that opened the chantiers.
FRAME_DAY = date(2017, 3, 31)


class Command(BaseCommand):
    help = "Charge la démonstration : le cadre de 2017, des contenus fictifs, à une date de référence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, default=REFERENCE, help="date de référence (AAAA-MM-JJ)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("La démonstration ne se charge qu’en mode démonstration (DEMO=1).")
        if Person.objects.filter(email=COORDINATION).exists():
            self.stdout.write("La démonstration est déjà chargée : rien ne change.")
            return
        if Person.objects.exists():
            raise CommandError("Cette base contient déjà des comptes : la démonstration se charge sur une base vide.")
        if not date(2017, 4, 10) <= options["date"] <= date(2018, 3, 31):
            raise CommandError("Choisissez une date du 10 avril 2017 au 31 mars 2018.")
        reference = at(options["date"], 9)
        with transaction.atomic():
            first_coordinator()
            self.stdout.write("Le cadre de 2017…")
            acts.load_frame(None, by=SYSTEM, now=at(FRAME_DAY, 9), frame=frame.read(frame.GIRONDE_2017))
            self.stdout.write("La vie des groupes…")
            events = play(reference)
        self._set_clock(reference)
        self.stdout.write(f"{events} événements joués jusqu’au {options['date']:%d/%m/%Y}.")

    def _set_clock(self, reference: datetime) -> None:
        """The demo starts at `reference` and runs from there (config/env.py reads this)."""
        kept = {"reference": reference.isoformat(), "started": timezone.now().isoformat()}
        (settings.DATA_DIR / "demo.json").write_text(json.dumps(kept), encoding="utf-8")
