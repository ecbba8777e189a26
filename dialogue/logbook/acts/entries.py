"""What is gathered: proposed by a member, taken from a meeting, chosen or not, taken back; agreements that end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.discussion.mentions import members_of
from dialogue.files.judging import Unfit, judge
from dialogue.files.stages import Scan
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.logbook import letters, tasks
from dialogue.logbook import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.logbook.acts.consent import destroy
from dialogue.logbook.models import LogbookEntry, Placement
from dialogue.logbook.models.entry import day_of
from dialogue.logbook.stages import OUT, EntryKind, EntryStage, Treatment
from dialogue.meetings.models import Material
from dialogue.meetings.stages import MeetingStage

SOUNDS = {"mp3", "m4a"}
#: What a form says of an entry; the rest is the platform's.
LENGTHS = {"text": 4000, "figure": 40, "credit": 200, "place": 120, "alternative": 300, "transcript": 8000, "consent_by": 300}


@act("logbook.propose", creates=True, record=("kind", "on"))
def propose(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    kind: EntryKind,
    on: date,
    file: Any = None,
    client_key: uuid.UUID | None = None,
    **words: Any,
) -> LogbookEntry:
    """Something for the carnet, by a member. `words`: text, figure, credit, place, alternative, transcript, consent, consent_by,
    may_name. Sent twice under the same `client_key`, it is written once. Raises Refused with what is missing."""
    if client_key and (known := LogbookEntry.objects.filter(key=client_key, by_id=by.pk, chantier=chantier).first()):
        return known
    names = {person.name.casefold() for person in members_of(chantier)}
    return _kept(chantier, by=by, now=now, kind=kind, on=on, file=file, key=client_key, names=names, words=words)


@act("logbook.write", creates=True, record=("kind", "on"))
def write(
    chantier: Chantier | None, *, by: Any, now: datetime, kind: EntryKind, on: date, file: Any = None, **words: Any
) -> LogbookEntry:
    """By the carnet's own team, of a chantier or of none: chosen at once."""
    entry = _kept(chantier, by=by, now=now, kind=kind, on=on, file=file, key=None, names=set(), words=words)
    LogbookEntry.objects.filter(pk=entry.pk).update(stage=EntryStage.CHOSEN, answered_by_id=by.pk, answered_at=now)
    entry.refresh_from_db()
    return entry


@act("logbook.propose_material", creates=True)
def propose_material(material: Material, *, by: Any, now: datetime) -> LogbookEntry:
    """What was captured in session, with the agreement that was noted there. Once: a second time gives the same entry."""
    if known := LogbookEntry.objects.filter(material=material).first():
        return known
    if material.kind in {EntryKind.PHOTO, EntryKind.VERBATIM, EntryKind.SOUND} and not material.consent:
        raise Refused(_("Il manque l’accord de la personne : notez-le dans la séance, puis recommencez."))
    if material.kind == EntryKind.SOUND:
        raise Refused(_("Un son demande sa transcription : proposez-le avec le formulaire du carnet."))
    words: dict[str, Any] = {
        "text": material.text,
        "credit": material.credit,
        "alternative": material.alternative,
        "consent": material.consent,
        "consent_by": _("Recueilli en séance n° %(n)d") % {"n": material.meeting.number} if material.consent else "",
    }
    chantier, facts = material.meeting.chantier, {"kind": EntryKind(material.kind), "on": day_of(material), "key": None}
    person = material.by if by is SYSTEM else by
    if material.document is None:
        entry = _kept(chantier, by=person, now=now, file=None, names=set(), words=words, **facts)
    else:
        version = material.document.last
        if version.scan == Scan.INFECTED:
            raise Refused(_("L’antivirus a refusé ce fichier."))
        with version.file.open("rb") as file:
            entry = _kept(chantier, by=person, now=now, file=file, names=set(), words=words, **facts)
    LogbookEntry.objects.filter(pk=entry.pk).update(material=material)
    entry.refresh_from_db()
    return entry


