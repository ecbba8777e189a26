from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "dialogue.opendata"
    label = "opendata"
