from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "dialogue.inbox"
    label = "inbox"
