"""What a notice of non-delivery does to an address: the mailbox is gone, or refuses for now once too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from dialogue.mailer.models import SoftBounce, Suspension

#: Refusals "for now" within this time, after which nothing more is sent there.
PATIENCE, WINDOW = 3, timedelta(days=10)
#: A full mailbox is emptied one day, even when its server gives up at once.
_FULL = "5.2.2"
#: Policy (spam, authentication) speaks of us, never of the address; these others, of the message (too long, unreadable).
_NOT_THE_ADDRESS = ("5.7.", "5.2.3", "5.3.4", "5.6.")


class Weight(Enum):
    """What a refusal says of the address."""

    GONE = "gone"
    PASSING = "passing"
    NOTHING = "nothing"


def weight(status: str) -> Weight:
    """Read an enhanced status (RFC 3463, "5.1.1"): 5.x.x says that trying again is useless, 4.x.x that it may help."""
    if status.startswith("4.") or status == _FULL:
        return Weight.PASSING
    return Weight.GONE if status.startswith("5.") and not status.startswith(_NOT_THE_ADDRESS) else Weight.NOTHING


def note(address: str, status: str, reason: str, now: datetime) -> Suspension | None:
    """Count the refusal, suspend the address when it is one too many. Returns the suspension, None when mail still goes there.

    A refusal that does not speak of the address counts for nothing.
    """
    address, said = address.strip().lower(), f"{status} {reason}".strip()[:500]
    found = weight(status)
    if not address or found is Weight.NOTHING:
        return None
    if found is Weight.PASSING:
        SoftBounce.objects.create(address=address, status=status[:20], reason=reason[:500], at=now)
        recent = SoftBounce.objects.filter(address=address, at__gt=now - WINDOW, at__lte=now)
        if recent.count() < PATIENCE:
            return None
    return Suspension.objects.get_or_create(address=address, defaults={"reason": said})[0]


def forget_old(now: datetime) -> None:
    """What is too old to count is not kept."""
    SoftBounce.objects.filter(at__lt=now - WINDOW).delete()


def forget(address: str) -> None:
    """The address is written to again: its past refusals count no more."""
    SoftBounce.objects.filter(address__iexact=address).delete()
