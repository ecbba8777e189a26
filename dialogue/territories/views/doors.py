"""The coordination's doors: signed in, and allowed to do the act behind the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from dialogue.ledger.acts import Act, NotAllowed


def door_of(act: Act) -> Callable[..., Any]:
    """Only for who may do `act`; others get a 403, visitors the sign-in page."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not act.allows(request.user):
                raise NotAllowed(act.name)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return wrap
