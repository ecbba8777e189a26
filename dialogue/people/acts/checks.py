"""What several acts check before they write."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused
from dialogue.people.models import Person


def fill(row: Model, **values: Any) -> list[str]:
    """Set `values` on `row` (texts without outer spaces) and check them against the model's fields.

    Returns the names of the fields set. Raises Refused with the fields' own sentences.
    """
    for name, value in values.items():
        setattr(row, name, value.strip().replace("\x00", "") if isinstance(value, str) else value)
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(values))
    except ValidationError as error:
        said = error.message_dict.items()
        lines = [f"{row._meta.get_field(name).verbose_name} : {line}" for name, lines in said for line in lines]
        raise Refused(*lines) from error
    return list(values)


def keep_a_coordinator(person: Person) -> None:
    """Raises Refused when `person` is the last one of the coordination: nobody could validate accounts any more.

    The rows of the coordination are locked, always in the same order, so that two who leave at once cannot both go.
    """
    staff = list(Person.objects.coordinators().order_by("pk").select_for_update().values_list("pk", flat=True))
    if staff == [person.pk]:
        raise Refused(_("C’est la dernière personne de la coordination : confiez d’abord cette charge à quelqu’un d’autre."))
