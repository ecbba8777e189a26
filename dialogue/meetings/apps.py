from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "dialogue.meetings"
    label = "meetings"
