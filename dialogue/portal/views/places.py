"""Territories and themes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dialogue.deliverables.pages import latest
from dialogue.pacts.pages import summary_of
from dialogue.portal import agenda, explorer, places
from dialogue.portal.contributions_counts import total_of
from dialogue.portal.home import tiles
from dialogue.restitution.published import points_of
from dialogue.territories import maps
from dialogue.territories.models import Territory, Theme

DATES, RESULTS = 8, 5


@require_GET
def territories(request: HttpRequest) -> HttpResponse:
    """All territories, and the one of a commune (`?commune=`)."""
    commune = " ".join(request.GET.get("commune", "").replace("\x00", " ").split())[: places.MAX_TEXT]
    found = places.territories(request.user)
    context = {
        "territories": found,
        "tiles": tiles(found, None),
        "commune": commune,
        "communes": places.communes_named(commune),
    }
    return render(request, "portal/territories.html", context)


@require_GET
def territory(request: HttpRequest, code: str) -> HttpResponse:
    """Its chantiers, its dates, its communes."""
    found = get_object_or_404(Territory.objects.select_related("outline"), code=code)
    chantiers = places.chantiers_of(request.user, territories=found)
    communes = list(found.communes.all())
    context = {
        "territory": found,
        "communes": communes,
        "contributions": total_of(request.user, territory=found.pk),
        "population": sum(c.population for c in communes),
        "lines": _lines(request, chantiers),
        "results": latest(request.user, RESULTS, chantiers),
        "priorities": places.priorities_of(territory=found),
        "pact": summary_of(found, request.user),
        "dates": agenda.upcoming(request.user, request.now, DATES, territory=found),
        "points": points_of(found),
        "map": maps.outline_map([found], width=300, height=300),
    }
    return render(request, "portal/territory.html", context)


@require_GET
def themes(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/themes.html", {"themes": places.themes(request.user)})


@require_GET
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Where one works on it."""
    found = get_object_or_404(Theme, code=code)
    chantiers = places.chantiers_of(request.user, theme=found)
    context = {
        "theme": found,
        "lines": _lines(request, chantiers),
        "results": latest(request.user, RESULTS, chantiers),
        "priorities": places.priorities_of(theme=found),
        "contributions": total_of(request.user, theme=found.pk),
    }
    return render(request, "portal/theme.html", context)


def _lines(request: HttpRequest, chantiers: list) -> list:
    meetings = explorer.next_meetings(chantiers, request.user, request.now)
    return [(chantier, meetings.get(chantier.pk)) for chantier in chantiers]
