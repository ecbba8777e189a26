"""What the views of this room share: who comes in, which gathering and territory an address names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.restitution import gatherings
from dialogue.restitution.acts import points as acts
from dialogue.restitution.gatherings import Gathering
from dialogue.restitution.models import Conference, ProgressPoint
from dialogue.territories.models import Territory


def coordination(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for who may prepare points; others get a 403, visitors the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not acts.draft_point.allows(request.user):
            raise NotAllowed("restitution.draft_point")
        return view(request, *args, **kwargs)

    return login_required(guarded)


def gathering_of(reader: Any, slug: str) -> Gathering:
    """With its dates; 404 when neither the calendar nor anything prepared knows of it."""
    found = gatherings.one(reader, slug)
    if not found.dates and not _prepared(found):
        raise Http404
    return found


def _prepared(found: Gathering) -> bool:
    if ProgressPoint.objects.filter(kind=found.kind, series=found.series).exists():
        return True
    return found.is_conference and Conference.objects.filter(series=found.series).exists()


def point_of(reader: Any, slug: str, code: str) -> ProgressPoint:
    named = gatherings.read(slug)
    rows = ProgressPoint.objects.visible_to(reader).select_related("territory", "edited_by")
    point: ProgressPoint = get_object_or_404(rows, kind=named.kind, series=named.series, territory__code=code)
    return point


def conference_of(reader: Any, slug: str) -> Conference:
    named = gatherings.read(slug)
    if not named.is_conference:
        raise Http404
    found: Conference = get_object_or_404(Conference.objects.visible_to(reader).select_related("edited_by"), series=named.series)
    return found


def territory_of(code: str) -> Territory:
    return get_object_or_404(Territory, code=code)


def refuse(request: HttpRequest, refusal: Refused) -> None:
    """Shows why an act was refused, where there is no form to show it in."""
    for reason in refusal.reasons:
        messages.error(request, reason)
