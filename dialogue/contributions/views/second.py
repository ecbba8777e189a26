"""The second reading: the draw, one text at a time without the first reader's theme, and what both say when they differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dialogue.contributions.acts import second as acts
from dialogue.contributions.forms.second import DrawForm, ThemeForm
from dialogue.contributions.models import SecondReading
from dialogue.contributions.second import agreement_now, candidates, disagreements, to_read
from dialogue.contributions.views.sorting_door import for_sorters
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done

SHOWN = 20
RELATED = ("contribution__territory", "contribution__commune", "contribution__campaign")


@for_sorters
@require_GET
def second_reading(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **bound: Any) -> HttpResponse:
    """What waits for the reader never shows what the first one said."""
    mine = to_read(request.user)
    told = agreement_now()
    context: dict[str, Any] = {
        "part": "second",
        "told": told,
        "percent": None if told["share"] is None else round(100 * told["share"]),
        "candidates": candidates().count(),
        "left": mine.count(),
        "reading": mine.select_related(*RELATED).order_by("pk").first(),
        "differing": disagreements().select_related("contribution", "theme", "first_theme", "reader", "first_reader")[:SHOWN],
        "draw_form": DrawForm(),
        "theme_form": ThemeForm(),
    }
    refused = next(iter(bound.values()), None)
    return render(
        request, "contributions/second.html", context | bound | {"refused": refused}, status=422 if bound else 200
    )


@for_sorters
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    form = DrawForm(request.POST)
    if form.is_valid():
        try:
            n = acts.draw_second_reading(None, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, ngettext("%(n)d contribution tirée.", "%(n)d contributions tirées.", n) % {"n": n})
            return redirect("contributions:second_reading")
    return _page(request, draw_form=form)


def _reading(request: HttpRequest, pk: int) -> SecondReading:
    return get_object_or_404(SecondReading.objects.visible_to(request.user).select_related("contribution"), pk=pk)


@for_sorters
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    reading, form = _reading(request, pk), ThemeForm(request.POST)
    if form.is_valid():
        try:
            same = acts.read_second(reading, by=request.user, now=request.now, theme=form.cleaned_data["theme"])
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(
                request, _("Noté : vous êtes d’accord.") if same else _("Noté : les deux lectures diffèrent, il faudra trancher.")
            )
            return redirect("contributions:second_reading")
    return _page(request, theme_form=form)


@for_sorters
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    reading = _reading(request, pk)
    choices = {"premier": reading.first_theme, "second": reading.theme}
    theme = choices.get(request.POST.get("choix", ""))
    if theme is None:
        messages.error(request, _("Choisissez l’un des deux thèmes."))
    else:
        said = _("Tranché : la contribution est classée dans « %(theme)s ».") % {"theme": theme}
        done(request, acts.settle_reading, reading, said, theme=theme)
    return redirect("contributions:second_reading")
