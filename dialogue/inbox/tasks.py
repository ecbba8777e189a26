"""The inbox's periodic work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from dialogue.inbox.acts.filing import forget_mail
from dialogue.inbox.models import Mail
from dialogue.ledger.acts import SYSTEM
from dialogue.mailer.periodic import every

#: How long the words and the bytes of a mail are kept once it was dealt with (docs/retention.yaml, in days).
ORIGINAL_DAYS = 90


@every(days=1)
def forget_originals(now: datetime) -> int:
    """Ninety days after it was dealt with, a mail keeps its envelope alone; one that waits is never erased. Returns how many."""
    limit = timezone.now() - timedelta(days=ORIGINAL_DAYS)
    count = 0
    for mail in Mail.objects.filter(original__isnull=False, settled_at__isnull=False, received_at__lt=limit).iterator():
        if mail.settled_at < now - timedelta(days=ORIGINAL_DAYS):
            forget_mail(mail, by=SYSTEM, now=now)
            count += 1
    return count
