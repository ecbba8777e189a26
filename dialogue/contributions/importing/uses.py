"""What people did with the contributions of an import since they entered: what forbids to undo it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.contributions.models import Contribution, ContributionWords, ImportBatch, Pair, Suggestion
from dialogue.contributions.stages import Stage, ThemeSource, Verdict

#: What the machine alone wrote of a contribution: it goes with it.
MACHINES = {ContributionWords, Suggestion, Pair}
SHOWN = 5


@dataclass(frozen=True)
class Use:
    """`numbers`: the first contributions that someone used."""

    count: int
    numbers: list[int]


def of(batch: ImportBatch) -> Use | None:
    """Contributions of the batch that were sorted, answered, merged, supported, compared or taken up by a room above."""
    rows = Contribution.objects.filter(batch=batch)
    judged = Pair.objects.exclude(verdict=Verdict.WAITING).order_by()
    used = rows.filter(
        ~Q(stage=Stage.RECEIVED)
        | Q(qualified_by__isnull=False)
        | Q(theme_source=ThemeSource.AGENT)
        | Q(answered_at__isnull=False)
        | Q(pk__in=judged.values("first_id"))
        | Q(pk__in=judged.values("second_id"))
        | Q(pk__in=_held(rows))
    )
    count = used.count()
    return Use(count, list(used.order_by("number").values_list("number", flat=True)[:SHOWN])) if count else None


def sentence(use: Use) -> str:
    numbers = ", ".join(f"n° {number}" for number in use.numbers)
    more = "…" if use.count > len(use.numbers) else ""
    words = ngettext(
        "Une contribution de cet import a déjà servi (classée, soutenue, rapprochée d’une autre…) : %(numbers)s.",
        "%(count)s contributions de cet import ont déjà servi (classées, soutenues, rapprochées d’autres…) : %(numbers)s.",
        use.count,
    )
    return words % {"count": use.count, "numbers": numbers + more} + " " + _("L’import ne s’annule plus.")


def _held(rows: QuerySet[Contribution]) -> set[int]:
    """Those that another table names: supports, files, chantiers… whatever the rooms above add."""
    found: set[int] = set()
    for relation in Contribution._meta.related_objects:
        if relation.related_model in MACHINES:
            continue
        if relation.many_to_many:
            through = relation.through._meta
            column = next(f.name for f in through.get_fields() if f.is_relation and f.related_model is Contribution)
            links = relation.through._base_manager.filter(**{f"{column}__in": rows})
        else:
            column = relation.field.name
            links = relation.related_model._base_manager.filter(**{f"{column}__in": rows})
        found.update(links.values_list(f"{column}_id", flat=True)[:1000])
    return found
