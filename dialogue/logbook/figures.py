"""The figures of governance that an edition may carry: gathered from whoever computes them, then corrected by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.evaluation import governance
from dialogue.people.stages import Circle
from dialogue.ui.dates import thousands


@dataclass(frozen=True)
class Figure:
    """`value` as it is printed."""

    value: str
    title: str
    source: str


#: `(year) -> list[Figure]`, in the order in which they are shown (docs/adr/0011).
sources: list[Callable[[int], list[Figure]]] = []


def governance_figures(year: int) -> list[Figure]:
    return [figure for source in sources for figure in source(year)]


def _of_all(year: int) -> list[Chantier]:
    """The chantiers that everybody may read, opened by the end of the year."""
    rows = Chantier.objects.filter(circle=Circle.PUBLIC, opened_on__year__lte=year).exclude(stage=Stage.PROPOSED)
    return list(rows.prefetch_related("territories"))


def of_the_evaluation(year: int) -> list[Figure]:
    """The groups, then what the evaluation measures of the year; what was not measured is left out."""
    chantiers = _of_all(year)
    if not chantiers:
        return []
    source = _("compté par la plateforme, année %(year)d") % {"year": year}
    places = len({territory.pk for chantier in chantiers for territory in chantier.territories.all()})
    title = ngettext("groupes de travail, dans %(n)d territoire", "groupes de travail, dans %(n)d territoires", places) % {"n": places}
    found = governance.governance_figures(date(year, 1, 1), date(year, 12, 31), chantiers=chantiers)
    told = [_figure(figure.said, figure.label, source) for figure in found if figure.value]
    return [Figure(thousands(len(chantiers)), title, source), *told]


def _figure(said: str, label: str, source: str) -> Figure:
    """« 73 % (321 sur 440) »: the number stands large, what it is made of beside its label."""
    value, _bracket, made_of = said.partition(" (")
    return Figure(value, f"{label} ({made_of}" if made_of else label, source)


sources.append(of_the_evaluation)
