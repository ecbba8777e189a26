"""Who has a contribution open: a lease in real time, so that several people sort without treading on each other.

A hold lasts ten minutes and is renewed by activity. An assignment is a hold whose time lies ahead: it lasts two weeks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dialogue.contributions.models import Contribution

LEASE = timedelta(minutes=10)
#: A hold younger than this need not be renewed.
FRESH = timedelta(minutes=5)
ASSIGNED_FOR = timedelta(days=14)


def moment() -> datetime:
    """Real time: leases never follow the clock of the domain."""
    return timezone.now()


def free_for(reader: Any, at: datetime) -> Q:
    """Contributions that nobody else holds."""
    return Q(held_by=None) | Q(held_by_id=reader.pk) | Q(held_at__lt=at - LEASE)


def is_held(contribution: Contribution, at: datetime) -> bool:
    return contribution.held_at is not None and contribution.held_at >= at - LEASE


def other_holder(contribution: Contribution, reader: Any, at: datetime) -> Any:
    """The person, not the reader, who holds it now; None when it is free for the reader."""
    if not is_held(contribution, at) or contribution.held_by_id == getattr(reader, "pk", None):
        return None
    return contribution.held_by


def is_assigned(contribution: Contribution, at: datetime) -> bool:
    """Given to someone for some days, rather than open on their screen."""
    return contribution.held_at is not None and contribution.held_at > at


def needs_renewal(contribution: Contribution, reader: Any, at: datetime) -> bool:
    return contribution.held_by_id != reader.pk or contribution.held_at is None or contribution.held_at < at - FRESH