def _kept(
    chantier: Chantier | None,
    *,
    by: Any,
    now: datetime,
    kind: EntryKind,
    on: date,
    file: Any,
    key: uuid.UUID | None,
    names: set[str],
    words: dict[str, Any],
) -> LogbookEntry:
    """One row, and its file on the disk before the row is committed. The darkroom takes it from there."""
    fields = _cleaned(words)
    _complete(kind, fields, file, names)
    entry = LogbookEntry(kind=kind, chantier=chantier, on=on, by_id=by.pk, at=now, **fields)
    if key is not None and not LogbookEntry.objects.filter(key=key).exists():
        entry.key = key
    entry.territory = _territory_of(chantier)
    if file is not None:
        _examined(file, kind)
        entry.treatment = Treatment.WAITING
        file.seek(0)
        entry.original.save("", File(file), save=False)
    entry.save()
    if entry.treatment:
        transaction.on_commit(lambda: tasks.prepare.enqueue(entry.pk))
    return entry


def _territory_of(chantier: Chantier | None) -> Any:
    territories = list(chantier.territories.all()[:2]) if chantier else []
    return territories[0] if len(territories) == 1 else None


def _cleaned(words: dict[str, Any]) -> dict[str, Any]:
    """Known words, trimmed to their columns."""
    fields: dict[str, Any] = {name: bool(words.get(name)) for name in ("consent", "may_name")}
    for name, longest in LENGTHS.items():
        fields[name] = str(words.get(name) or "").replace("\x00", "").replace("\r\n", "\n").strip()[:longest]
    return fields


def _complete(kind: EntryKind, fields: dict[str, Any], file: Any, names: set[str]) -> None:
    """Raises Refused with everything that is missing, in one time."""
    missing = []
    if kind in {EntryKind.PHOTO, EntryKind.SOUND} and file is None:
        missing.append(_("Choisissez le fichier."))
    if kind == EntryKind.PHOTO and not fields["alternative"]:
        missing.append(_("Décrivez en une phrase ce que l’on voit : la photo doit se lire sans les yeux."))
    if kind == EntryKind.SOUND and not fields["transcript"]:
        missing.append(_("Écrivez ce que l’on entend : le son doit se lire sans les oreilles."))
    if kind in {EntryKind.PHOTO, EntryKind.SOUND, EntryKind.VERBATIM} and not fields["consent"]:
        missing.append(_("Sans l’accord des personnes, rien ne peut être gardé."))
    if kind not in {EntryKind.PHOTO, EntryKind.SOUND} and not fields["text"]:
        missing.append(_("Écrivez quelques mots."))
    if kind == EntryKind.VERBATIM and not fields["credit"]:
        missing.append(_("Dites qui parle, par un rôle : « une habitante », « un cuisinier »."))
    if fields["credit"].casefold() in names:
        missing.append(_("Écrivez un rôle plutôt qu’un nom : « une habitante », « un cuisinier »."))
    if missing:
        raise Refused(*missing)


def _examined(file: Any, kind: EntryKind) -> None:
    """Judged by its content. Raises Refused."""
    file.seek(0, 2)
    if file.tell() > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // 1_000_000
        raise Refused(_("Ce fichier est trop lourd : %(limit)d Mo au plus.") % {"limit": limit})
    try:
        found = judge(file, getattr(file, "name", "") or "photo")
    except Unfit as problem:
        raise Refused(str(problem)) from None
    if kind == EntryKind.PHOTO and not found.is_image:
        raise Refused(_("Ce fichier n’est pas une photo : choisissez une image JPEG, PNG ou WebP."))
    if kind == EntryKind.SOUND and found.extension not in SOUNDS:
        raise Refused(_("Ce fichier n’est pas un son que tous puissent entendre : choisissez un MP3 ou un M4A."))


