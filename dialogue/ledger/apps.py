from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "dialogue.ledger"
    label = "ledger"
