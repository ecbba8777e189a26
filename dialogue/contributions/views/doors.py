"""What the pages of a deposit share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dialogue.ledger.acts import Refused
from dialogue.people.models import Mandate, Organisation

TOO_MANY = 429
UNFIT = 422


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The address of the page is a secret, or what it shows is: told to no other site, kept by no cache, found by no robot.

    Not "no-referrer": browsers then send forms with `Origin: null`, which is refused.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def say(form: Any, refusal: Refused, field: str | None = None) -> None:
    for reason in refusal.reasons:
        form.add_error(field, str(reason))


def organisations_of(person: Any) -> list[Organisation]:
    """Those for which the signed-in person speaks today."""
    if not getattr(person, "is_authenticated", False):
        return []
    mandates = Mandate.objects.open().filter(person_id=person.pk).select_related("organisation").order_by("organisation__name")
    return [mandate.organisation for mandate in mandates]


def status_of(form: Any) -> int:
    return UNFIT if form.is_bound else HttpResponse.status_code
