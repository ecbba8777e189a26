"""Setting the fields of a row, checked as its model says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused


def set_fields(row: Model, values: Mapping[str, Any], allowed: tuple[str, ...]) -> bool:
    """Sets and saves the allowed fields; answers whether anything changed.

    Raises Refused with the sentences of the model's own checks, and TypeError for a field that is not allowed.
    """
    unknown = set(values) - set(allowed)
    if unknown:
        raise TypeError(f"{type(row).__name__}: {', '.join(sorted(unknown))} cannot be set by this act")
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    checked(row)
    if changed or row._state.adding:
        row.save()
    return bool(changed)


def checked(row: Model) -> None:
    """Raises Refused when the row breaks a rule of its model."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(*sentences(row, error)) from error


def sound(row: Model, *, exclude: list[str]) -> None:
    """Raises Refused when a field of the row is not what its model says; asks no query, when foreign keys are excluded."""
    try:
        row.clean_fields(exclude)
    except ValidationError as error:
        raise Refused(*(f"{row} · {sentence}" for sentence in sentences(row, error))) from error


def sentences(row: Model, error: ValidationError) -> list[str]:
    """The errors of a row, each with the name of its field."""
    found = []
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else str(row._meta.get_field(name).verbose_name)
        found += [
            _("%(label)s : %(message)s") % {"label": label.capitalize(), "message": text} if label else text for text in messages
        ]
    return found
