"""`territories.set_brand`: name, logo, colours and contact, refused when a text would become hard to read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from dialogue.ledger.acts import Refused, act
from dialogue.territories import (
    contrast,
    logos,
    rules,  # noqa: F401 — the permission
)
from dialogue.territories.acts.fields import checked
from dialogue.territories.models import BRAND_SETTINGS, Department

FIELDS = (
    "name", "site_name", "tagline", "contact_service", "contact_email", "contact_phone", "siret", "publisher", "host", "privacy_contact",
    "presentation", *BRAND_SETTINGS,
)  # fmt: skip


@act("territories.set_brand")
def set_brand(
    department: Department,
    *,
    by: Any,
    now: datetime,
    values: Mapping[str, Any],
    logo: bytes | None = None,
    remove_logo: bool = False,
) -> Department:
    """Sets any of FIELDS; `logo` replaces the logo, `remove_logo` goes back to the design's.

    Raises Refused: a logo that is not an image (logos.judge), a pair of colours below its contrast (contrast.failures).
    """
    stored = Department.objects.select_for_update().get(pk=department.pk)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))} cannot be set by this act")
    for name, value in values.items():
        setattr(stored, name, value)
    checked(stored)
    reasons = contrast.reasons(stored.brand_settings)
    if reasons:
        raise Refused(*reasons)
    before = stored.logo.name
    if logo is not None:
        kind = logos.judge(logo)
        name = f"brand/logo-{hashlib.sha256(logo).hexdigest()[:16]}.{kind}"
        if not stored.logo.storage.exists(name):
            name = stored.logo.storage.save(name, ContentFile(logo))
        stored.logo = name
    elif remove_logo:
        stored.logo = ""
    stored.save()
    if before and before != stored.logo.name:
        transaction.on_commit(lambda: stored.logo.storage.delete(before))
    return stored
