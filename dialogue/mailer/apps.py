from django.apps import AppConfig


class MailerConfig(AppConfig):
    name = "dialogue.mailer"
    label = "mailer"
