"""What is mailed around a deposit: the code, the acknowledgement, the support that was noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.letters.news import tell_author
from dialogue.contributions.models import Contribution, Support
from dialogue.contributions.stages import Via
from dialogue.contributions.working_days import working_days_after
from dialogue.ledger.clock import local_date
from dialogue.mailer import kinds, outbox

kinds.register(
    "contributions.code", label=_("Code pour confirmer votre adresse"), default="immediate", mandatory=True, per_space=False
)
kinds.register(
    "contributions.acknowledged",
    label=_("Vos contributions et vos soutiens sont reçus"),
    default="immediate",
    mandatory=True,
    per_space=False,
)


def read_by(row: Contribution) -> date:
    """The day by which its author was promised that it is read."""
    return working_days_after(local_date(row.received_at or row.written_at), row.campaign.read_within_days)


def send_code(thing: Contribution | Support, *, code: str, minutes: int, now: datetime) -> None:
    is_support = isinstance(thing, Support)
    outbox.send(
        "contributions.code",
        thing.author_email,
        subject=format_lazy(_("Votre code : {code}"), code=code),
        template="contributions/mail/code",
        context={
            "code": code,
            "minutes": minutes,
            "is_support": is_support,
            "title": thing.contribution.title if isinstance(thing, Support) else thing.title,
        },
        now=now,
        urgent=True,
    )


def acknowledge(row: Contribution, *, now: datetime, not_kept: Iterable[str] = ()) -> None:
    """The number, the text, the link, and what the team promised."""
    tell_author(
        row,
        kind="contributions.acknowledged",
        subject=format_lazy(_("Contribution n° {number} reçue : {title}"), number=row.number, title=row.title),
        template="contributions/mail/acknowledged",
        context={
            "campaign": row.campaign,
            "read_on": read_by(row),
            "not_kept": list(not_kept),
            "by_mail": row.via == Via.MAIL,
            "by_agent": row.via == Via.AGENT,
            "files": list(row.attachments.all()),
        },
        now=now,
        dedupe="received",
    )


def completed(row: Contribution, *, now: datetime) -> None:
    tell_author(
        row,
        kind="contributions.acknowledged",
        subject=format_lazy(_("Votre complément est reçu : {title}"), title=row.title),
        template="contributions/mail/completed",
        context={"campaign": row.campaign},
        now=now,
        dedupe=f"completed-{row.revision}",
    )


def withdrawn(row: Contribution, *, now: datetime) -> None:
    tell_author(
        row,
        kind="contributions.acknowledged",
        subject=format_lazy(_("Votre contribution est retirée : {title}"), title=row.title),
        template="contributions/mail/withdrawn",
        context={},
        now=now,
        dedupe="withdrawn",
    )


def support_noted(row: Support, *, now: datetime) -> None:
    to: Any = row.person or row.author_email
    if not to:
        return
    outbox.send(
        "contributions.acknowledged",
        to,
        subject=format_lazy(_("Votre soutien est noté : {title}"), title=row.contribution.title),
        template="contributions/mail/supported",
        context={"support": row, "contribution": row.contribution, "url": settings.BASE_URL + reverse("contributions:deposits")},
        now=now,
        dedupe=f"support-{row.pk}-{local_date(now)}",
    )
