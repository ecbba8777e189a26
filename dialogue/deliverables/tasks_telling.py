"""All the partners hear of a new result: thousands of rows, in the background."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_tasks import task

from dialogue.deliverables.models import Deliverable

#: Partners told in one transaction.
CHUNK = 200


@task()
def tell_partners(pk: int, now: str, by: int | None = None) -> int:
    """Each partner but those told at once and the one who published; `now` is domain time, ISO 8601. May run twice, or again
    after it was cut short: nobody is told twice. Returns how many letters were queued."""
    from dialogue.deliverables import letters
    from dialogue.people.models import Person
    from dialogue.people.stages import AccountStage

    deliverable = Deliverable.objects.out().select_related("chantier").filter(pk=pk).first()
    if deliverable is None:
        return 0
    told = {person.pk for person in letters.readers_at_once(deliverable)} | {by}
    rows = Person.objects.active().filter(stage=AccountStage.VALIDATED).order_by("pk")
    moment, sent, low = datetime.fromisoformat(now), 0, 0
    while people := list(rows.filter(pk__gt=low)[:CHUNK]):
        with transaction.atomic():
            sent += sum(letters.tell_partner(person, deliverable, now=moment) for person in people if person.pk not in told)
        low = people[-1].pk
    return sent
