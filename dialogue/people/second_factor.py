"""Second factors are allauth's; the question is asked here."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator


def has_second_factor(person: Any) -> bool:
    """An authenticator application or a passkey (recovery codes alone are no second factor)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists()
