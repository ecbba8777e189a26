"""A letter as a mail: headers of RFC 5322, 2919, 3834 and 8058, a text part and an HTML part that say the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from email.utils import formataddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from dialogue.mailer.models import Letter

SALT = "mailer.unsubscribe"


def default_name() -> str:
    return "Dialogue territorial"


#: The name of the site, told by a room above (docs/adr/0011): the last function of the list answers.
site_name: list[Callable[[], str]] = [default_name]


def unsubscribe_url(letter: Letter) -> str:
    """The one-click address of this reader, for this kind in this space; empty for what cannot be refused."""
    if letter.person_id is None or letter.mandatory:
        return ""
    token = signing.dumps([letter.person_id, letter.kind, letter.space], salt=SALT)
    return settings.BASE_URL + reverse("mailer:unsubscribe", args=[token])


def thread_id(thread: str) -> str:
    """A stable message identifier that stands for the thread: clients gather its letters under it."""
    return f"<{hashlib.sha256(thread.encode()).hexdigest()[:32]}.fil@{settings.MAIL_DOMAIN}>"


def headers(letter: Letter) -> dict[str, str]:
    found = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.thread:
        found["In-Reply-To"] = found["References"] = thread_id(letter.thread)
    if letter.space:
        label = re.sub(r"[^a-z0-9-]+", "-", letter.space.lower()).strip("-")
        found["List-Id"] = f"<{label}.{settings.MAIL_DOMAIN}>"
    if url := unsubscribe_url(letter):
        found["List-Unsubscribe"] = f"<{url}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def as_mail(letter: Letter) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((site_name[-1](), settings.DEFAULT_FROM_EMAIL)),
        to=[letter.address],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=headers(letter),
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail
