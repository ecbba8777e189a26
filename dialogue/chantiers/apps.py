from django.apps import AppConfig


class ChantiersConfig(AppConfig):
    name = "dialogue.chantiers"
    label = "chantiers"
