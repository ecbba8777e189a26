"""One's own page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.portal import mine


@require_GET
@login_required
def my_space(request: HttpRequest) -> HttpResponse:
    """What waits for me, and where I take part."""
    return render(request, "portal/my_space.html", {"page": mine.gather(request.user, request.now)})
