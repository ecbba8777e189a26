"""A letter as a mail: headers of RFC 5322, 2919, 3834 and 8058, a text part and an HTML part that say the same."""

from __future__ import annotations

import re
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from dialogue.mailer import secrets, sender
from dialogue.mailer.models import Letter
from dialogue.mailer.unsubscribing import SALT, address_of

__all__ = ["SALT", "as_mail", "headers_of", "list_id", "thread_id"]

_UNFIT = re.compile(r"[^a-z0-9.]+")
#: References grow with a thread; the root and the last ones are enough to keep it together.
KEPT_REFERENCES = 10


def thread_id(thread: str) -> str:
    """The identifier of a message that nobody wrote: all the letters of a thread answer it, so that clients gather them."""
    return f"<fil.{_UNFIT.sub('-', thread.lower()).strip('-')}@{settings.MAIL_DOMAIN}>"


def list_id(space: str) -> str:
    """`chantier/cantines` → `<cantines.chantier.dialogue.example>`: narrow to wide, like a domain."""
    parts = [_UNFIT.sub("-", part.lower()).strip("-") for part in reversed(space.split("/")) if part]
    return f"<{'.'.join(parts)}.{settings.MAIL_DOMAIN}>"


def headers_of(letter: Letter) -> dict[str, str]:
    """Every header that is ours; Django adds From, To, Subject, Date and the MIME ones."""
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-replied" if letter.automatic else "auto-generated",
        "X-Loop": settings.MAIL_DOMAIN,
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if letter.thread:
        before = Letter.objects.filter(thread=letter.thread, address=letter.address, pk__lt=letter.pk).order_by("-pk")
        ids = list(before.values_list("message_id", flat=True)[:KEPT_REFERENCES])
        root = thread_id(letter.thread)
        headers["In-Reply-To"] = ids[0] if ids else root
        headers["References"] = " ".join([root, *reversed(ids)])
    if letter.answers:
        headers["In-Reply-To"] = headers["References"] = letter.answers
    if letter.space:
        headers["List-Id"] = list_id(letter.space)
    if url := address_of(letter):
        headers["List-Unsubscribe"] = f"<{url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def as_mail(letter: Letter) -> EmailMultiAlternatives:
    """What is handed to Django's mail connection."""
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=secrets.revealed(letter, letter.text),
        from_email=formataddr((sender.current().name, settings.DEFAULT_FROM_EMAIL), charset="utf-8"),
        to=[letter.address],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=headers_of(letter),
    )
    if letter.html:
        mail.attach_alternative(secrets.revealed(letter, letter.html), "text/html")
    if letter.calendar:
        # Last of the alternatives, for the clients that show an invitation; a file too, for those that only open files.
        mail.attach_alternative(letter.calendar, f"text/calendar; method={letter.calendar_method}")
        mail.attach("seance.ics", letter.calendar.encode(), "application/ics")
    return mail