@act("logbook.edit_entry", come_from=[EntryStage.PROPOSED, EntryStage.CHOSEN], record=("on",))
def edit_entry(entry: LogbookEntry, *, by: Any, now: datetime, on: date, **words: Any) -> None:
    """A word mended, before it is frozen in an edition: its author until it is chosen, the team until then."""
    if entry.stage == EntryStage.CHOSEN and not choose.allows(by, entry):
        raise Refused(_("L’équipe du carnet a retenu ce texte : demandez-lui de le corriger."))
    fields = _cleaned(
        {name: getattr(entry, name) for name in (*LENGTHS, "consent", "may_name")} | words | {"consent": entry.consent}
    )
    if by.pk != entry.by_id:
        fields["may_name"] = entry.may_name  # one’s own name is one’s own
    _complete(EntryKind(entry.kind), fields, entry.original or entry.treatment or None, set())
    LogbookEntry.objects.filter(pk=entry.pk).update(on=on, **fields)
    entry.refresh_from_db()


def is_published(entry: LogbookEntry) -> bool:
    return Placement.objects.filter(entry=entry, chapter__edition__stage__in=OUT).exists()


def not_published_yet(entry: LogbookEntry, *, by: Any, now: datetime) -> str | None:
    if is_published(entry):
        return _("C’est publié : demandez qu’on le retire des pages, une édition corrigée sera faite.")
    return None


@act(
    "logbook.withdraw",
    come_from=[EntryStage.PROPOSED, EntryStage.CHOSEN, EntryStage.REFUSED],
    go_to=EntryStage.WITHDRAWN,
    guards=[not_published_yet],
)
def withdraw(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """By its author, before it is published: its file is destroyed, whoever agreed is forgotten."""
    Placement.objects.filter(entry=entry).delete()
    destroy(entry)
    LogbookEntry.objects.filter(pk=entry.pk).update(consent_by="", answer="")
    entry.refresh_from_db()


@act("logbook.choose", come_from=[EntryStage.PROPOSED, EntryStage.REFUSED], go_to=EntryStage.CHOSEN)
def choose(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """Kept for an edition; its author is told."""
    LogbookEntry.objects.filter(pk=entry.pk).update(answer="", answered_by_id=by.pk, answered_at=now)
    entry.refresh_from_db()
    letters.tell_answer(entry, by=by, now=now)


@act(
    "logbook.refuse",
    come_from=[EntryStage.PROPOSED, EntryStage.CHOSEN],
    go_to=EntryStage.REFUSED,
    guards=[not_published_yet],
)
def refuse(entry: LogbookEntry, *, by: Any, now: datetime, answer: str) -> None:
    """Not kept, with a word to its author."""
    answer = " ".join(answer.replace("\x00", "").split())[:500]
    if not answer:
        raise Refused(_("Un mot à son auteur : dites pourquoi ce n’est pas retenu."))
    Placement.objects.filter(entry=entry).delete()
    LogbookEntry.objects.filter(pk=entry.pk).update(answer=answer, answered_by_id=by.pk, answered_at=now)
    entry.refresh_from_db()
    letters.tell_answer(entry, by=by, now=now)


@act(
    "logbook.reconsider", come_from=[EntryStage.REFUSED, EntryStage.CHOSEN], go_to=EntryStage.PROPOSED, guards=[not_published_yet]
)
def reconsider(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """Back among those to read: an answer given by mistake. A letter that has not left is taken back."""
    Placement.objects.filter(entry=entry).delete()
    letters.take_back(entry)
    LogbookEntry.objects.filter(pk=entry.pk).update(answer="", answered_by=None, answered_at=None)
    entry.refresh_from_db()


def gather(meetings: Iterable[Any], *, now: datetime) -> int:
    """Takes what closed meetings kept for the carnet, with the agreement it needs (a periodic job). Returns how many."""
    rows = Material.objects.filter(meeting__in=meetings, meeting__stage=MeetingStage.CLOSED, logbook_entry=None)
    count = 0
    for material in rows.select_related("meeting__chantier", "document", "by"):
        try:
            propose_material(material, by=SYSTEM, now=now)
        except Refused:
            continue
        count += 1
    return count
