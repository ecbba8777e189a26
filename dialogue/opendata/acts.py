"""Tokens: created, used, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.opendata import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.opendata.models import SHOWN, ApiToken, hash_of
from dialogue.opendata.stages import Scope

#: A token forgotten somewhere dies by itself.
LONGEST = timedelta(days=366)


@act("opendata.create_token", creates=True, record=("expires_on",))
def create_token(
    thing: None, *, by: Any, now: datetime, today: date, name: str, scopes: Sequence[str], expires_on: date, secret: str
) -> ApiToken:
    """Kept without its `secret` (models.new_secret), which is shown once. `today` is real time. Raises Refused."""
    known = [scope for scope in Scope.values if scope in scopes]
    if not known:
        raise Refused(_("Dites au moins une chose que ce jeton permet."))
    if not today <= expires_on <= today + LONGEST:
        raise Refused(_("Choisissez une date de fin d’ici un an."))
    return ApiToken.objects.create(
        name=" ".join(name.split()),
        owner=by,
        beginning=secret[:SHOWN],
        token_hash=hash_of(secret),
        scopes=known,
        created_at=now,
        expires_on=expires_on,
    )


def _is_not_revoked(token: ApiToken, *, by: Any, now: datetime) -> str | None:
    return _("Ce jeton est déjà révoqué.") if token.revoked_at else None


@act("opendata.revoke_token", guards=[_is_not_revoked])
def revoke_token(token: ApiToken, *, by: Any, now: datetime) -> None:
    """Nothing opens with it from the next request on."""
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])


@act("opendata.note_use", record=("on",))
def note_use(token: ApiToken, *, by: Any, now: datetime, on: date) -> None:
    """The day, not the hour; one line a day in the register."""
    token.last_used_on = on
    token.save(update_fields=["last_used_on"])


def on_leaving(person: Any, *, by: Any, now: datetime) -> None:
    """Whoever leaves leaves no key behind (people.hooks.on_leaving)."""
    for token in ApiToken.objects.filter(owner=person, revoked_at=None):
        revoke_token(token, by=SYSTEM, now=now)
