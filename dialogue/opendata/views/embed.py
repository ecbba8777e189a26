"""Lists for other sites: pages made for a frame, and the screen that gives the HTML to copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from dialogue.chantiers.models import Chantier
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from dialogue.opendata import widgets
from dialogue.opendata.forms import USUAL_HEIGHT, EmbedForm, Kind
from dialogue.opendata.resources import PUBLIC, absolute
from dialogue.opendata.serving import for_everyone

View = Callable[..., HttpResponseBase]


def embeddable(view: View) -> View:
    """For other sites' frames: they alone may show it so; the reader is never known, no cookie is set."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})(for_everyone(ages=True)(view)))


@embeddable
def chantiers(request: HttpRequest) -> HttpResponse:
    look = widgets.read(request.GET)
    rows, total = widgets.chantiers(look)
    context = {
        "rows": [(row, absolute(row.get_absolute_url())) for row in rows],
        "total": total,
        "all_url": absolute("/chantiers/"),
    }
    return render(request, "opendata/embed_chantiers.html", context | {"look": look})


@embeddable
def chantier(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Chantier.objects.visible_to(PUBLIC).select_related("theme").prefetch_related("territories")
    found = get_object_or_404(rows, slug=slug)
    meetings = Meeting.objects.visible_to(PUBLIC).filter(chantier=found, stage=MeetingStage.CONVENED)
    following = meetings.filter(ends_at__gte=request.now).order_by("starts_at", "pk").first()  # type: ignore[attr-defined]
    context = {"chantier": found, "next_meeting": following, "url": absolute(found.get_absolute_url())}
    return render(request, "opendata/embed_chantier.html", context | {"look": widgets.read(request.GET)})


@embeddable
def agenda(request: HttpRequest) -> HttpResponse:
    look = widgets.read(request.GET)
    rows = widgets.coming(look, request.now)  # type: ignore[attr-defined]
    return render(request, "opendata/embed_agenda.html", {"rows": rows, "look": look, "all_url": absolute("/agenda/")})


@require_safe
@csp_update({"frame-src": [SELF]})
def configure(request: HttpRequest) -> HttpResponse:
    """Choices in the address; the list as it will be seen; the HTML to copy."""
    usual: dict[str, Any] = {"quoi": Kind.CHANTIERS, "apparence": "auto", "nombre": widgets.USUAL, "hauteur": USUAL_HEIGHT}
    given = {name: request.GET[name].replace("\x00", "") for name in EmbedForm.base_fields if name in request.GET}
    form = EmbedForm(usual | given)
    frame = widgets.frame_of(form.cleaned_data) if form.is_valid() else None
    return render(request, "opendata/configure.html", {"form": form, "frame": frame}, status=200 if frame else 422)
