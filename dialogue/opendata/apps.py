from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "dialogue.opendata"
    label = "opendata"

    def ready(self) -> None:
        """Whoever leaves has no token any more, and takes away the list of theirs."""
        from dialogue.opendata import exports
        from dialogue.opendata.acts import on_leaving
        from dialogue.people import hooks

        hooks.on_leaving.append(on_leaving)
        hooks.exporters.append(exports.personal_data)
