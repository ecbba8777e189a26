from __future__ import annotations

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "dialogue.contributions"
    label = "contributions"

    def ready(self) -> None:
        """Authors stop our letters; they take away what they wrote; merged organisations keep what theirs said."""
        from dialogue.contributions.letters import news
        from dialogue.mailer import spaces, unsubscribing

        spaces.register("contribution", news.names_of)
        unsubscribing.for_addresses.append(news.stop_address)
