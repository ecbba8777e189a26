"""The chantiers that contributions suggest, by the guide's three reasons: what councils will examine, and what they said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.chantiers.models import Candidate
from dialogue.chantiers.stages import CandidateStage, Reason
from dialogue.portal.contributions import Scope
from dialogue.ui import dates

#: Of each reason: those shown, before the others are folded; those that are read.
FIRST, MOST = 4, 40
#: The rule in a sentence, as `analysis.reasons` applies it; the icon of the reason.
RULES: dict[str, tuple[Any, str]] = {
    Reason.MANY: (gettext_lazy("Règle : thème prioritaire, 20 auteurs ou plus, et nettement plus qu’attendu."), "r1"),
    Reason.FEW: (gettext_lazy("Règle : thème prioritaire, et moins de la moitié de ce qui était attendu."), "r2"),
    Reason.STRUCTURING: (gettext_lazy("Règle : projet signalé par un conseil de territoire ou par l’équipe."), "r3"),
}


@dataclass(frozen=True)
class Suggestion:
    """One candidate: where, with what evidence (None: not known), what the council said; `query` finds its contributions."""

    title: str
    query: str
    note: str
    observed: int | None
    expected: int | None
    css: str
    icon: str
    outcome: str
    url: str = ""


@dataclass(frozen=True)
class Group:
    label: Any
    rule: Any
    icon: str
    suggestions: list[Suggestion]

    @property
    def first(self) -> list[Suggestion]:
        return self.suggestions[:FIRST]

    @property
    def others(self) -> list[Suggestion]:
        return self.suggestions[FIRST:]


def groups_for(scope: Scope) -> list[Group]:
    """The candidates that the reader may know of, those to examine first (1 query); none is no group at all."""
    rows = Candidate.objects.visible_to(scope.reader).select_related("council", "chantier")
    rows = rows.only("theme_id", "territory_id", "reason", "note", "stage", "evidence", "motive", "decided_on",
                     "council__starts_on", "chantier__number", "chantier__slug", "chantier__circle")  # fmt: skip
    found: dict[str, list[Suggestion]] = defaultdict(list)
    for row in sorted(rows.order_by("-put_at", "-pk")[: MOST * len(RULES)], key=lambda row: row.stage != CandidateStage.TO_EXAMINE):
        found[row.reason].append(_told(row, scope))
    return [Group(Reason(reason).label, rule, icon, found[reason]) for reason, (rule, icon) in RULES.items() if found[reason]]


def _told(row: Candidate, scope: Scope) -> Suggestion:
    theme, territory = scope.themes[row.theme_id], scope.territories[row.territory_id]
    evidence = row.evidence if isinstance(row.evidence, dict) else {}
    css, icon, outcome, url = _outcome(row)
    return Suggestion(
        title=f"{theme.short_name}, {territory.name}",
        query=f"?theme={theme.code}&territoire={territory.code}",
        note=row.note,
        observed=_number(evidence.get("observed")),
        expected=_number(evidence.get("expected")),
        css=css,
        icon=icon,
        outcome=outcome,
        url=url,
    )


def _number(value: Any) -> int | None:
    return round(value) if isinstance(value, (int, float)) else None


def _outcome(row: Candidate) -> tuple[str, str, str, str]:
    """(class of the chip, icon, words, address)."""
    if row.stage == CandidateStage.OPENED and row.chantier:
        return " ok", "ok", _("Ouvert : chantier n° %(n)d") % {"n": row.chantier.number}, row.chantier.get_absolute_url()
    if row.stage == CandidateStage.SET_ASIDE:
        said = {"month": dates.month(row.decided_on) if row.decided_on else "", "motive": row.motive}
        return "", "rev", _("Écarté en %(month)s : %(motive)s") % said, ""
    if row.stage == CandidateStage.RETAINED:
        day = dates.short_day(row.decided_on) if row.decided_on else ""
        return " ok", "ok", _("Retenu le %(day)s") % {"day": day}, ""
    if row.council:
        return " att", "heure", _("À examiner le %(day)s") % {"day": dates.short_day(row.council.starts_on)}, ""
    return " att", "heure", _("À examiner par un conseil de territoire"), ""
