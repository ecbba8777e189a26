from django.apps import AppConfig


class PactsConfig(AppConfig):
    name = "dialogue.pacts"
    label = "pacts"
