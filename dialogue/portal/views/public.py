"""The home page, the explorer, the page of a chantier."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dialogue.assembly import pages as propositions
from dialogue.portal import explorer
from dialogue.portal import home as home_page
from dialogue.portal.chantier import chantier_rows, gather


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What it is, how far it is, where it is."""
    page = home_page.gather(request.user, request.now, request.GET.get("theme", ""))
    return render(request, "portal/home.html", {"page": page})


@require_GET
def chantiers(request: HttpRequest) -> HttpResponse:
    """Which one concerns me? List and matrix, filters in the URL."""
    found = explorer.explore(request.user, explorer.Selection.read(request.GET))
    page = Paginator(found.found, explorer.PER_PAGE).get_page(request.GET.get("page"))
    meetings = explorer.next_meetings(list(page), request.user, request.now)
    lines = [(chantier, meetings.get(chantier.pk)) for chantier in page]
    context = {
        "explorer": found,
        "facets": found.facets(),
        "matrix": found.matrix(),
        "page": page,
        "lines": lines,
        "tide": explorer.TIDE,
    }
    return render(request, "portal/chantiers.html", context)


@require_GET
def chantier(request: HttpRequest, slug: str) -> HttpResponse:
    """Why, what, who, when, and how to join."""
    return render(request, "portal/chantier.html", chantier_context(request, slug, request.user))


def chantier_context(request: HttpRequest, slug: str, reader: Any) -> dict[str, Any]:
    """What the page shows to `reader`, who may be somebody imagined. Raises Http404 when they see nothing."""
    found = get_object_or_404(chantier_rows(reader), slug=slug)
    proposed = propositions.shown_on(found, reader)
    return {
        "page": gather(found, reader, request.now),
        "chantier": found,
        "propositions": proposed,
        "propositions_count": propositions.counted(proposed),
    }
