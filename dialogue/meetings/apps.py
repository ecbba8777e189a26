from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "dialogue.meetings"
    label = "meetings"

    def ready(self) -> None:
        """The group's space, in the room below, shows meetings, decisions and what waits; it tells acts that it does not import."""
        from dialogue.chantiers import history, pages
        from dialogue.discussion import subjects
        from dialogue.discussion.stages import Subject
        from dialogue.documents.pages import use_sources
        from dialogue.meetings.acts.agenda import remark_settled
        from dialogue.meetings.acts.attendance import on_merge
        from dialogue.meetings.exports import lines_of, minutes_are_closed, personal_data
        from dialogue.meetings.letters import registers as _registers  # noqa: F401  (declares the kinds)
        from dialogue.meetings.letters.minutes import page_of
        from dialogue.meetings.pages import decisions_block, document_uses, next_block, todo_of
        from dialogue.meetings.sentences import SENTENCES
        from dialogue.people import hooks

        pages.meeting_sources.append(lines_of)
        pages.blocks += [next_block, decisions_block]
        pages.todo_sources.append(todo_of)
        use_sources.append(document_uses)
        history.sentences.update(SENTENCES)
        subjects.register(
            Subject.MINUTES,
            subjects.Room(
                url=lambda thread: page_of(thread.minutes),
                closed=minutes_are_closed,
                settled=remark_settled,
                related=("minutes__meeting__chantier", "minutes__chantier"),
            ),
        )
        hooks.on_merge.append(on_merge)
        hooks.exporters.append(personal_data)
