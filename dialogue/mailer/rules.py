"""Permission sentences of the mailer (it knows people only by what they answer)."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_reader(person: Any, owner: Any) -> bool:
    """The choices are one's own."""
    return owner is not None and getattr(person, "pk", None) is not None and person.pk == owner.pk


@rules.predicate
def watches_mail(person: Any) -> bool:
    return bool(getattr(person, "is_coordination", False))


rules.add_perm("mailer.choose", is_reader)
rules.add_perm("mailer.retry_letter", watches_mail)
rules.add_perm("mailer.lift_suspension", watches_mail)
