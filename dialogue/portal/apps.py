from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dialogue.portal"
    label = "portal"

    def ready(self) -> None:
        """The search finds the pages that are templates alone."""
        from dialogue.search.kinds import pages

        pages.register("portal:help", "portal/help.html")
        pages.register("portal:process", "portal/process.html")
