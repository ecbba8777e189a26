"""Documents are added, superseded by versions, shown to a circle, offered to all, withdrawn; never erased."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.discussion.acts import open_thread
from dialogue.discussion.models import Comment
from dialogue.discussion.stages import Subject, Via
from dialogue.documents import letters, tasks
from dialogue.documents import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.documents.models import Document, Version, Words
from dialogue.documents.stages import Nature, Reading, Scan
from dialogue.files import antivirus
from dialogue.files.judging import Kind, Unfit, judge
from dialogue.ledger.acts import Refused, act
from dialogue.people.stages import Circle

CHUNK = 1 << 20


def _weighed(file: IO[bytes]) -> tuple[str, int]:
    """(sha256, bytes) of an open file. Raises Refused when it is too large."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(CHUNK):
        digest.update(block)
        size += len(block)
    file.seek(0)
    if size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // 1_000_000
        raise Refused(_("Ce fichier est trop lourd : %(limit)d Mo au plus.") % {"limit": limit})
    return digest.hexdigest(), size


def _examined(file: Any, name: str) -> tuple[Kind, str, int]:
    digest, size = _weighed(file)
    try:
        return judge(file, name), digest, size
    except Unfit as problem:
        raise Refused(str(problem)) from None


def _keep(
    document: Document, file: Any, found: tuple[Kind, str, int], *, by: Any, now: datetime, via: Via, note: str = ""
) -> Version:
    """The file is on the disk before its row is committed: a row never points to nothing."""
    kind, digest, size = found
    last = Version.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
    version = Version(
        document=document,
        number=last + 1,
        filename=kind.filename,
        size=size,
        content_type=kind.content_type,
        sha256=digest,
        added_by_id=by.pk,
        added_at=now,
        via=via,
        note=note.strip()[:500],
        scan=Scan.WAITING if antivirus.is_set() else Scan.UNCHECKED,
    )
    version.file.save(kind.filename, File(file), save=False)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        raise Refused(_("Une autre version vient d’être déposée : relisez la page.")) from None
    tasks.treat.enqueue(version.pk)
    return version


@act("documents.add_document", creates=True, record=("nature", "circle", "via"))
def add_document(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    file: Any,
    nature: Nature = Nature.WORKING,
    title: str = "",
    circle: Circle = Circle.GROUP,
    description: str = "",
    via: Via = Via.PAGE,
) -> Document:
    """A new document, its first version `file` (open, seekable, with a `name`). Raises Refused for what may not be taken.

    Only those in charge may show it beyond the group at once. The same file in the same chantier is not kept twice.
    """
    found = _examined(file, getattr(file, "name", "") or "document")
    if twin := _twin(chantier, found[1]):
        raise Refused(_("Ce fichier est déjà dans les documents du groupe : « %(title)s ».") % {"title": twin.title})
    if circle != Circle.GROUP and not change_circle.allows(by, chantier):
        raise Refused(_("Seuls ceux qui répondent du chantier peuvent montrer un document hors du groupe."))
    document = _new(
        chantier, file, found, by=by, now=now, nature=nature, title=title, circle=circle, description=description, via=via
    )
    letters.tell_added(document, by=by, now=now)
    return document


def _twin(chantier: Chantier, digest: str) -> Document | None:
    """The document that has these bytes already. Two people who send the same file at once are heard one after the other."""
    Chantier.objects.select_for_update().filter(pk=chantier.pk).values_list("pk").first()
    return Document.objects.shown().filter(chantier=chantier, versions__sha256=digest).first()


def _new(
    chantier: Chantier, file: Any, found: tuple[Kind, str, int], *, by: Any, now: datetime, title: str, via: Via, **fields: Any
) -> Document:
    stem = found[0].filename.rpartition(".")[0].replace("_", " ")
    document = Document.objects.create(
        chantier=chantier,
        title=(" ".join(title.split()) or stem)[:200],
        added_by_id=by.pk,
        added_at=now,
        changed_at=now,
        **fields,
    )
    _keep(document, file, found, by=by, now=now, via=via)
    return document


@act("documents.add_version", creates=True)
def add_version(document: Document, *, by: Any, now: datetime, file: Any, note: str = "", via: Via = Via.PAGE) -> Version:
    """A new version, for the same readers; the ones before stay. Raises Refused for the file that is already there."""
    found = _examined(file, getattr(file, "name", "") or document.title)
    if Version.objects.filter(document=document, sha256=found[1]).exists():
        raise Refused(_("C’est exactement le fichier d’une version déjà déposée."))
    version = _keep(document, file, found, by=by, now=now, via=via, note=note)
    Document.objects.filter(pk=document.pk).update(changed_at=now)
    letters.tell_added(document, by=by, now=now, version=version)
    return version


