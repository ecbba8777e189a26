"""What is captured in session: notes, decisions, actions, material for the carnet. Nothing typed is ever lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from dialogue.language.merge import merge
from dialogue.ledger.acts import Refused, act
from dialogue.meetings import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.meetings.acts.agenda import touch
from dialogue.meetings.acts.registers import (  # noqa: F401  (callers find what concerns lines in one place)
    complete_action,
    drop_action,
    remind_action,
    reopen_action,
    settle_decision,
)
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, Minutes, NotesConflict
from dialogue.meetings.stages import ItemState, MaterialKind, MeetingStage, MinutesStage

LONGEST_NOTES = 50_000
TRIES = 5
#: Where a meeting keeps the highest number that was removed: a number is never given twice.
REMOVED: dict[Any, str] = {Decision: "removed_decision", Action: "removed_action"}


@dataclass(frozen=True)
class Saved:
    """What became of notes: `text` as it stands and its `revision`; `merged` with someone else's, or a `conflict` kept beside."""

    text: str
    revision: int
    merged: bool = False
    conflict: NotesConflict | None = None


def is_writable(meeting: Meeting) -> str | None:
    """A sentence, when the notes of the meeting are no longer (or not yet) taken."""
    if meeting.stage not in {MeetingStage.CONVENED, MeetingStage.IN_SESSION, MeetingStage.HELD}:
        return _("Les notes se prennent de la convocation à la clôture de la séance.")
    if Minutes.objects.filter(meeting_id=meeting.pk).exclude(stage=MinutesStage.DRAFTING).exists():
        return _("Le compte-rendu est parti en relecture : faites une remarque, ou demandez qu’il revienne au brouillon.")
    return None


def _writable(meeting: Meeting) -> None:
    if reason := is_writable(meeting):
        raise Refused(reason)


@act("meetings.save_notes")
def save_notes(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    text: str,
    revision: int,
    base: str | None = None,
    client_key: uuid.UUID | None = None,
) -> Saved:
    """The notes of an item, written from its `revision`, whose text was `base`.

    When someone else wrote meanwhile, both texts are put together if they touch different lines; if not, this one is kept
    beside as a conflict until a person has joined them. A save whose answer was lost is sent again under the same `client_key`,
    perhaps with more text: what it wrote the first time is then what this text was written from.
    """
    _writable(item.meeting)
    # Browsers send every line end as CRLF, in forms and in scripts alike.
    text = _lines_of(text)
    base = None if base is None else _lines_of(base)
    if len(text) > LONGEST_NOTES:
        raise Refused(_("Ces notes sont trop longues : joignez un document."))
    if client_key and (known := NotesConflict.objects.filter(client_key=client_key).first()):
        item.refresh_from_db()
        return Saved(item.notes, item.revision, conflict=known)
    for _try in range(TRIES):
        item.refresh_from_db()
        if text == item.notes:
            return Saved(item.notes, item.revision)
        joined = _joined(item, by, text, revision, base, client_key)
        if joined is None:
            return _kept_beside(item, by=by, now=now, text=text, revision=revision, client_key=client_key)
        rows = AgendaItem.objects.filter(pk=item.pk, revision=item.revision)
        if len(joined) <= LONGEST_NOTES and rows.update(
            notes=joined, revision=item.revision + 1, edited_by_id=by.pk, edited_at=now, saved_key=client_key
        ):
            touch(item.meeting)
            item.refresh_from_db()
            return Saved(item.notes, item.revision, merged=joined != text)
    return _kept_beside(item, by=by, now=now, text=text, revision=revision, client_key=client_key)


def _joined(item: AgendaItem, by: Any, text: str, revision: int, base: str | None, client_key: uuid.UUID | None) -> str | None:
    """What stands once `text` is written: alone when it follows what stands, with another's change; None when both touch one line."""
    arrived = client_key is not None and item.saved_key == client_key and item.edited_by_id == by.pk
    if arrived or revision == item.revision:
        return text
    return merge(base, text, item.notes) if base is not None else None


def _lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _kept_beside(item: AgendaItem, *, by: Any, now: datetime, text: str, revision: int, client_key: uuid.UUID | None) -> Saved:
    """One conflict a person and an item: typing on replaces one's own text, never another's."""
    mine = NotesConflict.objects.filter(item=item, by_id=by.pk, resolved_at=None, base_revision=revision).first()
    if mine is not None:
        NotesConflict.objects.filter(pk=mine.pk).update(text=text, at=now)
        mine.refresh_from_db()
    else:
        mine = NotesConflict.objects.create(
            item=item,
            text=text,
            base_revision=min(revision, item.revision),
            by_id=by.pk,
            at=now,
            client_key=client_key or uuid.uuid4(),
        )
    touch(item.meeting)
    return Saved(item.notes, item.revision, conflict=mine)


