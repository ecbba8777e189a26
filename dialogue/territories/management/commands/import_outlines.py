"""manage.py import_outlines FILE.geojson: the outlines of the territories (docs/frame.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.ledger.clock import now
from dialogue.territories import acts, outlines


class Command(BaseCommand):
    help = "Importe les contours des territoires depuis un fichier GeoJSON (docs/frame.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="le fichier GeoJSON, en degrés (WGS 84)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            changed = acts.import_outlines(None, by=SYSTEM, now=now(), document=outlines.read(path), file=path.name)
        except acts.NothingToChange as nothing:
            self.stdout.write(str(nothing))
        except Refused as refused:
            raise CommandError("\n".join(["Rien n’est importé.", *map(str, refused.reasons)])) from refused
        else:
            self.stdout.write(f"{changed} contours importés.")