@act("documents.attach", creates=True)
def attach(comment: Comment, *, by: Any, now: datetime, name: str, data: bytes, via: Via = Via.PAGE) -> Document:
    """A file that comes with a message: once by content within the chantier. Raises Refused for what may not be taken."""
    file = io.BytesIO(data)
    found = _examined(file, name)
    chantier = comment.thread.chantier
    document = _twin(chantier, found[1])
    if document is None:
        document = _new(chantier, file, found, by=by, now=now, title="", circle=Circle.GROUP, nature=Nature.WORKING, via=via)
    document.comments.add(comment)
    return document


@act("documents.change_document")
def change_document(document: Document, *, by: Any, now: datetime, title: str, nature: Nature, description: str = "") -> None:
    """What it is called and where it stands. Raises Refused for an empty title."""
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused(_("Donnez un titre au document."))
    Document.objects.filter(pk=document.pk).update(title=title, nature=nature, description=description.strip()[:2000])
    document.refresh_from_db()


@act("documents.change_circle", record=("circle",))
def change_circle(document: Document, *, by: Any, now: datetime, circle: Circle) -> None:
    """Who may read it, from now on. A tool offered to all is taken back when it returns to the group."""
    if circle == Circle.PUBLIC and document.chantier.circle != Circle.PUBLIC:
        raise Refused(_("Le chantier lui-même n’est pas public."))
    if any(version.scan == Scan.INFECTED for version in document.versions.all()[:1]) and circle != Circle.GROUP:
        raise Refused(_("L’antivirus a refusé ce fichier."))
    is_tool = document.is_shared_tool and circle != Circle.GROUP
    Document.objects.filter(pk=document.pk).update(circle=circle, is_shared_tool=is_tool)
    document.refresh_from_db()


@act("documents.offer_tool")
def offer_tool(document: Document, *, by: Any, now: datetime) -> None:
    """In the toolbox of all the groups, hence for all the partners at least."""
    if document.withdrawn_at is not None:
        raise Refused(_("Un document retiré ne se propose pas : remettez-le d’abord."))
    if document.last.scan == Scan.INFECTED:
        raise Refused(_("L’antivirus a refusé ce fichier."))
    circle = Circle.PARTNERS if document.circle == Circle.GROUP else document.circle
    Document.objects.filter(pk=document.pk).update(is_shared_tool=True, circle=circle)
    document.refresh_from_db()


@act("documents.take_back_tool")
def take_back_tool(document: Document, *, by: Any, now: datetime) -> None:
    """No longer in the toolbox; its circle stays."""
    Document.objects.filter(pk=document.pk).update(is_shared_tool=False)
    document.refresh_from_db()


@act("documents.withdraw")
def withdraw(document: Document, *, by: Any, now: datetime, motive: str) -> None:
    """It leaves the lists; the group still finds it, with the motive."""
    if not motive.strip():
        raise Refused(_("Dites pourquoi le document est retiré."))
    Document.objects.filter(pk=document.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_motive=motive.strip()[:500])
    document.refresh_from_db()


@act("documents.put_back")
def put_back(document: Document, *, by: Any, now: datetime) -> None:
    Document.objects.filter(pk=document.pk).update(withdrawn_at=None, withdrawn_motive="")
    document.refresh_from_db()


@act("documents.open_remarks")
def open_remarks(document: Document, *, by: Any, now: datetime) -> None:
    """The thread of its remarks, when the first one comes."""
    if document.thread_id is None:
        document.thread = open_thread(document.chantier, by=by, now=now, subject=Subject.DOCUMENT, title=document.title)
        document.save(update_fields=["thread"])


@act("documents.note_treatment", record=("scan", "reading"))
def note_treatment(version: Version, *, by: Any, now: datetime, scan: Scan, reading: Reading, words: str | None = None) -> None:
    """What the antivirus said and the words that were read (a background job, which may run twice). `words` None: not read
    again."""
    Version.objects.filter(pk=version.pk).update(scan=scan, reading=reading)
    if reading == Reading.DONE and words is not None:
        Words.objects.update_or_create(version=version, defaults={"text": words})
    version.refresh_from_db()
    if scan == Scan.INFECTED:
        letters.tell_infected(version, now=now)


def take_files(comment: Comment, files: Iterable[Any], *, by: Any, now: datetime) -> list[str]:
    """The files of a message's form (discussion.pages.attachment_takers): what may not be taken is said, the rest is kept."""
    refused = []
    for file in files:
        try:
            attach(comment, by=by, now=now, name=file.name, data=file.read())
        except Refused as refusal:
            refused.append(f"{file.name} : {' '.join(refusal.reasons)}")
    return refused
