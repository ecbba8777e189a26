"""The facets and the pills of a selection, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.contributions.stages import Nature
from dialogue.people.stages import Circle
from dialogue.portal.contributions import CIRCLES, NONE, SOURCES, Scope
from dialogue.portal.contributions_counts import Counts, Option, options

#: Choices of a facet that are shown before the others are folded.
MOST_CHOICES = 5
LABELS = {
    "territoire": gettext_lazy("Territoire"),
    "theme": gettext_lazy("Thème"),
    "nature": gettext_lazy("Nature"),
    "campagne": gettext_lazy("Campagne"),
    "etat": gettext_lazy("Suite donnée"),
    "source": gettext_lazy("Qui a dit le thème"),
    "cercle": gettext_lazy("Qui peut lire"),
}


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        chosen = sum(option.chosen for option in self.options)
        return self.options[: max(MOST_CHOICES, chosen)]

    @property
    def others(self) -> list[Option]:
        return self.options[len(self.first) :]


def labels_of(scope: Scope, name: str) -> dict[str, Any]:
    """The words of each code of a facet."""
    if name == "territoire":
        return {row.code: row.short_name for row in scope.territories.values()} | {NONE: _("Non situées")}
    if name == "theme":
        return {row.code: row.short_name for row in scope.themes.values()} | {NONE: _("Sans thème")}
    return {
        "nature": {"initiative": Nature.INITIATIVE.label, "besoin": Nature.NEED.label, "idee": Nature.IDEA.label, NONE: _("Non précisée")},
        "campagne": {row.slug: row.title for row in scope.campaigns.values()},
        "etat": {"reprise": _("Reprise dans un chantier"), "attente": _("Pas encore reprise")},
        "source": {code: source.label for code, source in SOURCES.items()},
        "cercle": {code: Circle(circle).label for code, circle in CIRCLES.items()},
    }[name]


def facets_of(scope: Scope, counts: Counts) -> list[Facet]:
    """Those that part the selection, with what each choice would give."""
    found = [Facet(name, LABELS[name], options(counts, name, labels_of(scope, name))) for name in scope.facets]
    return [facet for facet in found if len(facet.options) > 1 or any(option.chosen for option in facet.options)]


def pills_of(scope: Scope) -> list[tuple[Any, str]]:
    """What was chosen, as (words, address of the page without it)."""
    selection = scope.selection
    found: list[tuple[Any, str]] = []
    if selection.q:
        found.append((f"« {selection.q} »", selection.url(without=("q", selection.q))))
    if scope.chantier:
        label = _("Chantier : %(title)s") % {"title": scope.chantier.title}
        found.append((label, selection.url(without=("chantier", selection.chantier))))
    if scope.commune:
        found.append((scope.commune.name, selection.url(without=("commune", selection.commune))))
    if scope.cluster:
        label = _("Regroupement : %(name)s") % {"name": scope.cluster}
        found.append((label, selection.url(without=("regroupement", selection.cluster))))
    for name, codes in selection.chosen.items():
        labels = labels_of(scope, name)
        found += [(labels[code], selection.url(without=(name, code))) for code in codes]
    return found
