"""Leaving ProConnect with us (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import get_random_string

SESSION_KEY = "proconnect_id_token"
STATE_LENGTH = 48


def keep_id_token(request: HttpRequest, sociallogin: Any) -> None:
    """To call once the person is signed in: ProConnect wants the id_token back at the logout."""
    if sociallogin.account.provider == "proconnect" and sociallogin.token is not None:
        request.session[SESSION_KEY] = sociallogin.token.token_secret


def logout_address(request: HttpRequest) -> str:
    """Where to send someone who leaves, so that ProConnect ends their session too; empty when they came another way."""
    id_token = request.session.get(SESSION_KEY)
    if not id_token:
        return ""
    try:
        app = get_adapter(request).get_app(request, "proconnect")
    except SocialApp.DoesNotExist:
        return ""
    asked = {
        "id_token_hint": id_token,
        "state": get_random_string(STATE_LENGTH),
        "post_logout_redirect_uri": f"{settings.BASE_URL}/",
    }
    return f"{app.settings['server']}/session/end?{urlencode(asked)}"
