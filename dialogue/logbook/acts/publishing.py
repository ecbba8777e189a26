"""An edition is frozen and published; corrected by another one; its files are made by the worker."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.logbook import letters, tasks
from dialogue.logbook import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.logbook.content import content_of
from dialogue.logbook.models import BoundFile, Chapter, Edition, GovernanceFigure, Placement
from dialogue.logbook.stages import OUT, EditionStage, EntryStage, Format, Treatment


def says_something(edition: Edition, *, by: Any, now: datetime) -> str | None:
    if not edition.chapters.exists():
        return _("Ce carnet n’a encore aucune escale.")
    empty = [c.title for c in edition.chapters.filter(introduction="", placements=None)]
    return _("Une escale est vide : « %(title)s ».") % {"title": empty[0]} if empty else None


def photos_are_ready(edition: Edition, *, by: Any, now: datetime) -> str | None:
    """All that is placed can be shown."""
    placed = Placement.objects.filter(chapter__edition=edition)
    waiting = placed.exclude(entry__treatment__in=[Treatment.NONE, Treatment.READY]).count()
    if waiting:
        return ngettext(
            "%(n)d fichier placé n’est pas prêt : attendez qu’il le soit, ou retirez-le.",
            "%(n)d fichiers placés ne sont pas prêts : attendez qu’ils le soient, ou retirez-les.",
            waiting,
        ) % {"n": waiting}
    if placed.exclude(entry__stage=EntryStage.CHOSEN).exists():
        return _("Un élément placé n’est plus retenu : retirez-le.")
    return None


def correction_says_why(edition: Edition, *, by: Any, now: datetime) -> str | None:
    return _("Dites ce que cette édition corrige.") if edition.replaces_id and not edition.change_note.strip() else None


@act("logbook.publish_edition", guards=[says_something, photos_are_ready, correction_says_why])
def publish_edition(edition: Edition, *, by: Any, now: datetime) -> None:
    """Frozen for everybody to read; a correction takes the place of the edition before it. Partners and authors are told."""
    held = Edition.objects.select_for_update().filter(pk=edition.pk, stage=EditionStage.DRAFT)
    if not held.exists():
        raise Refused(_("C’est déjà publié."))
    before = edition.replaces
    _freeze(edition, now=now)
    letters.tell_published(edition, by=by, now=now, is_correction=before is not None)


def _freeze(edition: Edition, *, now: datetime) -> None:
    """The edition before it steps back first: one stands for a number at any time."""
    Edition.objects.filter(number=edition.number, stage=EditionStage.PUBLISHED).update(stage=EditionStage.SUPERSEDED)
    last = Edition.objects.filter(number=edition.number).aggregate(last=Max("edition"))["last"] or 0
    content = content_of(edition)
    Edition.objects.filter(pk=edition.pk).update(
        stage=EditionStage.PUBLISHED,
        edition=last + 1,
        slug=_slug(edition, last + 1),
        content=content,
        sha256=seal(content),
        published_at=now,
    )
    edition.refresh_from_db()
    for code in Format.values:
        _bind(edition, code)


def _slug(edition: Edition, number: int) -> str:
    base = slugify(edition.title)[:80] or f"carnet-{edition.number}"
    slug = base if number == 1 else f"{base}-{number}"
    taken = Edition.objects.filter(slug=slug).exclude(pk=edition.pk).exists()
    return f"{base}-n{edition.number}-{number}" if taken else slug


@act("logbook.correct_edition", creates=True)
def correct_edition(edition: Edition, *, by: Any, now: datetime) -> Edition:
    """A draft that begins as the published one, to be corrected and published in its place."""
    if edition.stage != EditionStage.PUBLISHED:
        raise Refused(_("Seule l’édition en vigueur se corrige."))
    if Edition.objects.filter(number=edition.number, stage=EditionStage.DRAFT).exists():
        raise Refused(_("Une correction de ce carnet est déjà en préparation."))
    return _copied(edition, by=by, now=now)


@act("logbook.reissue", creates=True)
def reissue(edition: Edition, *, by: Any, now: datetime, note: str) -> Edition:
    """The standing edition without what may no longer be shown: published at once. A correction under way follows it."""
    waiting = Edition.objects.filter(number=edition.number, stage=EditionStage.DRAFT).first()
    if waiting is not None:
        # Two drafts of one number cannot stand: this one leaves the number for the time of the reissue.
        spare = (Edition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        Edition.objects.filter(pk=waiting.pk).update(number=spare)
    made = _copied(edition, by=by, now=now, note=note)
    _freeze(made, now=now)
    if waiting is not None:
        Edition.objects.filter(pk=waiting.pk).update(number=edition.number, replaces=made)
    edition.refresh_from_db()
    return made


def _copied(edition: Edition, *, by: Any, now: datetime, note: str = "") -> Edition:
    """Chapters, entries and figures as they are placed; entries whose agreement ended are left out."""
    words = ("number", "title", "period", "editorial", "colophon", "figures_title")
    made = Edition.objects.create(
        replaces=edition,
        drafted_by_id=by.pk,
        drafted_at=now,
        change_note=note,
        **{name: getattr(edition, name) for name in words},
    )
    for chapter in edition.chapters.prefetch_related("placements__entry"):
        placements = list(chapter.placements.all())
        fresh = Chapter.objects.create(
            edition=made,
            **{name: getattr(chapter, name) for name in ("order", "title", "place", "period", "chantier", "introduction")},
        )
        Placement.objects.bulk_create(
            Placement(chapter=fresh, entry=each.entry, order=each.order, layout=each.layout)
            for each in placements
            if each.entry.consent_ended_at is None
        )
    figures = edition.figures.all()
    GovernanceFigure.objects.bulk_create(
        GovernanceFigure(edition=made, order=f.order, value=f.value, title=f.title, source=f.source) for f in figures
    )
    return made


# Files ---------------------------------------------------------------------------------------------------------------


def _bind(edition: Edition, code: str) -> None:
    """Asks the worker for a file; one that exists is destroyed first."""
    known = BoundFile.objects.filter(edition=edition, format=code).first()
    if known is not None:
        name = known.stored
        transaction.on_commit(lambda: default_storage.delete(name))
        known.key, known.treatment, known.size, known.pages = uuid.uuid4(), Treatment.WAITING, 0, 0
        known.save()
    else:
        known = BoundFile.objects.create(edition=edition, format=code)
    pk = known.pk
    transaction.on_commit(lambda: tasks.bind.enqueue(pk))


@act("logbook.bind_again", come_from=OUT)
def bind_again(edition: Edition, *, by: Any, now: datetime) -> None:
    """Its PDF and its EPUB, made anew: a name or a photo left its pages, or a file could not be made."""
    for code in Format.values:
        _bind(edition, code)


@act("logbook.note_bound", record=("treatment",))
def note_bound(
    bound: BoundFile, *, by: Any, now: datetime, key: uuid.UUID, treatment: Treatment, size: int = 0, pages: int = 0
) -> bool:
    """The file of `key` is on the disk, or could not be made; asked anew meanwhile, it is told to nobody (False)."""
    rows = BoundFile.objects.filter(pk=bound.pk, key=key)
    taken = rows.update(treatment=treatment, size=size, pages=pages)
    bound.refresh_from_db()
    return bool(taken)
