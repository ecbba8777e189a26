from django.apps import AppConfig


class ProConnectConfig(AppConfig):
    name = "dialogue.people.proconnect"
    label = "proconnect"
