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


class Frequency(TextChoices):
    """When the digest leaves, at 8 h."""

    WEEKLY = "weekly", _("chaque semaine, le lundi matin")
    DAILY = "daily", _("chaque jour, le matin")
    NEVER = "never", _("jamais")


@dataclass(frozen=True)
class Kind:
    """`default` holds for someone who chose nothing; a `mandatory` kind cannot be refused; `per_space` ones can be
    chosen otherwise for one group."""

    code: str
    label: str | Promise
    default: Mode
    mandatory: bool
    per_space: bool


REGISTRY: dict[str, Kind] = {}


def register(
    code: str, *, label: str | Promise, default: str = "immediate", mandatory: bool = False, per_space: bool = True
) -> Kind:
    """Declare a kind of letter. Raises ValueError when the code is taken."""
    if code in REGISTRY:
        raise ValueError(f"two kinds of letters are named {code}")
    REGISTRY[code] = Kind(code, label, Mode(default), mandatory, per_space)
    return REGISTRY[code]


def choosable(*, in_space: bool = False) -> list[Kind]:
    """The kinds that a person may refuse, in the order of their codes."""
    return [kind for code, kind in sorted(REGISTRY.items()) if not kind.mandatory and (kind.per_space or not in_space)]


#: What the mailer writes itself: several letters in one.
DIGEST = register("mailer.digest", label=_("Résumé"), default="immediate", mandatory=True, per_space=False)
