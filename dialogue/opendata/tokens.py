"""The bearer of a token: read, checked, its day of use noted. Real time: this is security, not the process."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM
from dialogue.opendata.acts import note_use
from dialogue.opendata.models import MARK, ApiToken
from dialogue.opendata.stages import Scope

#: Longer than any token of ours: nothing to look up.
LONGEST = 100


class Bearer(HttpBearer):
    """`request.auth` is the token; its owner must still be someone of the platform, and the acts ask for their rights."""

    openapi_bearerFormat = "dt_…"  # noqa: N815 (ninja's name)

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        if not token.startswith(MARK) or len(token) > LONGEST:
            return None
        today = timezone.localdate()
        found = ApiToken.objects.opened_by(token).living(today).select_related("owner").first()
        if found is None or not found.owner.is_partner:
            return None
        if found.last_used_on != today:
            note_use(found, by=SYSTEM, now=clock.now(), on=today)
        return found


def holder(request: Any, scope: Scope) -> Any:
    """The person in whose name the token writes. Raises PermissionDenied when it does not permit this."""
    token: ApiToken = request.auth
    if not token.may(scope):
        raise PermissionDenied
    return token.owner
