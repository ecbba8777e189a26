"""The duplicates that wait: two texts side by side, several at once, and mass mailings in one go."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from dialogue.contributions.acts import pairs as acts
from dialogue.contributions.models import Contribution, Pair
from dialogue.contributions.pairs import groups, sides_of, waiting, with_both
from dialogue.contributions.stages import Likeness, Verdict
from dialogue.contributions.views.sorting_door import back, for_sorters, number_in
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done

LISTED, MOST, SHOWN_GROUPS = 20, 200, 5


@for_sorters
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    rows = waiting(request.user)
    total = rows.count()
    listed = list(with_both(rows)[:LISTED])
    asked = number_in(request.GET.get("p", ""))
    chosen = next((pair for pair in listed if pair.pk == asked), None)
    if chosen is None and asked is not None:
        chosen = with_both(Pair.objects.visible_to(request.user)).filter(pk=asked).first()
    pair = chosen or (listed[0] if listed else None)
    judged = Pair.objects.visible_to(request.user).filter(judged_by=request.user).select_related("first", "second")
    context = {
        "part": "pairs",
        "pair": pair,
        "sides": sides_of(pair) if pair else None,
        "listed": listed,
        "total": total,
        "groups": groups(request.user)[:SHOWN_GROUPS],
        "last": judged.order_by("-judged_at", "-pk").first(),
    }
    return render(request, "contributions/pairs.html", context)


def _pair(request: HttpRequest, pk: int) -> Pair:
    rows = Pair.objects.visible_to(request.user).select_related(
        "first__campaign", "second__campaign", "first__person", "second__person", "first__held_by", "second__held_by"
    )
    return get_object_or_404(rows, pk=pk)


SAID = {
    Verdict.SAME: gettext_lazy("Regroupées : la plus récente suit la plus ancienne, et les deux auteurs sont prévenus."),
    Verdict.NEAR: gettext_lazy("Notées comme voisines."),
    Verdict.OPPOSITE: gettext_lazy("Notées comme opposées."),
}


@for_sorters
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    pair, verdict = _pair(request, pk), request.POST.get("verdict", "")
    if verdict not in SAID:
        messages.error(request, _("Dites si c’est la même demande, une demande voisine ou une demande opposée."))
    else:
        done(request, acts.judge_pair, pair, SAID[Verdict(verdict)], verdict=Verdict(verdict))
    return back(request, reverse("contributions:pairs"))


@for_sorters
@require_POST
def reconsider(request: HttpRequest, pk: int) -> HttpResponse:
    done(request, acts.reconsider_pair, _pair(request, pk), _("Elles sont de nouveau à comparer."))
    return back(request, f"{reverse('contributions:pairs')}?p={pk}")


@for_sorters
@require_POST
def judge_several(request: HttpRequest) -> HttpResponse:
    """The ones ticked, all with the same verdict."""
    verdict = request.POST.get("verdict", "")
    keys = [n for n in map(number_in, request.POST.getlist("paire")[:MOST]) if n is not None]
    if verdict not in SAID or not keys:
        messages.error(request, _("Cochez des ressemblances, puis dites ce qu’elles sont."))
        return redirect("contributions:pairs")
    group, count = uuid.uuid4(), 0
    for key in keys:
        try:
            acts.judge_pair(_pair(request, key), by=request.user, now=request.now, verdict=Verdict(verdict), group=group)
            count += 1
        except Refused as refusal:
            messages.error(request, " ".join(refusal.reasons))
    if count:
        messages.success(request, ngettext("%(n)d comparaison faite.", "%(n)d comparaisons faites.", count) % {"n": count})
    return redirect("contributions:pairs")


@for_sorters
@require_POST
def merge_group(request: HttpRequest) -> HttpResponse:
    """A mass mailing: all the near-copies into the oldest, once confirmed."""
    numbers = [n for n in map(number_in, request.POST.getlist("numero")[:MOST]) if n is not None]
    rows = Contribution.objects.visible_to(request.user).filter(number__in=numbers)
    found = list(rows.select_related("campaign", "person", "held_by").order_by("written_at", "number"))
    if len(found) < 2:  # noqa: PLR2004  one with another
        messages.error(request, _("Il ne reste rien à regrouper."))
        return redirect("contributions:pairs")
    if request.POST.get("confirme") != "1":
        return render(request, "contributions/pairs_group.html", {"part": "pairs", "oldest": found[0], "others": found[1:]})
    merged = _merge_all(request, found[0], found[1:])
    messages.success(
        request,
        ngettext(
            "%(n)d contribution est regroupée avec la n° %(into)d.",
            "%(n)d contributions sont regroupées avec la n° %(into)d.",
            merged,
        )
        % {"n": merged, "into": found[0].number},
    )
    return redirect("contributions:pairs")


def _merge_all(request: HttpRequest, oldest: Contribution, others: list[Contribution]) -> int:
    """Each by its own pair with the oldest where there is one. Returns how many were merged."""
    if not acts.merge.allows(request.user):
        raise PermissionDenied
    group, merged = uuid.uuid4(), 0
    facts: dict[str, Any] = {"by": request.user, "now": request.now, "group": group}
    for other in others:
        try:
            acts.merge(other, into=oldest, **facts)
            merged += 1
        except Refused as refusal:
            messages.error(request, f"n° {other.number} : {' '.join(refusal.reasons)}")
    keys = [row.pk for row in [oldest, *others]]
    inside = Pair.objects.visible_to(request.user).filter(first__in=keys, second__in=keys, likeness=Likeness.COPY)
    for pair in inside.filter(verdict=Verdict.WAITING).select_related("first", "second"):
        if acts.root_of(pair.first).pk == acts.root_of(pair.second).pk:
            acts.judge_pair(pair, verdict=Verdict.SAME, **facts)
    return merged
