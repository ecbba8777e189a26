from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "dialogue.assembly"
    label = "assembly"
