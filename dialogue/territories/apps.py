from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "dialogue.territories"
    label = "territories"

    def ready(self) -> None:
        """Letters are signed with the name of the site."""
        from dialogue.mailer.message import site_name
        from dialogue.territories.models import Department

        def name() -> str:
            return Department.objects.values_list("site_name", flat=True).first() or site_name[0]()

        site_name.append(name)
