"""manage.py load_frame FILE: loads the frame of a Département (docs/frame.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import now
from dialogue.territories import acts, frame

LABELS = {
    "department": "Département",
    "territories": "territoires",
    "communes": "communes",
    "themes": "thèmes",
    "dates": "dates",
    "priorities": "enjeux prioritaires",
    "chantiers": "chantiers",
}


class Command(BaseCommand):
    help = "Charge le cadre d’un Département : territoires, communes, thèmes, calendrier, chantiers (docs/frame.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default=str(frame.GIRONDE_2017), help="le fichier du cadre (JSON)")
        parser.add_argument("--check", action="store_true", help="vérifie le fichier sans rien charger")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = frame.read(options["file"])
            if options["check"]:
                self.stdout.write(f"{found.file} : aucune erreur.")
                return
            report = acts.load_frame(None, by=SYSTEM, now=now(), frame=found)
        except acts.NothingToChange as nothing:
            self.stdout.write(str(nothing))
        except Refused as refused:
            raise CommandError("\n".join(["Rien n’est chargé.", *map(str, refused.reasons)])) from refused
        else:
            self._tell(report)

    def _tell(self, report: acts.Report) -> None:
        for section, label in LABELS.items():
            created, changed = report.created.get(section, 0), report.changed.get(section, 0)
            if section == "chantiers" and changed:
                self.stdout.write(f"{label} : {changed}")
            elif created or changed:
                self.stdout.write(f"{label} : {created} nouveaux, {changed} modifiés")
            for name in report.kept.get(section, []):
                self.stdout.write(f"{label} : gardé, absent du fichier : {name}")
