"""One declaration of a field serves the API, its OpenAPI description, the files and the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from ninja import Schema
from pydantic import Field as Described
from pydantic import create_model


class Kind(StrEnum):
    """What a value is: in JSON, in a cell, in words."""

    TEXT = "texte"
    INTEGER = "nombre entier"
    BOOLEAN = "vrai ou faux"
    DAY = "date"
    MOMENT = "date et heure"
    LINK = "adresse web"
    WORDS = "liste de textes"
    OBJECT = "objet"
    OBJECTS = "liste d’objets"


#: Between the values of a list, in a cell.
BETWEEN = " | "
TYPES: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.BOOLEAN: bool,
    Kind.DAY: date,
    Kind.MOMENT: datetime,
    Kind.LINK: str,
    Kind.WORDS: list[str],
}


@dataclass(frozen=True)
class Field:
    """`code`: the key in JSON, the heading in a table. `value`: row → Python value; None only where `can_be_empty`.

    `inner`: the fields of an object or of the objects of a list. `detail`: in the answer for one item, not in lists.
    """

    code: str
    kind: Kind
    about: str | Promise
    value: Callable[[Any], Any]
    choices: type[TextChoices] | None = None
    can_be_empty: bool = False
    inner: tuple[Field, ...] = ()
    detail: bool = False

    @property
    def is_flat(self) -> bool:
        return self.kind not in {Kind.OBJECT, Kind.OBJECTS}

    def json(self, row: Any) -> Any:
        """The value as JSON knows it: dates are ISO 8601, in the Département's time."""
        found = self.value(row)
        if found is None:
            return None
        return _WRITERS[self.kind](self, found)

    def cell(self, row: Any) -> Any:
        """The value as a table holds it: lists are joined, choices are written."""
        found = self.value(row)
        if self.kind == Kind.WORDS:
            return BETWEEN.join(map(str, found))
        if self.kind == Kind.MOMENT and found is not None:
            return timezone.localtime(found)
        return str(found) if isinstance(found, Promise) else found


def _object(field: Field, found: Any) -> dict[str, Any]:
    return {inner.code: inner.json(found) for inner in field.inner}


_WRITERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: lambda _field, found: str(found),
    Kind.INTEGER: lambda _field, found: found,
    Kind.BOOLEAN: lambda _field, found: found,
    Kind.DAY: lambda _field, found: found.isoformat(),
    Kind.MOMENT: lambda _field, found: timezone.localtime(found).isoformat(timespec="seconds"),
    Kind.LINK: lambda _field, found: found,
    Kind.WORDS: lambda _field, found: [str(one) for one in found],
    Kind.OBJECT: _object,
    Kind.OBJECTS: lambda field, found: [_object(field, one) for one in found],
}


def schema_of(name: str, fields: Iterable[Field]) -> type[Schema]:
    """The same fields as OpenAPI describes them; every key is always there."""
    columns: dict[str, Any] = {}
    for field in fields:
        extra = {"format": "uri"} if field.kind == Kind.LINK else None
        about = Described(description=str(field.about), json_schema_extra=extra)
        columns[field.code] = (_type(name, field), about)
    return create_model(name, __base__=Schema, **columns)


def _type(name: str, field: Field) -> Any:
    if field.kind in {Kind.OBJECT, Kind.OBJECTS}:
        inner: Any = schema_of(f"{name}{field.code.title().replace('_', '')}", field.inner)
        found: Any = list[inner] if field.kind == Kind.OBJECTS else inner
    elif field.choices is not None:
        found = Literal[tuple(value for value in field.choices.values if value)]
    else:
        found = TYPES[field.kind]
    return found | None if field.can_be_empty else found


# Shorter to read where dozens are declared -------------------------------------------------------------------------


def text(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.TEXT, about, value, **more)


def integer(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.INTEGER, about, value, **more)


def boolean(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.BOOLEAN, about, value, **more)


def day(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.DAY, about, value, **{"can_be_empty": True} | more)


def moment(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.MOMENT, about, value, **{"can_be_empty": True} | more)


def link(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.LINK, about, value, **more)


def words(code: str, about: Any, value: Callable[[Any], Any], **more: Any) -> Field:
    return Field(code, Kind.WORDS, about, value, **more)


def choice(code: str, about: Any, choices: type[TextChoices], value: Callable[[Any], Any], **more: Any) -> Field:
    """The code of a choice; empty is null."""
    return Field(code, Kind.TEXT, about, lambda row: value(row) or None, choices, **more)


def objects(code: str, about: Any, value: Callable[[Any], Any], *inner: Field, **more: Any) -> Field:
    return Field(code, Kind.OBJECTS, about, value, inner=inner, **more)
