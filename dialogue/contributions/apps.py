from __future__ import annotations

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "dialogue.contributions"
    label = "contributions"

    def ready(self) -> None:
        """Authors stop our letters; they take away what they wrote; merged organisations keep what theirs said; those of an
        import may be told."""
        from dialogue.contributions import exports_deposit as exports
        from dialogue.contributions.acts import imports_run
        from dialogue.contributions.letters import deposit as letters
        from dialogue.contributions.letters import news
        from dialogue.mailer import spaces, unsubscribing
        from dialogue.people import hooks

        spaces.register("contribution", news.names_of)
        unsubscribing.for_addresses.append(news.stop_address)
        hooks.exporters.append(exports.personal_data)
        hooks.on_leaving.append(exports.on_leaving)
        hooks.on_merge.append(exports.on_merge)
        hooks.merge_previews.append(exports.merge_preview)
        imports_run.acknowledgers.append(lambda row, now: letters.acknowledge(row, now=now))
