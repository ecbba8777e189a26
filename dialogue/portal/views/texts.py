"""Pages of text: the process and its history, help, legal notice, personal data, accessibility, site map."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.logbook.models import Edition
from dialogue.pacts.models import Pact
from dialogue.portal import agenda, statement
from dialogue.portal.retention import table
from dialogue.territories.models import Territory, Theme


@require_GET
def process(request: HttpRequest) -> HttpResponse:
    """What a chantier is, and the history of the process."""
    dates = [agenda.row_of_date(d) for d in agenda.dates_for(request.user)]
    opened = list(
        Chantier.objects.visible_to(request.user).exclude(stage=Stage.PROPOSED).values_list("opened_on", flat=True)
    )
    context = {
        "moments": [(row, row.is_over(request.today)) for row in _phases(dates)],
        "opened": len(opened),
        "first_opening": min((day for day in opened if day), default=None),
    }
    return render(request, "portal/process.html", context)


def _phases(rows: list[agenda.Row]) -> list[agenda.Row]:
    """One line for the dates of a same series in a same month (nine councils are one moment of the history)."""
    kept: dict[tuple[str, int, int], agenda.Row] = {}
    for row in sorted(rows, key=lambda r: r.order):
        if row.context and row.title.endswith(row.context):
            continue
        kept.setdefault((row.title, row.day.year, row.day.month), row)
    return list(kept.values())


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@require_GET
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"table": table()})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, computed from the stored audit."""
    # Real time: the law counts the years of an audit, not those of the demo.
    found = statement.read(today=timezone.localdate())
    return render(request, "portal/accessibility.html", {"statement": found})


@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    context = {
        "chantiers": Chantier.objects.visible_to(request.user).only("slug", "title", "number").order_by("number"),
        "territories": Territory.objects.all(),
        "pacts": Pact.objects.visible_to(request.user).select_related("territory"),
        "themes": Theme.objects.all(),
        "carnets": Edition.objects.published().light(),
    }
    return render(request, "portal/site_map.html", context)
