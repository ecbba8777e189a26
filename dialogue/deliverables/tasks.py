"""The deadline of what was submitted to a group."""

from __future__ import annotations

from datetime import datetime

from dialogue.deliverables.acts import preparing as acts
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Stage
from dialogue.deliverables.tasks_telling import tell_partners
from dialogue.ledger.acts import SYSTEM, Refused
from dialogue.mailer.periodic import every

__all__ = ["tell_partners", "validate_by_silence"]


@every(hours=1)
def validate_by_silence(now: datetime) -> int:
    """Nobody asked for a change before the deadline: the group has agreed, as the page and the mail said. Returns how many."""
    rows = Deliverable.objects.filter(stage=Stage.SUBMITTED, deadline__lte=now).select_related(
        "chantier", "file", "accessible_file"
    )
    count = 0
    for deliverable in rows.order_by("pk"):
        try:
            acts.validate(deliverable, by=SYSTEM, now=now)
            count += 1
        except Refused:
            continue  # a request came, or the antivirus refused a file
    return count
