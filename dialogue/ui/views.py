"""Error pages and small doors of the design system."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dialogue.ui import sheet
from dialogue.ui.context import DARK_SHEET, THEME_COOKIE

A_YEAR = 365 * 24 * 3600


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent without its token: cookies refused, or a page kept open too long."""
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours in a cookie, and go back to the page; never to another site."""
    choice = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    # Not `redirect`: a word would be looked up among the names of our doors.
    response = HttpResponseRedirect(back)
    if choice in DARK_SHEET:
        response.set_cookie(
            THEME_COOKIE, choice, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The living sheet of the components; on demonstration sites only."""
    if not settings.DEMO:
        raise Http404
    return render(request, "ui/components.html", sheet.samples())
