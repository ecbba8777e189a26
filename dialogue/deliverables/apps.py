from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "dialogue.deliverables"
    label = "deliverables"
