from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dialogue.people"
    label = "people"