@act("meetings.resolve_conflict")
def resolve_conflict(conflict: NotesConflict, *, by: Any, now: datetime, text: str, revision: int) -> Saved:
    """A person has put both texts together. Raises Refused when the notes changed again meanwhile: nothing is overwritten."""
    item = conflict.item
    _writable(item.meeting)
    if conflict.resolved_at is not None:
        raise Refused(_("Quelqu’un a déjà réuni ces deux textes : relisez les notes."))
    text = _lines_of(text)
    if len(text) > LONGEST_NOTES:
        raise Refused(_("Ces notes sont trop longues : joignez un document."))
    rows = AgendaItem.objects.filter(pk=item.pk, revision=revision)
    if rows.update(notes=text, revision=revision + 1, edited_by_id=by.pk, edited_at=now) != 1:
        raise Refused(_("Les notes ont changé entre-temps : réunissez de nouveau les deux textes."))
    NotesConflict.objects.filter(pk=conflict.pk).update(resolved_at=now, resolved_by_id=by.pk)
    touch(item.meeting)
    item.refresh_from_db()
    return Saved(item.notes, item.revision)


@act("meetings.mark_item", record=("state",))
def mark_item(item: AgendaItem, *, by: Any, now: datetime, state: ItemState) -> None:
    """Treated, to come, or left for the next meeting."""
    _writable(item.meeting)
    AgendaItem.objects.filter(pk=item.pk).update(state=state)
    item.refresh_from_db()
    touch(item.meeting)


def _numbered(model: Any, meeting: Meeting, by: Any, now: datetime, client_key: uuid.UUID | None, **fields: Any) -> Any:
    """A row with the next number of the chantier: for life, and never twice (of two at once, one takes the next)."""
    if client_key and (known := model.objects.filter(client_key=client_key).first()):
        return known
    for _try in range(TRIES):
        last = _last_number(model, meeting.chantier_id)
        try:
            with transaction.atomic():
                row = model.objects.create(
                    chantier_id=meeting.chantier_id,
                    meeting=meeting,
                    number=last + 1,
                    by_id=by.pk,
                    at=now,
                    client_key=client_key or uuid.uuid4(),
                    **fields,
                )
        except IntegrityError:
            if client_key and (known := model.objects.filter(client_key=client_key).first()):
                return known
            continue
        touch(meeting)
        return row
    raise Refused(_("Plusieurs personnes écrivent en même temps : recommencez."))


def _last_number(model: Any, chantier_id: int) -> int:
    """The highest number ever given, those of removed lines included. Lines first: one removed meanwhile is then in the second."""
    standing = model.objects.filter(chantier_id=chantier_id).aggregate(last=Max("number"))["last"] or 0
    removed = Meeting.objects.filter(chantier_id=chantier_id).aggregate(last=Max(REMOVED[model]))["last"] or 0
    return max(standing, removed)


def _sentence(text: str) -> str:
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        raise Refused(_("Écrivez une phrase complète."))
    if len(text) > 600:  # noqa: PLR2004  the column's
        raise Refused(_("Une phrase tient en six cents caractères : gardez le détail dans les notes."))
    return text


def _of(meeting: Meeting, item: AgendaItem | None) -> None:
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused(_("Ce point est d’une autre séance."))


@act("meetings.add_decision", creates=True)
def add_decision(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    text: str,
    item: AgendaItem | None = None,
    agreement: str = "",
    follow_up: str = "",
    client_key: uuid.UUID | None = None,
) -> Decision:
    """D1, D2…: a sentence that can be read alone in three years."""
    _writable(meeting)
    _of(meeting, item)
    fields = {"text": _sentence(text), "item": item, "agreement": agreement.strip()[:200], "follow_up": follow_up.strip()[:200]}
    return _numbered(Decision, meeting, by, now, client_key, **fields)


@act("meetings.add_action", creates=True, record=("due_on",))
def add_action(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    text: str,
    item: AgendaItem | None = None,
    owner: Any = None,
    owner_text: str = "",
    due_on: date | None = None,
    client_key: uuid.UUID | None = None,
) -> Action:
    """A1, A2…: who does what by when."""
    _writable(meeting)
    _of(meeting, item)
    fields = {"text": _sentence(text), "item": item, "owner": owner, "owner_text": owner_text.strip()[:200], "due_on": due_on}
    return _numbered(Action, meeting, by, now, client_key, **fields)


def _edit(row: Any, **fields: Any) -> None:
    _writable(row.meeting)
    type(row)._base_manager.filter(pk=row.pk).update(revision=row.revision + 1, **fields)
    row.refresh_from_db()
    touch(row.meeting)


@act("meetings.edit_decision")
def edit_decision(decision: Decision, *, by: Any, now: datetime, text: str, agreement: str = "", follow_up: str = "") -> None:
    _edit(decision, text=_sentence(text), agreement=agreement.strip()[:200], follow_up=follow_up.strip()[:200])


@act("meetings.edit_action")
def edit_action(
    action: Action, *, by: Any, now: datetime, text: str, owner: Any = None, owner_text: str = "", due_on: date | None = None
) -> None:
    _edit(action, text=_sentence(text), owner=owner, owner_text=owner_text.strip()[:200], due_on=due_on)


