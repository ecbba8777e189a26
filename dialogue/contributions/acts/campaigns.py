"""Campaigns: prepared, announced, closed, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from dialogue.contributions.models import Campaign
from dialogue.contributions.rules import deposit as _rules  # noqa: F401  (declares the permissions)
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle

#: What a form may change at any time.
FIELDS = (
    "title", "introduction", "question", "opens_on", "closes_on", "moderate_first", "circle", "read_within_days", "answer_within_days",
)  # fmt: skip


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in fields.items() if name in FIELDS}
    if not str(fields.get("title", "")).strip():
        raise Refused(_("Donnez un titre à la campagne."))
    if fields.get("circle") not in {Circle.PUBLIC, Circle.PARTNERS}:
        raise Refused(_("Les contributions d’une campagne se lisent par tous, ou par les partenaires."))
    if fields.get("closes_on") and fields["closes_on"] < fields["opens_on"]:
        raise Refused(_("Le dernier jour vient après le premier."))
    return fields


def free_slug(title: str) -> str:
    """An address of its own, from the title."""
    base = slugify(title)[:50].strip("-") or "campagne"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@act("contributions.open_campaign", creates=True)
def open_campaign(
    _nothing: None, *, by: Any, now: datetime, territories: Iterable[Any] = (), is_announced: bool = False, **fields: Any
) -> Campaign:
    """A new campaign; it takes deposits from its first day on, once it is announced. Raises Refused for what makes no sense."""
    fields = _checked(fields)
    campaign = Campaign.objects.create(slug=free_slug(fields["title"]), is_announced=is_announced, **fields)
    campaign.territories.set(territories)
    return campaign


@act("contributions.change_campaign")
def change_campaign(campaign: Campaign, *, by: Any, now: datetime, territories: Iterable[Any] = (), **fields: Any) -> None:
    """What it asks, when and where. Its address stays; what was already received keeps its circle and its promised date."""
    for name, value in _checked(fields).items():
        setattr(campaign, name, value)
    campaign.save()
    campaign.territories.set(territories)


@act("contributions.announce_campaign")
def announce_campaign(campaign: Campaign, *, by: Any, now: datetime) -> None:
    """Everyone finds it from now on."""
    Campaign.objects.filter(pk=campaign.pk).update(is_announced=True)
    campaign.refresh_from_db()


@act("contributions.close_campaign")
def close_campaign(campaign: Campaign, *, by: Any, now: datetime) -> None:
    """Nobody deposits any more, from now on. One that had not opened yet is announced no more."""
    today = local_date(now)
    if not campaign.is_open(today):
        raise Refused(_("Cette campagne n’est pas ouverte."))
    yesterday = today - timedelta(days=1)
    if campaign.opens_on > yesterday:
        # Opened and closed the same day: its dates stay in order, and nothing is asked any more.
        Campaign.objects.filter(pk=campaign.pk).update(is_announced=False)
    else:
        Campaign.objects.filter(pk=campaign.pk).update(closes_on=yesterday)
    campaign.refresh_from_db()


@act("contributions.reopen_campaign")
def reopen_campaign(campaign: Campaign, *, by: Any, now: datetime, closes_on: date | None = None) -> None:
    """Deposits are taken again, until `closes_on` (None: without end)."""
    today = local_date(now)
    if closes_on is not None and closes_on < today:
        raise Refused(_("Le nouveau dernier jour est à venir."))
    Campaign.objects.filter(pk=campaign.pk).update(closes_on=closes_on, opens_on=min(campaign.opens_on, today), is_announced=True)
    campaign.refresh_from_db()
