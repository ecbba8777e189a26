"""How a letter on membership is queued, and who answers for a chantier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy

from dialogue.chantiers.models import Chantier, Representative
from dialogue.chantiers.sentences_members import WORDS, Words
from dialogue.chantiers.stages import OFFICERS
from dialogue.mailer import outbox
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage, Office


def officers_of(chantier: Chantier) -> list[Person]:
    """The people who speak for the sponsor and for the lead directorate; none when the chantier has neither yet."""
    speakers = Representative.objects.active().filter(member__chantier=chantier, member__role__in=OFFICERS)
    return list(Person.objects.active().filter(pk__in=speakers.values("person_id"), stage=AccountStage.VALIDATED))


def coordination() -> list[Person]:
    return list(Person.objects.active().filter(stage=AccountStage.VALIDATED, office=Office.COORDINATION))


def answerers_of(chantier: Chantier) -> list[Person]:
    """Those in charge of answering: sponsor and lead, or the coordination as long as there is neither."""
    return officers_of(chantier) or coordination()


def group_names(reader: Any, spaces: list[str]) -> dict[str, str]:
    """The titles of these spaces (`chantier/<slug>`), of the chantiers that the reader may know of: for the mailer's pages."""
    slugs = [space.partition("/")[2] for space in spaces]
    rows = Chantier.objects.visible_to(reader).filter(slug__in=slugs)
    return {f"chantier/{slug}": title for slug, title in rows.values_list("slug", "title")}


def members_url(chantier: Chantier) -> str:
    return reverse("chantiers:members", args=[chantier.slug])


def space_url(chantier: Chantier) -> str:
    return reverse("chantiers:space", args=[chantier.slug])


def post(
    event: str,
    to: Iterable[Person | str],
    chantier: Chantier,
    *,
    kind: str,
    now: datetime,
    path: str,
    quote: str = "",
    notes: Iterable[Any] = (),
    dedupe: str = "",
    thread: str = "",
    mandatory: bool = False,
    but: Any = None,
    **facts: Any,
) -> int:
    """Queues the letter `event` to each of `to`, except `but` (who did it); returns how many. A person who left or was
    refused gets nothing; nor does anybody but the coordination before the chantier opens: the opening is told then."""
    words = WORDS[event]
    filled = {"title": chantier.title, **facts}
    people = {getattr(each, "pk", each): each for each in to}
    people.pop(getattr(but, "pk", None), None)
    notes = list(notes)
    receivers = [each for each in people.values() if isinstance(each, str) or each.can_receive_mail]
    if not chantier.was_opened:
        receivers = [each for each in receivers if getattr(each, "is_coordination", False)]
    for each in receivers:
        outbox.send(
            kind,
            each,
            subject=format_lazy(words.subject, **filled),
            template="chantiers/mail/membership",
            context=_context(words, filled, path=path, quote=quote, notes=notes),
            now=now,
            space=chantier.ledger_space,
            thread=thread or f"chantier-{chantier.pk}-membres",
            dedupe=dedupe,
            mandatory=mandatory,
        )
    return len(receivers)


def _context(words: Words, filled: dict[str, Any], *, path: str, quote: str, notes: list[Any]) -> dict[str, Any]:
    """What the template of all letters on membership says, its sentences filled in."""
    return {
        "paragraphs": [*(format_lazy(text, **filled) for text in words.paragraphs), *notes],
        "quote_title": words.quote if quote else "",
        "quote": quote,
        "action": words.action,
        "path": path,
        "closing": [format_lazy(text, **filled) for text in words.closing],
    }
