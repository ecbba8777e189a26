"""What every view of sorting asks first, and what it does with a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from rules.permissions import has_perm

from dialogue.contributions.models import Contribution
from dialogue.contributions.rules import sorting as _rules  # noqa: F401  (declares the permissions)
from dialogue.contributions.sorting_pages import RELATED

View = Callable[..., HttpResponse]
#: Digits of a number that every database holds.
LONGEST_NUMBER = 9


def for_sorters(view: View) -> View:
    """Signed in, and of those who sort."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_perm("contributions.sort", request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def number_in(text: str) -> int | None:
    """What was typed in the address as a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def contribution_of(request: HttpRequest, number: int) -> Contribution:
    rows = Contribution.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, number=number)


def sort_url(query: str, number: int | None = None) -> str:
    """The queue with its filters, and the contribution in focus."""
    asked = "&".join(part for part in (query, urlencode({"n": number}) if number else "") if part)
    return reverse("contributions:sort") + (f"?{asked}" if asked else "")


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the form names, when it is one of ours."""
    url = request.POST.get("retour", "")
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return redirect(url)
    return redirect(otherwise)
