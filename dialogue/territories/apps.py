from __future__ import annotations

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "dialogue.territories"
    label = "territories"

    def ready(self) -> None:
        """Letters are written in the name of the Département."""
        from dialogue.mailer import sender
        from dialogue.territories.models import Department

        def source() -> sender.Sender | None:
            row = Department.objects.first()
            return row and sender.Sender(row.site_name, row.tagline, row.contact_service, row.contact_email)

        sender.register(source)
