"""`manage.py import_platform FILE [--check]`: an archive read back into an empty installation, or compared with this one."""

from __future__ import annotations

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dialogue.archive.restore import CannotRestore, compare, manifest_of, restore


class Command(BaseCommand):
    help = "Relit une archive de la plateforme dans une installation vide ; avec --check, compare sans rien écrire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="l’archive écrite par export_platform")
        parser.add_argument("--check", action="store_true", help="compare l’archive à cette installation, sans rien écrire")

    def handle(self, *_args: Any, file: Path, check: bool, **_options: Any) -> None:
        try:
            if check:
                self._check(file)
                return
            manifest = restore(file)
        except CannotRestore as problem:
            raise CommandError(str(problem)) from problem
        call_command("index_search", verbosity=0)
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Identique à l’archive : {len(manifest['tables'])} tables, {rows} lignes, {len(manifest['files'])} fichiers."
        )
        self.stdout.write("Reprenez aussi la clé SECRET_KEY : sans elle, les liens déjà envoyés par courriel ne s’ouvrent plus.")

    def _check(self, file: Path) -> None:
        try:
            archive = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as problem:
            raise CannotRestore("Ce fichier ne s’ouvre pas : ce n’est pas une archive ZIP, ou elle est abîmée.") from problem
        with archive:
            differences = compare(manifest_of(archive))
        for difference in differences:
            self.stdout.write(difference)
        if differences:
            raise CannotRestore(f"{len(differences)} différence(s) entre l’archive et cette installation.")
        self.stdout.write("Identique à l’archive.")