def _remove(row: Any) -> None:
    _writable(row.meeting)
    meeting, field = row.meeting, REMOVED[type(row)]
    Meeting.objects.filter(pk=meeting.pk).update(**{field: Greatest(field, row.number)})
    type(row)._base_manager.filter(pk=row.pk).delete()
    touch(meeting)


@act("meetings.remove_decision")
def remove_decision(decision: Decision, *, by: Any, now: datetime) -> None:
    """Captured by mistake, before anyone was sent the minutes."""
    _remove(decision)


@act("meetings.remove_action")
def remove_action(action: Action, *, by: Any, now: datetime) -> None:
    _remove(action)


@act("meetings.add_material", creates=True, record=("kind",))
def add_material(
    meeting: Meeting,
    *,
    by: Any,
    now: datetime,
    kind: MaterialKind,
    text: str = "",
    item: AgendaItem | None = None,
    credit: str = "",
    consent: bool = False,
    document: Any = None,
    alternative: str = "",
    client_key: uuid.UUID | None = None,
) -> Material:
    """For the carnet de voyage. A word quoted wants its author's consent; a photo, that of those one recognises, and a description."""
    if meeting.stage in {MeetingStage.DRAFT, MeetingStage.POLL, MeetingStage.CANCELLED, MeetingStage.POSTPONED}:
        raise Refused(_("Le carnet se nourrit pendant la séance, ou après elle."))
    if client_key and (known := Material.objects.filter(client_key=client_key).first()):
        return known
    text = text.replace("\x00", "").strip()[:2000]
    if not text and document is None:
        raise Refused(_("Écrivez quelques mots, ou ajoutez une photo."))
    if document is not None and not alternative.strip():
        raise Refused(_("Décrivez en une phrase ce que l’on voit : la photo doit se lire sans les yeux."))
    _of(meeting, item)
    row = Material.objects.create(
        meeting=meeting,
        item=item,
        kind=kind,
        text=text,
        credit=credit.strip()[:200],
        consent=consent,
        document=document,
        alternative=alternative.strip()[:300],
        by_id=by.pk,
        at=now,
        client_key=client_key or uuid.uuid4(),
    )
    Meeting.objects.filter(pk=meeting.pk).update(without_material=False)
    touch(meeting)
    return row


@act("meetings.edit_material")
def edit_material(
    material: Material, *, by: Any, now: datetime, text: str = "", credit: str = "", consent: bool = False, alternative: str = ""
) -> None:
    """Until the meeting is closed: a word mended, an agreement that came."""
    if material.meeting.stage == MeetingStage.CLOSED:
        raise Refused(_("La séance est close."))
    text = text.replace("\x00", "").strip()[:2000]
    if material.document_id is None and not text:
        raise Refused(_("Écrivez quelques mots, ou retirez cette ligne."))
    if material.document_id is not None and not alternative.strip():
        raise Refused(_("Décrivez en une phrase ce que l’on voit : la photo doit se lire sans les yeux."))
    Material.objects.filter(pk=material.pk).update(
        text=text, credit=credit.strip()[:200], consent=consent, alternative=alternative.strip()[:300]
    )
    material.refresh_from_db()
    touch(material.meeting)


@act("meetings.remove_material")
def remove_material(material: Material, *, by: Any, now: datetime) -> None:
    """Until the meeting is closed."""
    if material.meeting.stage == MeetingStage.CLOSED:
        raise Refused(_("La séance est close."))
    meeting = material.meeting
    Material.objects.filter(pk=material.pk).delete()
    touch(meeting)


@act("meetings.declare_without_material")
def declare_without_material(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """« Néant » : nothing was gathered for the carnet, and someone says so."""
    if meeting.materials.exists():
        raise Refused(_("Du matériau a été recueilli pour cette séance."))
    Meeting.objects.filter(pk=meeting.pk).update(without_material=True)
    meeting.refresh_from_db()


# Closing ----------------------------------------------------------------------------------------------------------


def attendance_is_noted(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    rows = list(meeting.attendances.values_list("presence", flat=True))
    if not any(rows):
        return _("La présence n’est notée pour aucun organisme.")
    missing = sum(not presence for presence in rows)
    return _("La présence reste à noter pour %(n)d organismes.") % {"n": missing} if missing else None


def minutes_are_published(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    minutes = Minutes.objects.filter(meeting=meeting).first()
    published = minutes is not None and minutes.stage in {MinutesStage.PUBLISHED, MinutesStage.RECTIFIED}
    return None if published else _("Le compte-rendu n’est pas encore publié.")


def carnet_is_fed(meeting: Meeting, *, by: Any, now: datetime) -> str | None:
    if meeting.without_material or meeting.materials.exists():
        return None
    return _("Rien n’est recueilli pour le carnet de voyage : ajoutez quelque chose, ou dites « néant ».")


@act(
    "meetings.close_meeting",
    come_from=[MeetingStage.HELD],
    go_to=MeetingStage.CLOSED,
    guards=[attendance_is_noted, minutes_are_published, carnet_is_fed],
)
def close_meeting(meeting: Meeting, *, by: Any, now: datetime) -> None:
    """Attendance, minutes, carnet: the meeting is complete."""
