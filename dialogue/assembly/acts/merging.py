"""Two organisations that are one: the opinions asked of the one are the other's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.models import Opinion
from dialogue.ledger.acts import SYSTEM, act
from dialogue.people.models import Organisation


@act("assembly.move_service", record=("into",))
def move_service(source: Organisation, *, by: Any, now: datetime, into: Organisation) -> None:
    """Opinions follow their service; where both were asked in the same round, the one that was given stays."""
    for opinion in Opinion.objects.filter(service=source):
        other = Opinion.objects.filter(proposition=opinion.proposition_id, round=opinion.round, service=into).first()
        if other is None:
            Opinion.objects.filter(pk=opinion.pk).update(service=into)
        elif not opinion.verdict:
            Opinion.objects.filter(pk=opinion.pk).delete()
        elif not other.verdict:
            Opinion.objects.filter(pk=other.pk).delete()
            Opinion.objects.filter(pk=opinion.pk).update(service=into)


def on_merge(source: Organisation, into: Organisation, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_merge`."""
    if Opinion.objects.filter(service=source).exists():
        move_service(source, by=SYSTEM, now=now, into=into)
