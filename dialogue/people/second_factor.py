"""Second factors are allauth's; the question is asked here."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

#: Kept in the session from the sign-in on, so that showing the notice costs no query.
SESSION_KEY = "lacks_second_factor"


def has_second_factor(person: Any) -> bool:
    """An authenticator application or a passkey (recovery codes alone are no second factor)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists()


def note(request: HttpRequest, person: Any) -> None:
    """To call at the sign-in and whenever a factor comes or goes: whether to remind this person of it."""
    request.session[SESSION_KEY] = person.is_coordination and not has_second_factor(person)
