from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dialogue.people"
    label = "people"

    def ready(self) -> None:
        from dialogue.people import letters  # noqa: F401 (the kinds of letters are known before any is sent)
