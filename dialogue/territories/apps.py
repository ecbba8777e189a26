from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "dialogue.territories"
    label = "territories"
