from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "dialogue.evaluation"
    label = "evaluation"
