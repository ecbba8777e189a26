"""The kinds of letters, declared by the rooms that write them; the account page lists them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    """When a letter leaves."""

    IMMEDIATE = "immediate", _("tout de suite")
    DIGEST = "digest", _("dans le résumé")
    NEVER = "never", _("jamais")


@dataclass(frozen=True)
class Kind:
    """`default` holds for someone who chose nothing; a `mandatory` kind cannot be refused."""

    code: str
    label: str | Promise
    default: Mode
    mandatory: bool


REGISTRY: dict[str, Kind] = {}


def register(code: str, *, label: str | Promise, default: str = "immediate", mandatory: bool = False) -> Kind:
    """Declare a kind of letter. Raises ValueError when the code is taken."""
    if code in REGISTRY:
        raise ValueError(f"two kinds of letters are named {code}")
    REGISTRY[code] = Kind(code, label, Mode(default), mandatory)
    return REGISTRY[code]
