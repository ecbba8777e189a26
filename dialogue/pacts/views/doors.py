"""What the coordination's views of this room ask first, and what they do with a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from rules.permissions import has_perm

from dialogue.ledger.acts import Refused
from dialogue.pacts.models import Pact, PactAction, PactEdition
from dialogue.territories.models import Territory

View = Callable[..., HttpResponse]
#: A form that was refused.
UNFIT = 422


def for_pilots(view: View) -> View:
    """Signed in, and of those who write the pacts."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_perm("pacts.pilot", request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def pact_of(request: HttpRequest, code: str) -> Pact:
    return get_object_or_404(Pact.objects.visible_to(request.user).select_related("territory"), territory__code=code)


def territory_of(code: str) -> Territory:
    return get_object_or_404(Territory, code=code)


def action_of(request: HttpRequest, number: int) -> PactAction:
    rows = PactAction.objects.visible_to(request.user).select_related("theme", "lead", "pact__territory", "proposition__chantier")
    return get_object_or_404(rows, number=number)


def latest_of(request: HttpRequest, code: str, year: int) -> PactEdition:
    """The last edition of this year, in whatever stage."""
    rows = PactEdition.objects.visible_to(request.user).select_related("pact__territory", "resolution", "corrects")
    found = rows.filter(pact__territory__code=code, year=year).order_by("-number").first()
    return found if found is not None else get_object_or_404(rows.none())


def say(form: BaseForm, refusal: Refused, field: str | None = None) -> None:
    for reason in refusal.reasons:
        form.add_error(field if field in form.fields else None, reason)


def status_of(form: BaseForm) -> int:
    return UNFIT if form.is_bound and form.errors else 200
