"""What the acts of sorting have in common: they remember what they change. For the acts of this room alone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.contributions.acts.rows import published_at, write
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.contributions.sorting_hold import moment, other_holder
from dialogue.ledger.acts import Refused
from dialogue.ui.dates import hour

#: Nobody holds it any more.
FREE: dict[str, Any] = {"held_by": None, "held_at": None}


class Outdated(Refused):
    """The form was made from an older state than what stands: both are to be shown."""


def not_held_by_another(contribution: Contribution, *, by: Any, now: datetime) -> str | None:
    """A guard: someone else has it open."""
    holder = None if getattr(by, "is_system", False) else other_holder(contribution, by, moment())
    if holder is None or contribution.held_at is None:
        return None
    return _("%(who)s s’en occupe (depuis %(hour)s). Reprenez-la d’abord, ou passez à la suivante.") % {
        "who": holder,
        "hour": hour(contribution.held_at),
    }


def expect(contribution: Contribution, revision: int | None) -> None:
    """Raises Outdated when the row, which is held, is no longer what a form was made from."""
    if revision is not None and contribution.revision != revision:
        raise Outdated(_("Quelqu’un a modifié cette contribution entre-temps. Comparez, puis décidez : rien n’est perdu."))


def change(
    row: Contribution,
    act: str,
    *,
    by: Any,
    now: datetime,
    group: uuid.UUID | None = None,
    letter: str = "",
    also: dict[str, Any] | None = None,
    **fields: Any,
) -> SortingChange:
    """Writes these columns and keeps what they said. A change of stage says too whether readers see it; nobody holds it after."""
    if "stage" in fields:
        fields["is_published"] = published_at(fields["stage"], row.campaign)
    before = {name: getattr(row, row._meta.get_field(name).attname) for name in fields}
    write(row, **fields, **FREE)
    return SortingChange.objects.create(
        contribution=row,
        act=act,
        before=before,
        also=also or {},
        revision=row.revision,
        letter=f"{letter}-{row.revision}" if letter else "",
        group=group,
        by_id=by.pk,
        at=now,
    )


def restored(row: Contribution, change_made: SortingChange) -> dict[str, Any]:
    """What each column said before this change, by the names of the columns (`theme_id`…)."""
    found = {}
    for name, value in change_made.before.items():
        field = row._meta.get_field(name)
        found[field.attname] = value if field.is_relation else field.to_python(value)
    return found


def words(text: str, longest: int, missing: str) -> str:
    """What was typed, without what no database keeps; raises Refused when there is nothing, or too much."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused(missing)
    if len(text) > longest:
        raise Refused(_("Ce texte est trop long : %(n)d signes au plus.") % {"n": longest})
    return text
