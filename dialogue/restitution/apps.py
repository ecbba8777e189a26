from django.apps import AppConfig


class RestitutionConfig(AppConfig):
    name = "dialogue.restitution"
    label = "restitution"
