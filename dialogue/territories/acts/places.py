"""Territories, communes and themes, edited one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused, act
from dialogue.territories import rules  # noqa: F401 — the permissions
from dialogue.territories.acts.fields import set_fields
from dialogue.territories.models import Commune, Territory, Theme

TERRITORY_FIELDS = ("name", "short_name", "order", "tile_row", "tile_column", "description")
THEME_FIELDS = ("name", "short_name", "icon", "keywords", "description", "order")


@act("territories.change_territory")
def change_territory(territory: Territory, *, by: Any, now: datetime, values: Mapping[str, Any]) -> Territory:
    """Sets any of TERRITORY_FIELDS; the code, which addresses are made of, stays. Raises Refused."""
    stored = Territory.objects.select_for_update().get(pk=territory.pk)
    set_fields(stored, values, TERRITORY_FIELDS)
    return stored


@act("territories.change_theme")
def change_theme(theme: Theme, *, by: Any, now: datetime, values: Mapping[str, Any]) -> Theme:
    """Sets any of THEME_FIELDS; the code stays. Raises Refused."""
    stored = Theme.objects.select_for_update().get(pk=theme.pk)
    set_fields(stored, values, THEME_FIELDS)
    return stored


@act("territories.add_theme", creates=True)
def add_theme(thing: None, *, by: Any, now: datetime, values: Mapping[str, Any]) -> Theme:
    """The code comes from the name. Raises Refused when a theme has that name or code already."""
    theme = Theme(code=slugify(values["name"])[:60].strip("-"))
    if not theme.code:
        raise Refused(_("Écrivez un nom avec des lettres."))
    if Theme.objects.filter(code=theme.code).exists():
        raise Refused(_("Un thème porte déjà ce nom, ou un nom très proche."))
    set_fields(theme, values, THEME_FIELDS)
    return theme


@act("territories.move_commune", record=["commune"])
def move_commune(territory: Territory, *, by: Any, now: datetime, commune: Commune) -> Commune:
    """The commune joins `territory`. Raises Refused when it is there already."""
    stored = Commune.objects.select_for_update().get(pk=commune.pk)
    if stored.territory_id == territory.pk:
        raise Refused(_("%(commune)s est déjà dans ce territoire.") % {"commune": stored.name})
    set_fields(stored, {"territory": territory}, ("territory",))
    return stored
