from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "dialogue.deliverables"
    label = "deliverables"

    def ready(self) -> None:
        """The roadmap leads to the pages of its deliverables, the space shows them, contributions lead to the results; merged
        organisations have spoken under their new name; people take their opinions away."""
        from dialogue.chantiers import audience, history, provenance
        from dialogue.chantiers import pages as space_pages
        from dialogue.chantiers.letters import contributions as author_news
        from dialogue.deliverables import letters, pages
        from dialogue.deliverables.acts.preparing import on_merge
        from dialogue.deliverables.exports import personal_data
        from dialogue.deliverables.sentences import SENTENCES
        from dialogue.documents import pages as document_pages
        from dialogue.people import hooks

        history.sentences.update(SENTENCES)
        space_pages.deliverable_doors.append(pages.door)
        space_pages.blocks.append(pages.space_block)
        space_pages.todo_sources.append(pages.to_agree)
        provenance.result_sources.append(pages.results_of)
        document_pages.use_sources.append(pages.uses_of)
        author_news.tellers[letters.RESULT] = letters.said_of_result
        audience.NEWS.append("deliverables.published")
        hooks.on_merge.append(on_merge)
        hooks.exporters.append(personal_data)
