from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "dialogue.discussion"
    label = "discussion"

    def ready(self) -> None:
        """The space shows the talk; merged organisations speak under their new name; people take their messages away."""
        from dialogue.chantiers import history, pages
        from dialogue.discussion import letters as _letters  # noqa: F401  (declares the kinds)
        from dialogue.discussion import pages_roadmap, subjects
        from dialogue.discussion.acts import on_merge
        from dialogue.discussion.exports import personal_data
        from dialogue.discussion.pages import space_block
        from dialogue.discussion.sentences import SENTENCES
        from dialogue.discussion.stages import Subject
        from dialogue.people import hooks

        history.sentences.update(SENTENCES)
        pages.blocks.append(space_block)
        pages.roadmap_blocks.append(pages_roadmap.roadmap_block)
        subjects.register(Subject.ROADMAP, pages_roadmap.ROADMAP)
        subjects.register(Subject.DELIVERABLE, pages_roadmap.DELIVERABLE)
        hooks.on_merge.append(on_merge)
        hooks.exporters.append(personal_data)
