"""The list of what is open. To add a room: declare a `Resource` in `sets/`, name it in `sets.ALL`; pages, API, files and
catalogue follow.

`rows` must go through `visible_to(PUBLIC)` and end in a total order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from dialogue.opendata.fields import Field

#: The one reader of everything here.
PUBLIC = AnonymousUser()
#: Rows read at a time for a file.
CHUNK = 500
FORMATS = ("csv", "xlsx", "json")
Rows = QuerySet[Any]


class Typed(Enum):
    """What a filter accepts."""

    CODE = "code"
    WORDS = "words"
    INTEGER = "integer"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Filter:
    """`name`: of the parameter. `apply`: (rows, value) → rows. `codes`: the only values accepted, where they are few."""

    name: str
    typed: Typed
    about: str | Promise
    apply: Callable[[Rows, Any], Rows]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """`code` is in every address; `item` names one, in OpenAPI; `key` is the column of its identifier, `key_field` its field.

    `one` prepares the rows for the answer that shows one item whole. `table` and `expand`: the columns of the files where they
    are not the flat fields, and the lines that a row makes there. `geometry`: a GeoJSON geometry or None.
    """

    code: str
    title: str | Promise
    about: str | Promise
    item: str
    fields: tuple[Field, ...]
    rows: Callable[[], Rows]
    key: str
    key_field: str
    key_type: type = str
    filters: tuple[Filter, ...] = ()
    one: Callable[[Rows], Rows] = lambda rows: rows
    table: tuple[Field, ...] = ()
    expand: Callable[[Any], Iterable[Any]] | None = None
    geometry: Callable[[Any], dict[str, Any] | None] | None = None
    with_geometry: Callable[[Rows], Rows] = lambda rows: rows
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    page: str = "portal:home"

    @property
    def columns(self) -> tuple[Field, ...]:
        return self.table or tuple(field for field in self.fields if field.is_flat and not field.detail)

    @property
    def listed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.detail)

    @property
    def formats(self) -> tuple[str, ...]:
        return (*FORMATS, "geojson") if self.geometry else FORMATS

    def item_of(self, row: Any, *, whole: bool = False) -> dict[str, Any]:
        return {field.code: field.json(row) for field in self.fields if whole or not field.detail}

    def lines(self, rows: Rows | None = None) -> Iterator[Any]:
        """What the files hold, in bounded memory."""
        for row in (self.rows() if rows is None else rows).iterator(CHUNK):
            yield from self.expand(row) if self.expand else (row,)

    def api_path(self, key: Any = None) -> str:
        path = f"/api/v1/{self.code}/"
        return path if key is None else f"{path}{key}/"


def absolute(path: str) -> str:
    """The address that leaves the site."""
    return f"{settings.BASE_URL}{path}"


# Filters that many have in common ----------------------------------------------------------------------------------


def by_code(name: str, about: Any, path: str) -> Filter:
    return Filter(name, Typed.CODE, about, lambda rows, value: rows.filter(**{path: value}))


def among(name: str, about: Any, path: str, codes: Iterable[str]) -> Filter:
    return Filter(name, Typed.CODE, about, lambda rows, value: rows.filter(**{path: value}), tuple(str(code) for code in codes))


def since(about: Any, path: str) -> Filter:
    """From the beginning of a day; `path` ends in `__date` where the column holds moments."""
    return Filter("depuis", Typed.DAY, about, lambda rows, value: rows.filter(**_bound(path, "gte", value)))


def until(about: Any, path: str) -> Filter:
    """Up to the end of a day."""
    return Filter("jusqua", Typed.DAY, about, lambda rows, value: rows.filter(**_bound(path, "lte", value)))


def _bound(path: str, how: str, day: date) -> dict[str, Any]:
    """A column of moments is compared with a moment, so that its index serves."""
    if not path.endswith("__date"):
        return {f"{path}__{how}": day}
    column = path.removesuffix("__date")
    if how == "gte":
        return {f"{column}__gte": timezone.make_aware(datetime.combine(day, time.min))}
    return {f"{column}__lt": timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))}


def changed_after(about: Any, *paths: str) -> Filter:
    """Any of these moments is later."""

    def apply(rows: Rows, value: datetime) -> Rows:
        later = Q()
        for path in paths:
            later |= Q(**{f"{path}__gte": value})
        return rows.filter(later)

    return Filter("modifie_apres", Typed.MOMENT, about, apply)
