from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "dialogue.discussion"
    label = "discussion"
