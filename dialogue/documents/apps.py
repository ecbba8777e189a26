from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "dialogue.documents"
    label = "documents"
