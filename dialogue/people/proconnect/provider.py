"""ProConnect for allauth. Source: the partners' documentation of ProConnect, OpenID Connect Core 1.0."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from dialogue.people.proconnect.views import ProConnectAdapter

SCOPES = ["openid", "given_name", "usual_name", "email", "siret", "uid"]
NONCE_LENGTH = 48  # ProConnect refuses fewer than 32 characters


class ProConnectProvider(OAuth2Provider):
    id = "proconnect"
    name = "ProConnect"
    account_class = ProviderAccount
    oauth2_adapter_class = ProConnectAdapter
    pkce_enabled_default = False  # ProConnect refuses the parameters that it does not list

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To ProConnect with exactly the parameters it lists; those of the request (allauth's `auth_params`) are dropped."""
        nonce = get_random_string(NONCE_LENGTH)
        kwargs |= {"auth_params": {"nonce": nonce}, "scope": SCOPES, "nonce": nonce}
        return super().redirect(request, process, next_url=next_url, data=data, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing more than we use: the number of the employer, to help the coordination."""
        return {key: data[key] for key in ("siret",) if key in data}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email"), "first_name": data.get("given_name"), "last_name": data.get("usual_name")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """ProConnect vouches for the address of a professional."""
        if not data.get("email"):
            return []
        return [EmailAddress(email=data["email"], verified=True, primary=True)]


provider_classes = [ProConnectProvider]
