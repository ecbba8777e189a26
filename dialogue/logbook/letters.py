"""What is mailed about the carnet: to the authors, and in the digest of every partner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.logbook.models import Edition, LogbookEntry
from dialogue.logbook.stages import EntryStage
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage

kinds.register("logbook.answered", label=_("Suites données à ce que vous proposez pour le carnet de voyage"), default="immediate")
kinds.register(
    "logbook.yours", label=_("Carnet de voyage publié avec ce que vous avez proposé"), default="immediate", per_space=False
)
kinds.register("logbook.published", label=_("Nouveau carnet de voyage"), default="digest", per_space=False)


def _answer_key(entry: LogbookEntry) -> str:
    return f"logbook-answer-{entry.pk}-{entry.answered_at:%Y%m%d%H%M%S}" if entry.answered_at else f"logbook-answer-{entry.pk}"


def tell_answer(entry: LogbookEntry, *, by: Any, now: datetime) -> None:
    """Chosen or not: who proposed it themselves. Whoever noted it in session for others is not told line by line."""
    if entry.material_id is not None or entry.by_id == getattr(by, "pk", None) or entry.chantier is None:
        return
    is_chosen = entry.stage == EntryStage.CHOSEN
    subject = _("Retenu pour le carnet de voyage : {what}") if is_chosen else _("Carnet de voyage : votre proposition, {what}")
    _send_of_entry(entry, subject, event="chosen" if is_chosen else "refused", now=now, dedupe=_answer_key(entry))


def take_back(entry: LogbookEntry) -> None:
    """The answer is no longer the answer: its letter does not leave, if it still waits."""
    outbox.withdraw(_answer_key(entry))


def tell_unreadable(entry: LogbookEntry, *, now: datetime) -> None:
    """No photo, no sound could be made of the file that was sent."""
    if entry.chantier is not None:
        subject = _("Carnet de voyage : un fichier n’a pas pu être lu")
        _send_of_entry(entry, subject, event="unreadable", now=now, dedupe=f"logbook-unreadable-{entry.pk}")


def _send_of_entry(entry: LogbookEntry, subject: Any, *, event: str, now: datetime, dedupe: str) -> None:
    chantier = entry.chantier
    assert chantier is not None  # noqa: S101  the callers have asked
    outbox.send(
        "logbook.answered",
        entry.by,
        subject=format_lazy(subject, what=entry.headline[:80]),
        template="logbook/mail/entry",
        context={
            "event": event,
            "entry": entry,
            "chantier": chantier,
            "path": reverse("logbook:group", args=[chantier.slug]),
        },
        now=now,
        space=chantier.ledger_space,
        dedupe=dedupe,
    )


def tell_published(edition: Edition, *, by: Any, now: datetime, is_correction: bool) -> None:
    """The authors of what stands in it, at once; the partners, in their digest, when it is not a mere correction."""
    rows = LogbookEntry.objects.filter(placements__chapter__edition=edition, material=None)
    authors = {row["by"] for row in rows.values("by")}
    people = Person.objects.active().filter(stage=AccountStage.VALIDATED)
    for person in people.filter(pk__in=authors) if is_correction else people:
        if person.pk == getattr(by, "pk", None):
            continue
        is_author = person.pk in authors
        subject = _("Le carnet de voyage est corrigé : {title}") if is_correction else _("Un nouveau carnet de voyage : {title}")
        outbox.send(
            "logbook.yours" if is_author else "logbook.published",
            person,
            subject=format_lazy(subject, title=edition.title),
            template="logbook/mail/edition",
            context={
                "edition": edition,
                "is_author": is_author,
                "is_correction": is_correction,
                "path": edition.get_absolute_url(),
            },
            now=now,
            dedupe=f"logbook-edition-{edition.pk}",
        )
