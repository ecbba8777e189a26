"""Who in a group still gets its letters, and who answers for an address that refuses them: told to the mailer."""

from __future__ import annotations

from typing import Any

from dialogue.chantiers.models import Representative
from dialogue.chantiers.stages import OFFICERS

#: What followers are told too; rooms above add their kinds.
NEWS = ["chantiers.life"]


def may_still_receive(person: Any, space: str, kind: str) -> bool:
    """Whoever left the group since gets nothing more of it, but the news of a chantier that they follow; who never was in it (a
    follower, a guest) is not concerned."""
    if getattr(person, "is_coordination", False):
        return True
    seats = Representative.objects.filter(person_id=person.pk, member__chantier__slug=space.partition("/")[2])
    return seats.active().exists() or not seats.exists() or (kind in NEWS and _follows(person, space))


def _follows(person: Any, space: str) -> bool:
    return bool(person.follows.filter(chantier__slug=space.partition("/")[2]).exists())


def answers_for_address(by: Any, address: str) -> bool:
    """`by` speaks for the sponsor or the lead directorate of a group in which somebody reads mail at `address`."""
    if not getattr(by, "is_partner", False):
        return False
    led = Representative.objects.active().filter(person_id=by.pk, member__role__in=OFFICERS).values("member__chantier_id")
    return Representative.objects.active().filter(member__chantier__in=led, person__email__iexact=address).exists()
