from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "dialogue.inbox"
    label = "inbox"

    def ready(self) -> None:
        """The worker sorts what came in; spaces and the coordination's navigation say what waits; people take their mails away."""
        from dialogue.chantiers import history
        from dialogue.chantiers import pages as space_pages
        from dialogue.inbox import letters as _letters  # noqa: F401  (declares the kinds)
        from dialogue.inbox import sorting
        from dialogue.inbox.exports import on_leaving, personal_data
        from dialogue.inbox.pages import nav_count, space_block, todo
        from dialogue.inbox.sentences import SENTENCES
        from dialogue.mailer import worker
        from dialogue.people import hooks
        from dialogue.ui.templatetags.ui import nav_counts

        history.sentences.update(SENTENCES)
        space_pages.todo_sources.append(todo)
        space_pages.blocks.append(space_block)
        worker.beside.append(sorting.sort_due)
        nav_counts["inbox"] = nav_count
        hooks.exporters.append(personal_data)
        hooks.on_leaving.append(on_leaving)
