"""`send`: a letter is a row of the act's transaction; a worker delivers it later (docs/adr/0008)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from dialogue.mailer import kinds
from dialogue.mailer.kinds import Mode
from dialogue.mailer.message import site_name, unsubscribe_url
from dialogue.mailer.models import Choice, Letter, Suspension

Subject = str | Promise | Callable[[], str]


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
    mandatory: bool = False,
) -> Letter | None:
    """Queue one letter to a person, or to a plain address (an invitation), in the current transaction.

    Returns None when nothing will be sent: the person left, chose never, the address refuses our mail, or the same
    (kind, reader, `dedupe`) was queued before. `now` is domain time. Raises KeyError for a kind that nobody declared.
    """
    declared = kinds.REGISTRY[kind]
    mandatory = mandatory or declared.mandatory
    person = None if isinstance(to, str) else to
    address = (to if person is None else person.email).strip().lower()
    if person is not None and not person.can_receive_mail:
        return None
    mode = _mode(declared, person, space, mandatory)
    if mode == Mode.NEVER or Suspension.objects.filter(address=address).exists():
        return None
    letter = Letter(
        kind=kind, person=person, address=address, space=space, thread=thread, dedupe=dedupe, reply_to=reply_to,
        mandatory=mandatory, mode=mode, written_at=now, message_id=f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>",
        language=getattr(person, "language", "") or translation.get_language() or settings.LANGUAGE_CODE,
    )
    _write(letter, subject, template, context)
    return _keep(letter)


def _mode(declared: kinds.Kind, person: Any, space: str, mandatory: bool) -> str:
    if mandatory or person is None:
        return Mode.IMMEDIATE
    chosen = dict(Choice.objects.filter(person=person, kind=declared.code, space__in={"", space}).values_list("space", "mode"))
    return chosen.get(space) or chosen.get("") or declared.default


def _write(letter: Letter, subject: Subject, template: str, context: dict[str, Any]) -> None:
    with translation.override(letter.language):
        words = context | {
            "letter": letter,
            "person": letter.person,
            "base_url": settings.BASE_URL,
            "site_name": site_name[-1](),
            "unsubscribe_url": unsubscribe_url(letter),
        }
        letter.subject = " ".join(str(subject() if callable(subject) else subject).split())[:300]
        words["subject"] = letter.subject
        letter.text = render_to_string(f"{template}.txt", words).strip() + "\n"
        letter.html = render_to_string(f"{template}.html", words)


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
