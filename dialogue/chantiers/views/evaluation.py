"""The way from a line of the roadmap to the page of its deliverable, in the room above."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from dialogue.chantiers import pages
from dialogue.chantiers.models import PlannedDeliverable, Roadmap
from dialogue.chantiers.views.space import space_of


@login_required
@require_GET
def deliverable(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where a line of the roadmap is prepared, published or given up: the page of the room above that keeps it."""
    chantier = space_of(request, slug)
    rows = PlannedDeliverable.objects.filter(roadmap__in=Roadmap.objects.visible_to(request.user).filter(chantier=chantier))
    url = pages.door_of(slug, get_object_or_404(rows, pk=pk))
    return redirect(url or reverse("chantiers:roadmap", args=[slug]))
