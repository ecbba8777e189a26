from django.apps import AppConfig


class RestitutionConfig(AppConfig):
    name = "dialogue.restitution"
    label = "restitution"

    def ready(self) -> None:
        """Progress points tell what the rooms below have published and proposed."""
        from dialogue.restitution import blocks, facts

        facts.sources += [blocks.results, blocks.propositions]
