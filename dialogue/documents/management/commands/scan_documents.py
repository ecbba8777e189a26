"""`manage.py scan_documents`: ask the antivirus (setting CLAMAV) about the documents that came before there was one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dialogue.documents import tasks
from dialogue.documents.stages import Scan
from dialogue.files import antivirus


class Command(BaseCommand):
    help = "Fait vérifier les documents qu’aucun antivirus n’a vus. Peut être relancé."

    def handle(self, *args: Any, **options: Any) -> None:
        if not antivirus.is_set():
            raise CommandError("Aucun antivirus n’est réglé : voir CLAMAV dans docs/operations.md.")
        found = tasks.scan_unchecked()
        self.stdout.write(f"{found[Scan.CLEAN]} sains, {found[Scan.INFECTED]} refusés, {found[Scan.UNCHECKED]} sans réponse.")
