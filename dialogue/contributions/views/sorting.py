"""Where contributions are: the overview, the list of a stage, the queue of what is to be sorted."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.contributions.forms.sorting import filters_of
from dialogue.contributions.models import Contribution
from dialogue.contributions.sorting import Frame, answer_late
from dialogue.contributions.sorting_hold import moment
from dialogue.contributions.sorting_overview import overview
from dialogue.contributions.sorting_pages import focus_of, sort_page
from dialogue.contributions.stages import Stage
from dialogue.contributions.views.sorting_door import for_sorters, number_in

PER_PAGE = 50


@for_sorters
@require_GET
def pilot(request: HttpRequest) -> HttpResponse:
    """Where we are: every number opens its list."""
    return render(request, "contributions/sorting_pilot.html", overview(request.user, now=request.now, today=request.today))


@for_sorters
@require_GET
def sort(request: HttpRequest) -> HttpResponse:
    """One contribution at a time, the list beside."""
    frame = Frame()
    filters, number = filters_of(request.GET, frame), number_in(request.GET.get("n", ""))
    focus = focus_of(request.user, number)
    context = sort_page(
        request.user,
        filters,
        frame,
        focus,
        now=request.now,
        today=request.today,
        at=moment(),
        long=request.GET.get("liste") == "longue",
    )
    return render(request, "contributions/sorting_sort.html", context)


@for_sorters
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The contributions of a stage, of a campaign, of someone who holds them; the latest promised first."""
    frame = Frame()
    stage = request.GET.get("etape", "")
    filters = filters_of(request.GET, frame)
    rows = Contribution.objects.visible_to(request.user).for_list().select_related("held_by").defer("text")
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    if filters.campaign:
        rows = rows.filter(campaign=filters.campaign)
    if filters.late:
        rows = rows.filter(answer_late(request.today))
    holder = number_in(request.GET.get("chez", ""))
    if holder is not None:
        rows = rows.filter(held_by_id=holder)
    page = Paginator(rows.order_by("due_on", "number"), PER_PAGE).get_page(request.GET.get("page"))
    late = {row.pk for row in page if row.is_late(request.today)}
    context = {
        "part": "overview",
        "page": page,
        "stage": Stage(stage).label if stage in Stage.values else "",
        "filters": filters,
        "late": late,
    }
    return render(request, "contributions/sorting_list.html", context)
