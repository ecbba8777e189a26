"""What is late is said to the coordination, by the platform, once a week."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogue.contributions.letters import answers as letters
from dialogue.contributions.models import Contribution
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.sorting import Frame, answer_late, unread_late
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.models import Person


@act("contributions.remind_late")
def remind_late(_none: None = None, *, by: Any, now: datetime) -> int:
    """Returns how many letters; raises Refused when nothing is late, or everyone was told this week."""
    today = local_date(now)
    unread = Contribution.objects.filter(unread_late(Frame().campaigns, today)).count()
    unanswered = Contribution.objects.filter(answer_late(today)).count()
    people = Person.objects.coordinators() if unread or unanswered else Person.objects.none()
    sent = letters.remind(people, unread=unread, unanswered=unanswered, now=now)
    if not sent:
        raise Refused("nothing to say")
    return sent
