from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "dialogue.meetings"
    label = "meetings"

    def ready(self) -> None:
        """The group's space, in the room below, shows meetings and tells acts that it does not import."""
        from dialogue.chantiers import history, pages
        from dialogue.meetings.exports import lines_of
        from dialogue.meetings.sentences import SENTENCES

        pages.meeting_sources.append(lines_of)
        history.sentences.update(SENTENCES)
