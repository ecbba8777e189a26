"""`send`: a letter is a row of the act's transaction; a worker delivers it later (docs/adr/0008)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.safestring import mark_safe

from dialogue.mailer import bounces, dress, kinds, quiet, sender
from dialogue.mailer.kinds import Frequency, Mode
from dialogue.mailer.models import Choice, Letter, LetterStage, Rhythm, Suspension
from dialogue.mailer.unsubscribing import address_of

Subject = str | Promise | Callable[[], str]
_unwritten: ContextVar[bool] = ContextVar("unwritten", default=False)


@contextmanager
def unwritten() -> Iterator[None]:
    """Inside, acts write no letters: a story that is told long after (the demonstration) has readers for its last ones only."""
    token = _unwritten.set(True)
    try:
        yield
    finally:
        _unwritten.reset(token)


def is_writing() -> bool:
    """Whether letters are written: not within `unwritten`. For acts that would have a job write thousands of them."""
    return not _unwritten.get()


def send(
    kind: str,
    to: Any,
    *,
    subject: Subject,
    template: str,
    context: dict[str, Any],
    now: datetime,
    space: str = "",
    thread: str = "",
    dedupe: str = "",
    reply_to: str = "",
    calendar: bytes = b"",
    calendar_method: str = "",
    automatic: bool = False,
    answers: str = "",
    mandatory: bool = False,
    urgent: bool = False,
) -> Letter | None:
    """Queue one letter to a person, or to a plain address (an invitation), in the current transaction.

    Returns None when nothing will be sent: the person left, chose never, the address refuses our mail, or the same
    (kind, reader, `dedupe`) was queued before. `now` is domain time. `calendar` is an invitation (RFC 5545, CRLF) and
    `calendar_method` its METHOD: the mail client then offers to answer it (RFC 6047). `automatic`: the machine answers the mail
    `answers` (RFC 3834), with an empty envelope sender. An `urgent` letter ignores silent hours. KeyError for an unknown kind.
    """
    mandatory = mandatory or kinds.REGISTRY[kind].mandatory
    person = None if isinstance(to, str) else to
    address = (to if person is None else person.email).strip().lower()
    if _unwritten.get() or (person is not None and not person.can_receive_mail):
        return None
    mode = Mode.IMMEDIATE if mandatory else mode_for(person, kind, space)
    if mode == Mode.NEVER or Suspension.objects.filter(address=address).exists():
        return None
    letter = Letter(kind=kind, person=person, address=address, mandatory=mandatory, mode=mode, written_at=now)
    letter.space, letter.thread, letter.dedupe, letter.reply_to = space, thread, dedupe, reply_to
    letter.calendar, letter.calendar_method = calendar.decode(), calendar_method
    letter.automatic, letter.answers, letter.urgent = automatic, answers[:255], urgent
    return _post(letter, subject, template, context)


def _post(letter: Letter, subject: Subject, template: str, context: dict[str, Any]) -> Letter | None:
    """When it leaves, under which identifier, in which language; then its words."""
    letter.next_attempt_at = quiet.departure(letter, timezone.now())
    letter.message_id = f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>"
    letter.language = getattr(letter.person, "language", "") or translation.get_language() or settings.LANGUAGE_CODE
    _write(letter, subject, template, context)
    return _keep(letter)


def mode_for(person: Any, kind: str, space: str = "") -> str:
    """When this person wants this kind of letter: their choice for the space, else for everything, else the default.

    A plain address chose nothing: at once. What would wait for a digest that the person does not want is not sent.
    """
    if person is None:
        return Mode.IMMEDIATE
    rows = Choice.objects.filter(person=person, kind=kind, space__in={"", space})
    chosen = dict(rows.values_list("space", "mode"))
    mode = chosen.get(space) or chosen.get("") or kinds.REGISTRY[kind].default
    if mode == Mode.DIGEST and Rhythm.objects.filter(person=person, frequency=Frequency.NEVER).exists():
        return Mode.NEVER
    return mode


def withdraw(dedupe: str, *, for_good: bool = False) -> None:
    """Take back the letters `dedupe` that have not left: what they say is no longer said. Call it within a transaction.

    `for_good`: one that is leaving at this moment is not tried again either, if the server says "later".
    """
    unsent = Letter.objects.filter(dedupe=dedupe, stage__in=[LetterStage.QUEUED, LetterStage.FAILED])
    # Held first: no worker takes one between its choice and its end (a DELETE of Django's chooses, then deletes by number).
    held = list(unsent.select_for_update().values_list("pk", flat=True))
    Letter.objects.filter(pk__in=held).delete()
    if for_good:
        Letter.objects.filter(dedupe=dedupe, stage=LetterStage.SENDING).update(stage=LetterStage.DROPPED)


def told(dedupe: str) -> set[int]:
    """The people for whom a letter `dedupe` was written and is not withdrawn."""
    return set(Letter.objects.filter(dedupe=dedupe, person__isnull=False).values_list("person_id", flat=True))


def forget(person: Any) -> None:
    """Erase what the mailer knows of a person who closes their account: letters, sent or not, choices, refusals."""
    Letter.objects.filter(Q(person=person) | Q(address__iexact=person.email)).delete()
    Choice.objects.filter(person=person).delete()
    Rhythm.objects.filter(person=person).delete()
    Suspension.objects.filter(address__iexact=person.email).delete()
    bounces.forget(person.email)


def _write(letter: Letter, subject: Subject, template: str, context: dict[str, Any]) -> None:
    """Subject and both bodies, in the reader's language. A letter for the digest has no frame: it will stand in one."""
    with translation.override(letter.language):
        letter.subject = " ".join(str(subject() if callable(subject) else subject).split())[:300]
        words = context | {
            "letter": letter,
            "person": letter.person,
            "base_url": settings.BASE_URL,
            "subject": letter.subject,
        }
        text = render_to_string(f"{template}.txt", words).strip()
        html = render_to_string(f"{template}.html", words).strip()
        if letter.mode == Mode.DIGEST:
            letter.text, letter.html = text, html
            return
        frame = {
            "letter": letter,
            "sender": sender.current(),
            "why": kinds.REGISTRY[letter.kind].label,
            "is_digest": letter.kind == kinds.DIGEST.code,
            "choices_url": settings.BASE_URL + reverse("mailer:choices") if letter.person else "",
            "unsubscribe_url": address_of(letter),
        }
        letter.text = dress.wrapped(render_to_string("mail/frame.txt", frame | {"body_text": text}), letter.language)
        # Safe: what the room's own template rendered, escaped there.
        page = render_to_string("mail/frame.html", frame | {"body_html": mark_safe(html)})  # noqa: S308
        letter.html = dress.finished(page, letter.language)


def _keep(letter: Letter) -> Letter | None:
    if not letter.dedupe:
        letter.save()
        return letter
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:
        return None
    return letter
