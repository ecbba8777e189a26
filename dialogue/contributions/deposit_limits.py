"""How often one may deposit, ask for a code or support: by address of the machine and by mail address, in the shared cache.

Real time: this is security, not the process (ledger.clock). Nothing is asked of a third party.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

HOUR, DAY = 3600, 86_400
#: action → (times, seconds) for one machine, and for one mail address. A town hall shares one machine among many.
LIMITS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "draft": ((40, HOUR), (40, HOUR)),
    "code": ((30, HOUR), (6, HOUR)),
    "try": ((60, HOUR), (30, HOUR)),
    "hints": ((600, HOUR), (600, HOUR)),
}
#: Nobody reads and fills in a page faster than this (seconds).
LEAST_SECONDS = 2
SALT = "contributions.deposit.opened"


def allowed(request: HttpRequest, action: str, address: str = "") -> bool:
    """Counts one more time; False when it is one too many, for this machine or for this mail address."""
    per_machine, per_address = LIMITS[action]
    checks = [(per_machine, f"ip:{get_adapter(request).get_client_ip(request)}")]
    if address:
        checks.append((per_address, f"mail:{address.strip().lower()}"))
    # Each is counted, whatever the others say.
    counted = [_counted(action, who, *limit) for limit, who in checks]
    return all(counted)


def _counted(action: str, who: str, times: int, seconds: int) -> bool:
    window = int(time.time() // seconds)
    key = "deposit:" + hashlib.sha256(f"{settings.SECRET_KEY}:{action}:{who}:{window}".encode()).hexdigest()
    n = (cache.get(key) or 0) + 1
    cache.set(key, n, timeout=seconds)
    return n <= times


def opened_now() -> str:
    """What a form carries to say when it was opened; signed."""
    return signing.dumps(round(time.time(), 1), salt=SALT)


def is_hasty(opened: Any) -> bool:
    """Whether a form came back faster than anybody types, or does not say when it was opened."""
    try:
        return time.time() - float(signing.loads(str(opened), salt=SALT)) < LEAST_SECONDS
    except (signing.BadSignature, TypeError, ValueError):
        return True
