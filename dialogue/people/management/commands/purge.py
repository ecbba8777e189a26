"""`manage.py purge [--dry-run]`: apply docs/retention.yaml now, or only say what it would do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dialogue.ledger import clock
from dialogue.people import retention

SAID = {
    "unproven_signup": "inscription dont l’adresse n’a pas été vérifiée : fermée",
    "refused_signup": "inscription refusée : fermée",
    "waiting_reminder": "demande sans réponse : la coordination est relancée",
    "inactive_warning": "compte inutilisé : prévenu",
    "inactive_account": "compte inutilisé : fermé",
}


class Command(BaseCommand):
    help = "Applique les durées de conservation (docs/retention.yaml)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien changer")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        now = clock.now()
        found = list(retention.due(now)) if dry_run else retention.apply(now)
        for item in found:
            until = f" (fermeture le {item.closing_on:%d/%m/%Y})" if item.closing_on else ""
            self.stdout.write(f"compte {item.person.pk} : {SAID[item.reason]}{until}")
        self.stdout.write(f"{len(found)} compte(s) {'concerné(s), rien n’est changé' if dry_run else 'traité(s)'}")
        if not dry_run:
            retention.forget_sessions()
