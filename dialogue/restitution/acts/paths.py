"""What the two papers have in common in their path: each state that may be read is a whole version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused
from dialogue.restitution.content import Content, seals
from dialogue.restitution.stages import PaperStage

TEXTS = ("introduction", "conclusion")


class Conflict(Refused):
    """Somebody saved in between: nothing is lost, what was typed is still on the screen."""


def save_texts(paper: Any, *, by: Any, now: datetime, revision: int, values: Mapping[str, str]) -> None:
    """Raises Conflict when the paper was saved since `revision` was read."""
    words = {name: values[name] for name in TEXTS if name in values}
    saved = (
        type(paper)
        .objects.filter(pk=paper.pk, revision=revision)
        .update(**words, revision=F("revision") + 1, edited_by_id=by.pk, edited_at=now)
    )
    if not saved:
        raise Conflict(
            _(
                "Quelqu’un a enregistré ce point entre-temps. Relisez ce qui suit, puis enregistrez à nouveau : votre texte est gardé."
            )
        )
    paper.refresh_from_db()


def touch(paper: Any, *, by: Any, now: datetime) -> None:
    """Something of the paper changed: whoever has it open on another screen is told when they save."""
    type(paper).objects.filter(pk=paper.pk).update(revision=F("revision") + 1, edited_by_id=by.pk, edited_at=now)
    paper.refresh_from_db()


def freeze(paper: Any, told: tuple[Content, Content], *, by: Any, now: datetime, note: str) -> Any:
    """A version, whole. After a publication it needs a reason, and something that changed."""
    content, reserved = told
    sealed, sealed_reserved = seals(content, reserved)
    before = paper.versions.order_by("-number").first()
    out = paper.versions.filter(published_at__isnull=False).order_by("-number").first()
    note = " ".join(note.split())[:500]
    if out is not None and not note:
        raise Refused(_("Dites ce qui change, et pourquoi."))
    if out is not None and out.sha256_reserved == sealed_reserved:
        raise Refused(_("Rien n’a changé depuis la version %(n)d.") % {"n": out.number})
    return paper.versions.create(
        number=before.number + 1 if before else 1,
        content=content,
        reserved=reserved,
        sha256=sealed,
        sha256_reserved=sealed_reserved,
        made_at=now,
        made_by_id=by.pk,
        change_note=note,
        corrects=out,
    )


def publish(paper: Any, *, now: datetime) -> Any:
    """The version last frozen becomes everybody's; the ones before stay readable."""
    version = paper.versions.order_by("-number").first()
    if version is None or version.published_at is not None:
        raise Refused(_("Figez d’abord ce que vous voulez publier."))
    # In one UPDATE with the stage: the database wants both together.
    type(paper).objects.filter(pk=paper.pk).update(stage=PaperStage.PUBLISHED, published_at=paper.published_at or now)
    paper.versions.filter(pk=version.pk).update(published_at=now)
    paper.refresh_from_db()
    version.refresh_from_db()
    return version


def published(paper: Any) -> Any:
    """The version that readers have; None before the first publication."""
    return paper.versions.filter(published_at__isnull=False).order_by("-number").first()
