"""Voir comme: the page of a chantier with somebody else's eyes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dialogue.chantiers.glance import VISITORS, glance_for
from dialogue.chantiers.models import Chantier
from dialogue.ledger.acts import NotAllowed
from dialogue.portal.views.public import chantier_context


@require_GET
def glance(request: HttpRequest, slug: str, circle: str) -> HttpResponse:
    """The page of a chantier as the public, a partner or a member reads it; for those who answer for it."""
    seen = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if circle not in VISITORS:
        raise Http404
    try:
        reader = glance_for(request.user, seen, circle)
    except NotAllowed:
        # Whoever may not look with other eyes is not told that the page exists.
        raise Http404 from None
    context = {"glance": circle, "chantier": seen}
    try:
        context |= chantier_context(request, slug, reader)
    except Http404:
        return render(request, "portal/glance_nothing.html", context)
    return render(request, "portal/chantier.html", context)
