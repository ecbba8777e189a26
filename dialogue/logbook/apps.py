from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "dialogue.logbook"
    label = "logbook"
