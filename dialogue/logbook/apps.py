from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "dialogue.logbook"
    label = "logbook"

    def ready(self) -> None:
        """The space shows what was gathered; whoever leaves is named nowhere."""
        from dialogue.chantiers import history
        from dialogue.chantiers import pages as space_pages
        from dialogue.logbook import letters as _letters  # noqa: F401  (declares the kinds)
        from dialogue.logbook.acts.editors import forget
        from dialogue.logbook.exports import personal_data
        from dialogue.logbook.pages import space_block
        from dialogue.logbook.sentences import SENTENCES
        from dialogue.people import hooks

        history.sentences.update(SENTENCES)
        space_pages.blocks.append(space_block)
        hooks.exporters.append(personal_data)
        hooks.on_leaving.append(forget)
