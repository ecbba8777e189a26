"""Out to ProConnect and back. Nothing is believed that is not signed: neither the id_token nor what it says of the person."""

from __future__ import annotations

from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

ALGORITHMS = ["RS256", "ES256"]


class ProConnectAdapter(OAuth2Adapter):
    provider_id = "proconnect"
    state: dict[str, Any]

    @property
    def server(self) -> str:
        return self.get_provider().app.settings["server"]

    @property
    def authorize_url(self) -> str:
        return f"{self.server}/authorize"

    @property
    def access_token_url(self) -> str:  # type: ignore[override]
        return f"{self.server}/token"

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """As declared to ProConnect: built from the site's own address, whatever name the request came by."""
        return settings.BASE_URL + reverse("proconnect_callback")

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Tokens are not stored; the id_token travels with this one up to the session, for the logout (see `logout`)."""
        token = super().parse_token(data)
        token.token_secret = data.get("id_token", "")
        return token

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Raises OAuth2Error when a signature, the issuer, the audience, the nonce or the subject is not what it must be."""
        with get_adapter().get_requests_session() as session:
            keys = session.get(f"{self.server}/jwks")
            keys.raise_for_status()
            answer = session.get(f"{self.server}/userinfo", headers={"Authorization": f"Bearer {token.token}"})
            answer.raise_for_status()
        identity = self._read(token.token_secret, keys.json(), app, required=["exp", "iat", "sub", "nonce"])
        if identity["nonce"] != self.state.get("nonce"):
            raise OAuth2Error("ProConnect: this answer is not the one we asked for")
        person = self._read(answer.text, keys.json(), app, required=["sub"])
        if person["sub"] != identity["sub"]:
            raise OAuth2Error("ProConnect: the two answers are about two people")
        return self.get_provider().sociallogin_from_response(request, person)

    def _read(self, signed: str, keys: dict[str, Any], app: SocialApp, *, required: list[str]) -> dict[str, Any]:
        try:
            wanted = jwt.get_unverified_header(signed).get("kid")
            key = next(key for key in jwt.PyJWKSet.from_dict(keys).keys if key.key_id == wanted)
            return jwt.decode(
                signed,
                key.key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.server,
                options={"require": ["iss", "aud", *required]},
            )
        except (jwt.PyJWTError, StopIteration, TypeError, ValueError) as error:
            raise OAuth2Error("ProConnect: this answer is not signed as it should be") from error


class ProConnectCallbackView(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


@login_not_required
def oauth2_login(request: HttpRequest) -> HttpResponse:
    return _when_on(OAuth2LoginView, request)


@login_not_required
def oauth2_callback(request: HttpRequest) -> HttpResponse:
    return _when_on(ProConnectCallbackView, request)


def _when_on(view: Any, request: HttpRequest) -> HttpResponse:
    try:
        return view.adapter_view(ProConnectAdapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404("ProConnect is not switched on") from error
