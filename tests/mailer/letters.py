"""Kinds and letters of these tests, made through the real door."""

from __future__ import annotations

from typing import Any

from dialogue.mailer import kinds, outbox
from dialogue.mailer.models import Letter, LetterStage
from tests.factories import NOW

NEWS = kinds.register("tests.news", label="Nouvelles des tests")
SUMMED = kinds.register("tests.summed", label="Nouvelles à lire ensemble", default="digest")
DUTY = kinds.register("tests.duty", label="Devoirs", mandatory=True)


def queue(to: Any, kind: str = "tests.news", **options: Any) -> Letter | None:
    """One letter, with a template of the house."""
    words = {"subject": "Une nouvelle", "template": "people/mail/office_changed", "context": {"office": "coordination"}}
    return outbox.send(kind, to, **words | {"now": NOW} | options)


def stages() -> list[str]:
    """The stage of every letter, in the order of writing."""
    return list(Letter.objects.order_by("pk").values_list("stage", flat=True))


def make_letter(**fields: Any) -> Letter:
    """A row, without the door."""
    n = Letter.objects.count() + 1
    return Letter.objects.create(
        **{
            "kind": "tests.news",
            "address": f"adresse{n}@partenaire.example",
            "subject": f"Nouvelle {n}",
            "text": "Bonjour.",
            "message_id": f"<lettre-{n}@localhost>",
            "written_at": NOW,
            "stage": LetterStage.QUEUED,
        }
        | fields
    )
