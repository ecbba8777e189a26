""" "Soutenir celle-ci": an organisation or a person says the same, once, and proves its address as a depositor does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dialogue.contributions.acts.deposit import mail_code, without_nul
from dialogue.contributions.authors import author_key
from dialogue.contributions.letters import deposit as letters
from dialogue.contributions.models import Contribution, Support
from dialogue.contributions.stages import STANDING
from dialogue.ledger.acts import Refused, act


@act("contributions.support", come_from=STANDING, creates=True)
def support(
    contribution: Contribution,
    *,
    by: Any,
    now: datetime,
    organisation: Any = None,
    organisation_name: str = "",
    author_email: str = "",
) -> Support:
    """Counts at once for a validated person; otherwise when the code mailed to `author_email` is typed. Once per author: whoever
    signed for one organisation may not sign for it again from elsewhere. Raises Refused."""
    known = by if getattr(by, "is_partner", False) else None
    email = (known.email if known else without_nul(author_email)).strip().lower()
    name = " ".join(without_nul(organisation_name).split())[:160]
    if not email:
        raise Refused(_("Indiquez votre adresse électronique."))
    key = author_key(organisation=organisation, organisation_name=name, name="" if organisation or name else email)
    own = author_key(email=email)
    if contribution.author_key in {key, own}:
        raise Refused(_("C’est votre propre contribution."))
    found = Support.objects.filter(contribution=contribution, author_key=key).first()
    if found is not None and found.confirmed_at is not None:
        if known is None and found.organisation_id is None and not found.organisation_name:
            # Whether an address supports is its owner's: a stranger who tries one is told nothing.
            letters.support_noted(found, now=now)
            return found
        raise Refused(_("Vous soutenez déjà cette contribution."))
    row = found or Support(contribution=contribution, author_key=key)
    row.organisation, row.organisation_name, row.author_email, row.at = organisation, "" if organisation else name, email, now
    row.person_id, row.confirmed_at = (known.pk, now) if known else (None, None)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("Vous soutenez déjà cette contribution.")) from None
    if known:
        letters.support_noted(row, now=now)
    else:
        mail_code(row, now=now)
    return row


@act("contributions.ask_support_code")
def ask_support_code(row: Support, *, by: Any, now: datetime) -> None:
    """Six new digits; those sent before open nothing any more. Nothing leaves for a support that is proven."""
    if row.confirmed_at is None and row.author_email:
        mail_code(row, now=now)


@act("contributions.purge_support", creates=True)
def purge_support(row: Support, *, by: Any, now: datetime) -> Contribution:
    """Its address was never proven (docs/retention.yaml)."""
    contribution = row.contribution
    Support.objects.filter(pk=row.pk, confirmed_at=None).delete()
    return contribution
