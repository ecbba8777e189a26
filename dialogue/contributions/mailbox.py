"""The address at which a campaign takes contributions by mail (read by the inbox)."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings

from dialogue.contributions.models import Campaign

#: `contribution+<slug>` and `contributions`: the local parts that the inbox reads.
NAMED = re.compile(r"contribution\+([a-z0-9_-]{1,60})")
GENERAL = {"contribution", "contributions"}


def campaign_address(campaign: Campaign) -> str:
    return f"contribution+{campaign.slug.lower()}@{settings.MAIL_DOMAIN}"


def campaign_at(slug: str, today: date) -> Campaign | None:
    """The campaign that an address names; without a name, the one that is open, when there is exactly one."""
    if slug:
        return Campaign.objects.filter(slug__iexact=slug, is_announced=True).first()
    rows = list(Campaign.objects.all().open_on(today)[:2])
    return rows[0] if len(rows) == 1 else None
