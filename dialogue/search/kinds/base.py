"""What it takes to be found: a kind says which rows exist, how one is told, and which ones a reader may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.people.stages import Circle

#: The families of kinds, in the order of the facet: code in addresses → (words, icon).
FAMILIES: dict[str, tuple[Any, str]] = {
    "chantiers": (_("Chantiers"), "drap"),
    "feuilles-de-route": (_("Feuilles de route"), "fl"),
    "seances": (_("Séances"), "cal"),
    "comptes-rendus": (_("Comptes-rendus"), "livre"),
    "resultats": (_("Résultats"), "n4"),
    "decisions": (_("Décisions et actions"), "marteau"),
    "propositions": (_("Propositions et votes"), "n5"),
    "pactes": (_("Pactes de territoire"), "n6"),
    "evaluations": (_("Évaluations"), "ok"),
    "points": (_("Points d’étape"), "rev"),
    "documents": (_("Documents"), "doc"),
    "discussions": (_("Discussions"), "bulle"),
    "carnet": (_("Carnet de voyage"), "livre"),
    "cooperations": (_("Coopérations"), "rejoindre"),
    "organismes": (_("Organismes"), "pers"),
    "dates": (_("Dates de la démarche"), "cal"),
    "cadre": (_("Territoires et thèmes"), "lieu"),
    "aide": (_("Pages d’aide"), "info"),
}


@dataclass(frozen=True)
class Telling:
    """One thing, as the index keeps it. `text` is plain; `also`: words by which it is found, shown nowhere. `path` is its page for
    those who enter the space of its chantier, `path_outside` for the others (the same when empty)."""

    title: str
    text: str = ""
    also: str = ""
    path: str = ""
    path_outside: str = ""
    circle: str = Circle.PUBLIC
    at: datetime | None = None
    chantier_id: int | None = None
    territory_id: int | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing. `rows()`: those that can be found; `readable(reader)`: those that this reader may read now.

    `because`: of which other things an act changes what this one says: type of the thing → path from here to it.
    `wholesale`: acts that name no thing, and may change any row of this kind.
    """

    code: str
    label: str | Promise
    family: str
    rows: Callable[[], QuerySet]
    tell: Callable[[Any], Telling]
    readable: Callable[[Any], QuerySet]
    because: Mapping[str, str] = field(default_factory=dict)
    wholesale: frozenset[str] = frozenset()

    @property
    def thing_type(self) -> str:
        return self.rows().model._meta.label_lower

    def readable_q(self, reader: Any) -> Q:
        """Entries of this kind whose thing `reader` may read: asked of the things themselves at each search."""
        return Q(kind=self.code) & Q(Exists(self.readable(reader).filter(pk=OuterRef("thing_id"))))


def moment(day: date | None) -> datetime | None:
    """Noon of `day`, site time."""
    return timezone.make_aware(datetime.combine(day, time(12))) if day else None


def lines(*parts: str | None) -> str:
    """Parts of a text, one under the other; empty ones go."""
    return "\n".join(part.strip() for part in parts if part and part.strip())
