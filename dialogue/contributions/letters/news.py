"""How an author hears of their contribution, with an account or by a plain address; always with the tracking link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from dialogue.contributions.models import Contribution
from dialogue.mailer import kinds, outbox
from dialogue.mailer.models import Letter

SALT = "contributions.stop_mail"


def tracking_url(contribution: Contribution) -> str:
    """The full address of the author's page; it is a secret, for its author alone."""
    return settings.BASE_URL + reverse("contributions:tracking", args=[contribution.key])


def tell_author(
    contribution: Contribution,
    *,
    kind: str,
    subject: outbox.Subject,
    template: str,
    context: dict[str, Any],
    now: datetime,
    dedupe: str = "",
) -> Letter | None:
    """Queue a letter to the author, in the current transaction: to their account where there is one, else to their address.

    Templates find `contribution` and `tracking_url` besides `context`. None when nothing leaves: no address is known, the account
    was closed, the author refused this kind or all letters on this contribution (a mandatory kind excepted), or `dedupe` (within the
    contribution) was sent before. KeyError for an unknown kind.
    """
    to: Any = contribution.person if contribution.person_id else contribution.author_email
    if not to:
        return None
    if contribution.person_id is None and contribution.mail_stopped_at and not kinds.REGISTRY[kind].mandatory:
        return None
    return outbox.send(
        kind,
        to,
        subject=subject,
        template=template,
        context={"contribution": contribution, "tracking_url": tracking_url(contribution)} | context,
        now=now,
        space=contribution.ledger_space,
        thread=contribution.ledger_space,
        dedupe=f"contribution-{contribution.pk}-{dedupe}" if dedupe else "",
    )


def stop_token(contribution: Contribution) -> str:
    """What the unsubscribe address of a mailed author carries; it opens nothing else and never expires."""
    return signing.dumps(contribution.pk, salt=SALT)


def read_stop_token(token: str) -> Contribution | None:
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Contribution.objects.filter(pk=pk).first()


def stop_address(letter: Letter) -> str:
    """The unsubscribe address of a letter on a contribution to a plain address (mailer.unsubscribing.for_addresses)."""
    room, _slash, number = letter.space.partition("/")
    if room != "contribution" or letter.mandatory or not number.isdecimal():
        return ""
    found = Contribution.objects.filter(number=int(number)).only("pk").first()
    return settings.BASE_URL + reverse("contributions:stop_mail", args=[stop_token(found)]) if found else ""


def names_of(reader: Any, spaces: Iterable[str]) -> dict[str, str]:
    """The titles of contributions, for the page of one's mail choices (mailer.spaces)."""
    numbers = [int(space.partition("/")[2]) for space in spaces if space.partition("/")[2].isdecimal()]
    rows = Contribution.objects.visible_to(reader).filter(number__in=numbers)
    return {row.ledger_space: row.title for row in rows.only("number", "title")}
