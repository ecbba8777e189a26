"""Who may read what a group says, keeps and decides (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.chantiers.models import Chantier
from dialogue.discussion.models import Comment, FormerText, Thread
from dialogue.documents.models import Document, Version
from dialogue.meetings.models import (
    Action,
    AgendaItem,
    Answer,
    Attendance,
    Decision,
    Material,
    Meeting,
    Minutes,
    MinutesVersion,
    NotesConflict,
    Poll,
    PollInvitee,
)
from dialogue.meetings.stages import OUT
from dialogue.people.stages import Circle

#: Never shown: "model.field" → why.
MACHINE = {
    "discussion.comment.passage_key": "a key",
    "documents.version.content_type": "a code",
    "documents.version.sha256": "a hash",
    "documents.words.text": "what the search looks in; the file itself is behind its door",
    "mailer.letter.calendar": "part of a mail that was sent",
    "mailer.letter.calendar_method": "a code",
    "meetings.minutesversion.sha256": "a hash",
    "meetings.pollinvitee.nonce": "half of a secret address",
    "meetings.pollinvitee.token_hash": "a hash",
    "mailer.letter.answers": "a header",
    "mailer.softbounce": "what counts refusals; the address itself is on the page of suspensions",
}
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(
    chantier: Chantier,
    *,
    group: frozenset[str],
    answerers: frozenset[str],
    by_circle: dict[Circle, frozenset[str]],
    readers: frozenset[str],
) -> Iterator[Rule]:
    """(row, fields, who may read them)."""
    for thread in Thread.objects.filter(chantier=chantier):
        yield thread, ("title",), group
    for comment in Comment.objects.filter(thread__chantier=chantier):
        # A hidden text is for those who moderate; its author takes it away with the rest of their data.
        author = frozenset({"member"}) & group
        yield comment, ("text", "folded", "passage_text"), answerers | author if comment.hidden_at else group
        yield comment, (("hidden_motive",) if comment.hidden_at else ()), group
        yield comment, (("outcome_reason",) if comment.outcome_reason else ()), group
    for former in FormerText.objects.filter(comment__thread__chantier=chantier):
        yield former, ("text",), group
    for document in Document.objects.filter(chantier=chantier):
        allowed = group if document.withdrawn_at else by_circle[Circle(document.circle)] & readers
        yield document, ("title", "description"), allowed
        yield document, (("withdrawn_motive",) if document.withdrawn_at else ()), group
        for version in Version.objects.filter(document=document):
            yield version, ("note",), group
            yield version, ("filename",), group if document.circle == Circle.GROUP else allowed
    yield from _meetings(chantier, group, by_circle, readers)


def _meetings(
    chantier: Chantier, group: frozenset[str], by_circle: dict[Circle, frozenset[str]], readers: frozenset[str]
) -> Iterator[Rule]:
    for meeting in Meeting.objects.filter(chantier=chantier):
        yield meeting, ("place", "online_url", "introduction"), group
        minutes = Minutes.objects.filter(meeting=meeting).first()
        is_out = minutes is not None and minutes.stage in OUT
        allowed = by_circle[Circle(minutes.circle)] & readers if minutes is not None and is_out else group
        for decision in Decision.objects.filter(meeting=meeting):
            yield decision, ("text", "agreement", "follow_up", "state_note"), allowed
        for action in Action.objects.filter(meeting=meeting):
            yield action, ("text", "owner_text"), allowed
            yield action, (("done_note",) if action.done_on else ()), allowed
            yield action, (("dropped_motive",) if action.dropped_motive else ()), allowed
        for version in MinutesVersion.objects.filter(minutes=minutes) if minutes else ():
            yield version, ("content", "change_note"), allowed if version.published_at else group
    inside = {"meeting__chantier": chantier}
    for model, fields, where in (
        (AgendaItem, ("title", "notes"), inside),
        (NotesConflict, ("text",), {"item__meeting__chantier": chantier}),
        (Answer, ("replaced_by", "comment"), inside),
        (Attendance, ("people", "represented_by_name"), inside),
        (Material, ("text", "credit", "alternative"), inside),
        (Poll, ("message",), inside),
        (PollInvitee, ("email", "name", "comment"), {"poll__meeting__chantier": chantier}),
    ):
        for row in model._base_manager.filter(**where):
            yield row, fields, group
