from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dialogue.ui"
    label = "ui"
