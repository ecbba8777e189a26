"""What is true of every page made for a signed-in person."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from dialogue.people.second_factor import SESSION_KEY, has_second_factor

Handler = Callable[[HttpRequest], HttpResponse]


class PrivatePagesMiddleware:
    """A page made for a signed-in person is not stored anywhere (ASVS 5.0, `no-store`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class StaffSecondFactorMiddleware:
    """The coordination reads everything, so it should hold a second factor.

    Sets `request.lacks_second_factor`, lazy, as it was noted at the sign-in: the base template shows a notice with it.
    With REQUIRE_STAFF_MFA, a coordinator without a second factor is led to its set-up and opens nothing else.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.lacks_second_factor = SimpleLazyObject(lambda: _is_noted(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not settings.REQUIRE_STAFF_MFA or _is_a_way_in(request) or not _lacks(request):
            return None
        messages.warning(request, _("Avant de continuer, ajoutez une seconde preuve d’identité à votre compte."))
        return redirect("mfa_index")


def _is_noted(request: HttpRequest) -> bool:
    return bool(not settings.DEMO and request.session.get(SESSION_KEY) and getattr(request.user, "is_coordination", False))


def _lacks(request: HttpRequest) -> bool:
    return getattr(request.user, "is_coordination", False) and not has_second_factor(request.user)


def _is_a_way_in(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.path.startswith(reverse("account_login").removesuffix("login/")) or (
        match is not None and match.app_name == "ui"
    )
