"""Words that the page, the PDF and the comparison of an edition say alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.pacts.stages import ActionState, Situation
from dialogue.ui.dates import short_day


def headings(year: int) -> dict[Situation, str | Promise]:
    """The titles of the groups of actions in the edition of `year`."""
    return {
        Situation.NEW: format_lazy(gettext_lazy("Les actions nouvelles de {year}"), year=year),
        Situation.CARRIED: gettext_lazy("Les actions qui se poursuivent"),
        Situation.DONE: gettext_lazy("Les actions réalisées"),
        Situation.DROPPED: gettext_lazy("Les actions abandonnées"),
    }


def day_of(day: str) -> str:
    """7 novembre 2017, of "2017-11-07"; empty without a day."""
    found = date.fromisoformat(day) if day else None
    return f"{short_day(found)} {found.year}" if found else ""


def state_of(row: dict[str, Any]) -> str:
    """The state of an action in a frozen content, with its day when it is done."""
    label = str(ActionState(row["state"]).label)
    return _("%(state)s le %(day)s") % {"state": label, "day": day_of(row["done_on"])} if row["done_on"] else label


def counted(state: str, n: int) -> str:
    """« 3 prévues »."""
    words = {
        ActionState.PLANNED: ngettext("%(n)d prévue", "%(n)d prévues", n),
        ActionState.UNDER_WAY: ngettext("%(n)d en cours", "%(n)d en cours", n),
        ActionState.DONE: ngettext("%(n)d réalisée", "%(n)d réalisées", n),
        ActionState.DROPPED: ngettext("%(n)d abandonnée", "%(n)d abandonnées", n),
    }
    return words[ActionState(state)] % {"n": n}
