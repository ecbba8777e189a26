from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "dialogue.archive"
    label = "archive"
