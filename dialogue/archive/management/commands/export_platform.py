"""`manage.py export_platform FILE`: the whole platform in one archive of open formats."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dialogue.archive.export import export
from dialogue.ledger import clock


class Command(BaseCommand):
    help = "Écrit toute la plateforme (tables et fichiers) dans une archive ZIP de formats ouverts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="l’archive à écrire, par exemple sauvegarde-2018.zip")
        parser.add_argument("--force", action="store_true", help="remplace l’archive si elle existe")

    def handle(self, *_args: Any, file: Path, force: bool, **_options: Any) -> None:
        if file.exists() and not force:
            raise CommandError(f"{file} existe déjà : choisissez un autre nom, ou ajoutez --force.")
        if not file.parent.is_dir():
            raise CommandError(f"Le dossier {file.parent} n’existe pas.")
        manifest = export(file, now=clock.now())
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{len(manifest['tables'])} tables, {rows} lignes, {len(manifest['files'])} fichiers : {file} ({file.stat().st_size} octets)."
        )
        self.stdout.write("Cette archive contient des données personnelles et des moyens de connexion : gardez-la en lieu sûr.")
        if manifest["missing"]:
            raise CommandError("Fichiers introuvables, nommés dans le manifeste : " + ", ".join(manifest["missing"]))
