"""What the desk of the assembly's secretariat says: the propositions that wait, those that a session has seen already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.stages import Outcome, PropositionStage

#: Propositions that wait for a session, named on the desk; a link leads to the others.
MOST_NAMED = 5


def waiting_for(reader: Any) -> Any:
    """Propositions in instruction that `reader` may read; a queryset, in the order of their numbers."""
    rows = Proposition.objects.visible_to(reader).filter(stage=PropositionStage.UNDER_REVIEW)
    return rows.select_related("chantier").order_by("number")


def seen_at(session: AssemblySession, reader: Any) -> list[str]:
    """Those in instruction that `session` put off: a sentence for each outcome, as they do not go on its agenda again (1 query)."""
    reports = Resolution.objects.filter(session=session, proposition__in=waiting_for(reader)).select_related("proposition")
    labels: dict[str, list[str]] = {}
    for report in reports.order_by("proposition__number"):
        labels.setdefault(report.outcome, []).append(report.proposition.label)
    return [_seen(outcome, found) for outcome, found in labels.items()]


def _seen(outcome: str, labels: list[str]) -> str:
    words = (
        ngettext(
            "%(labels)s a déjà été ajournée à cette séance : inscrivez-la à une autre.",
            "%(labels)s ont déjà été ajournées à cette séance : inscrivez-les à une autre.",
            len(labels),
        )
        if outcome == Outcome.ADJOURNED
        else ngettext(
            "%(labels)s a déjà été renvoyée à cette séance : inscrivez-la à une autre.",
            "%(labels)s ont déjà été renvoyées à cette séance : inscrivez-les à une autre.",
            len(labels),
        )
    )
    return words % {"labels": ", ".join(labels)}
