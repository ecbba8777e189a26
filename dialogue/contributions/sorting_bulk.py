"""Many contributions in one go: which ones, and what happens to each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.contributions.acts import sorting
from dialogue.contributions.models import Contribution
from dialogue.contributions.models.contribution import ContributionQuerySet
from dialogue.contributions.sorting import Filters, Frame, queue
from dialogue.contributions.sorting_hold import free_for
from dialogue.contributions.stages import TO_SORT, Stage
from dialogue.ledger.acts import Refused

#: Contributions of one request: a second or two, and one transaction.
CHUNK = 200


@dataclass(frozen=True)
class Done:
    """What became of one chunk: `last` is the number to go on after, None when all is done."""

    done: int
    refused: int
    last: int | None


def chosen(
    reader: Any, data: dict[str, Any], numbers: list[int], filters: Filters, frame: Frame, *, today: date, at: datetime
) -> ContributionQuerySet:
    """Those that the act can reach: free, at its stage and, to accept suggestions, sure enough."""
    rows = queue(reader, filters, frame, today) if data["scope"] == "all" else _among(reader, numbers)
    rows = rows.filter(free_for(reader, at))
    if data["action"] == "accept":
        rows = rows.filter(suggested_theme__isnull=False, suggestion__themes__0__confidence__gte=data["confidence"] / 100)
    elif data["action"] == "admissible":
        rows = rows.filter(stage=Stage.RECEIVED)
    return rows


def _among(reader: Any, numbers: list[int]) -> ContributionQuerySet:
    return Contribution.objects.visible_to(reader).filter(Q(number__in=numbers), stage__in=TO_SORT)


def run_chunk(
    rows: ContributionQuerySet, data: dict[str, Any], form: Any, *, by: Any, now: datetime, group: uuid.UUID, after: int, until: int
) -> Done:
    """The next two hundred, by number: one act each, one transaction for all."""
    todo = rows.filter(number__gt=after, number__lte=until).select_related("campaign", "suggested_theme").order_by("number")
    batch = list(todo[: CHUNK + 1])
    one, done = _deed(data, form, by=by, now=now, group=group), 0
    with transaction.atomic():
        for contribution in batch[:CHUNK]:
            try:
                one(contribution)
                done += 1
            except Refused:
                continue
    treated = min(len(batch), CHUNK)
    return Done(done, treated - done, batch[CHUNK - 1].number if len(batch) > CHUNK else None)


def _deed(data: dict[str, Any], form: Any, *, by: Any, now: datetime, group: uuid.UUID) -> Callable[[Contribution], None]:
    """What is done to each."""
    who = {"by": by, "now": now}
    frame: Frame = form.frame
    territory = next((row for row in frame.territories if row.code == data["territory"]), None)
    deeds: dict[str, Callable[[Contribution], None]] = {
        "accept": lambda row: sorting.qualify(row, theme=row.suggested_theme, group=group, **who),
        "admissible": lambda row: sorting.judge_admissible(row, group=group, **who),
        "theme": lambda row: sorting.qualify(row, theme=frame.theme(data["theme"]), group=group, **who),
        "territory": lambda row: sorting.requalify(row, territory=territory, commune=None, group=group, **who),
        "assign": lambda row: sorting.assign(row, to=form.people[data["person"]], **who),
    }
    return deeds[data["action"]]


def consequence(data: dict[str, Any], form: Any, n: int) -> str:
    """What will happen, for the page that asks for confirmation."""
    labels = {name: dict(form.fields[name].choices).get(data[name], "") for name in ("theme", "territory", "person")}
    facts = {"n": n, "confidence": data["confidence"], **labels}
    if data["action"] == "accept":
        text = ngettext(
            "%(n)d contribution recevra le thème suggéré par la machine, parce que sa confiance est d’au moins %(confidence)s %%.",
            "%(n)d contributions recevront le thème suggéré par la machine, parce que sa confiance est d’au moins %(confidence)s %%.",
            n,
        )
        return text % facts + " " + _("Ce sera votre choix : il sera enregistré à votre nom et apprendra à la machine.")
    sentences = {
        "admissible": ngettext(
            "%(n)d contribution sera dite recevable, et publiée si son auteur y consent.",
            "%(n)d contributions seront dites recevables, et publiées si leur auteur y consent.",
            n,
        ),
        "theme": ngettext(
            "%(n)d contribution sera classée dans le thème « %(theme)s ».",
            "%(n)d contributions seront classées dans le thème « %(theme)s ».",
            n,
        ),
        "territory": ngettext(
            "%(n)d contribution sera placée dans le territoire « %(territory)s » ; sa commune sera retirée.",
            "%(n)d contributions seront placées dans le territoire « %(territory)s » ; leurs communes seront retirées.",
            n,
        ),
        "assign": ngettext(
            "%(n)d contribution sera confiée à %(person)s pendant deux semaines.",
            "%(n)d contributions seront confiées à %(person)s pendant deux semaines.",
            n,
        ),
    }
    return sentences[data["action"]] % facts
