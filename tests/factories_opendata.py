"""Plain factories of the open data's room (tests/factories.py gives them to all)."""

from __future__ import annotations

from datetime import date
from typing import Any

from dialogue.opendata.models import ApiToken, hash_of
from tests import factories as make


def make_token(**fields: Any) -> ApiToken:
    """Good for ever; `secret`: what opens it."""
    secret = fields.pop("secret", None) or f"dt_{next(make.count):040d}"
    fields["owner"] = fields.get("owner") or make.make_coordinator()
    return ApiToken.objects.create(
        **{
            "name": "Formulaire",
            "beginning": secret[:9],
            "token_hash": hash_of(secret),
            "scopes": ["contributions"],
            "created_at": make.NOW,
            "expires_on": date(9999, 1, 1),
        }
        | fields
    )
