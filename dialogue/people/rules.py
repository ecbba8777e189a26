"""Permission sentences of the people room, and the predicates that every room composes."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_system(reader: Any) -> bool:
    return bool(getattr(reader, "is_system", False))


@rules.predicate
def is_signed_in(reader: Any) -> bool:
    return bool(getattr(reader, "is_authenticated", False))


@rules.predicate
def is_partner(reader: Any) -> bool:
    return bool(getattr(reader, "is_partner", False))


@rules.predicate
def is_coordination(reader: Any) -> bool:
    return bool(getattr(reader, "is_coordination", False))


@rules.predicate
def is_secretariat(reader: Any) -> bool:
    return bool(getattr(reader, "is_secretariat", False))


@rules.predicate
def is_oneself(reader: Any, person: Any) -> bool:
    return person is not None and getattr(reader, "pk", None) is not None and reader.pk == person.pk
