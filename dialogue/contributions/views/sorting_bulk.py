"""Many contributions in one go: the question, then two hundred at a time."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dialogue.contributions.forms.sorting import MOST_CHOSEN, BulkForm, filters_of
from dialogue.contributions.sorting import Filters, Frame
from dialogue.contributions.sorting_bulk import Done, chosen, consequence, run_chunk
from dialogue.contributions.sorting_hold import moment
from dialogue.contributions.sorting_pages import sort_page
from dialogue.contributions.views.sorting_door import for_sorters, number_in, sort_url
from dialogue.people.models import Person


@for_sorters
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """First how many and what will happen; once confirmed, chunk by chunk until all is done."""
    frame = Frame()
    filters = filters_of(request.GET, frame)
    form = BulkForm(request.POST, frame=frame, people=Person.objects.coordinators().order_by("name"))
    numbers = [n for n in map(number_in, request.POST.getlist("numero")[:MOST_CHOSEN]) if n is not None]
    valid = form.is_valid()
    if valid and form.cleaned_data["scope"] == "chosen" and not numbers:
        form.add_error("scope", _("Cochez des contributions dans la liste, ou choisissez tout ce qui correspond au filtre."))
    if not form.is_valid():
        return _again(request, filters, frame, form)
    rows = chosen(request.user, form.cleaned_data, numbers, filters, frame, today=request.today, at=moment())
    if request.POST.get("confirme") != "1":
        return _ask(request, filters, form, rows, numbers)
    return _go_on(request, filters, form, rows, numbers)


def _again(request: HttpRequest, filters: Filters, frame: Frame, form: BulkForm) -> HttpResponse:
    context = sort_page(request.user, filters, frame, None, now=request.now, today=request.today, at=moment(), bulk=form)
    return render(request, "contributions/sorting_sort.html", context, status=422)


def _kept(request: HttpRequest, filters: Filters, numbers: list[int], **more: Any) -> dict[str, Any]:
    """What every page of the sequence carries on in hidden fields."""
    names = ("action", "scope", "confidence", "theme", "territory", "person")
    return {
        "part": "sort",
        "filters": filters,
        "kept": [(name, request.POST.get(name, "")) for name in names] + [("numero", n) for n in numbers],
        "back_url": sort_url(filters.query),
        **more,
    }


def _ask(request: HttpRequest, filters: Filters, form: BulkForm, rows: Any, numbers: list[int]) -> HttpResponse:
    count = rows.count()
    if not count:
        messages.info(request, _("Aucune de ces contributions n’est concernée, ou quelqu’un d’autre s’en occupe."))
        return redirect(sort_url(filters.query))
    last = rows.order_by("-number").values_list("number", flat=True).first()
    context = _kept(
        request,
        filters,
        numbers,
        consequence=consequence(form.cleaned_data, form, count),
        count=count,
        sequence={"jusqu_a": last, "groupe": uuid.uuid4(), "total": count},
    )
    return render(request, "contributions/sorting_bulk.html", context)


def _go_on(request: HttpRequest, filters: Filters, form: BulkForm, rows: Any, numbers: list[int]) -> HttpResponse:
    post = request.POST
    after, until = number_in(post.get("apres", "")) or 0, number_in(post.get("jusqu_a", "")) or 0
    before, refused = number_in(post.get("faites", "")) or 0, number_in(post.get("refusees", "")) or 0
    try:
        group = uuid.UUID(post.get("groupe", ""))
    except ValueError:
        group = uuid.uuid4()
    told = run_chunk(
        rows, form.cleaned_data, form, by=request.user, now=request.now, group=group, after=after, until=until
    )
    total = Done(before + told.done, refused + told.refused, told.last)
    if told.last is not None:
        sequence = {
            "jusqu_a": until, "groupe": group, "total": number_in(post.get("total", "")) or 0, "apres": told.last,
            "faites": total.done, "refusees": total.refused,
        }
        return render(request, "contributions/sorting_bulk.html", _kept(request, filters, numbers, running=total, sequence=sequence))
    messages.success(
        request, ngettext("C’est fait pour %(n)d contribution.", "C’est fait pour %(n)d contributions.", total.done) % {"n": total.done}
    )
    if total.refused:
        messages.warning(request, _("%(n)d ne l’ont pas permis : prises ou modifiées entre-temps.") % {"n": total.refused})
    return redirect(sort_url(filters.query))
