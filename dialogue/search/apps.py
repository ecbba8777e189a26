from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "dialogue.search"
    label = "search"
