from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "dialogue.documents"
    label = "documents"

    def ready(self) -> None:
        """The space shows documents; messages carry them; remarks on a document lead to it."""
        from dialogue.chantiers import history
        from dialogue.chantiers import pages as space_pages
        from dialogue.discussion import pages as talk
        from dialogue.discussion import subjects
        from dialogue.discussion.stages import Subject
        from dialogue.documents import checks as _checks  # noqa: F401  (declares the check)
        from dialogue.documents import letters as _letters  # noqa: F401  (declares the kinds)
        from dialogue.documents.acts import take_files
        from dialogue.documents.exports import personal_data
        from dialogue.documents.pages import attached_to, shared_block, space_block, url_of
        from dialogue.documents.sentences import SENTENCES
        from dialogue.people import hooks

        history.sentences.update(SENTENCES)
        space_pages.blocks += [space_block, shared_block]
        talk.attachment_sources.append(attached_to)
        talk.attachment_takers.append(take_files)
        subjects.register(Subject.DOCUMENT, subjects.Room(url=lambda thread: url_of(thread.document), related=("document__chantier",)))
        hooks.exporters.append(personal_data)
