from django.apps import AppConfig


class MailerConfig(AppConfig):
    name = "dialogue.mailer"
    label = "mailer"

    def ready(self) -> None:
        # The kind of the weekly summary is declared where the summary is written.
        from dialogue.mailer import digest  # noqa: F401
