"""An act done from a page, with what its person reads of it on the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from dialogue.ledger.acts import Act, Refused


def done(request: HttpRequest, act: Act, thing: Any, said: str = "", **facts: Any) -> bool:
    """Does it and says so, or says why not; returns whether it was done. Raises NotAllowed."""
    try:
        act(thing, by=request.user, now=request.now, **facts)  # type: ignore[attr-defined]
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return False
    if said:
        messages.success(request, said)
    return True
