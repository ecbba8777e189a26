"""What a notice of non-delivery does to an address: the mailbox is gone, or refuses for now once too often."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.mailer.models import SoftBounce, Suspension

#: Refusals "for now" within this time, after which nothing more is sent there.
PATIENCE, WINDOW = 3, timedelta(days=10)
#: 5.7.x is policy (spam, authentication): it speaks of us, never of the address.
POLICY = "5.7."


def is_permanent(status: str) -> bool:
    """5.x.x (RFC 3463) says that trying again is useless."""
    return status.startswith("5.") and not status.startswith(POLICY)


def note(address: str, status: str, reason: str, now: datetime) -> Suspension | None:
    """Count the refusal, suspend the address when it is one too many. Returns the suspension, None when mail still goes there.

    A refusal whose status is policy, or a success, counts for nothing.
    """
    address, said = address.strip().lower(), f"{status} {reason}".strip()[:500]
    if not address or not status.startswith(("4.", "5.")) or status.startswith(POLICY):
        return None
    if not is_permanent(status):
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
