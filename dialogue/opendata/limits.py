"""How often one address may ask: counted here, without a third party, and nearly without writing.

Each process counts in its memory, and adds what it counted to the shared cache every `STEP` requests only: a quiet reader costs no
query. An address may therefore pass its limit by `STEP` requests for each process. Real time: this is security, not the process.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from threading import Lock

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60
#: Requests counted in memory before they are shared; addresses remembered at once.
STEP, MOST_KNOWN = 20, 10_000


@dataclass
class _Count:
    window: int
    shared: int = 0
    own: int = 0


@dataclass(frozen=True)
class Allowance:
    """`limit` requests in `WINDOW` seconds; `left` of them, and the seconds until all are given back."""

    limit: int
    left: int
    seconds: int

    @property
    def is_spent(self) -> bool:
        return self.left < 0

    @property
    def headers(self) -> dict[str, str]:
        """The fields of the IETF's draft on rate limits."""
        return {
            "RateLimit-Policy": f'"adresse";q={self.limit};w={WINDOW}',
            "RateLimit": f'"adresse";r={max(0, self.left)};t={self.seconds}',
        }


_counts: dict[str, _Count] = {}
_lock = Lock()


def count(request: HttpRequest) -> Allowance | None:
    """One more request of this address; None where nothing is limited."""
    limit = settings.API_REQUESTS_PER_MINUTE
    if not limit:
        return None
    moment = time.time()
    window, seconds = int(moment // WINDOW), WINDOW - int(moment % WINDOW)
    return Allowance(limit, limit - _one_more(_who(request), window, limit), seconds)


def forget() -> None:
    """What this process counted; for tests."""
    with _lock:
        _counts.clear()


def _who(request: HttpRequest) -> str:
    """The address; of IPv6, the network that one customer holds."""
    address = str(get_adapter(request).get_client_ip(request))
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{address}/64", strict=False)) if known.version == 6 else address  # noqa: PLR2004


def _one_more(who: str, window: int, limit: int) -> int:
    with _lock:
        found = _counts.get(who)
        if found is None or found.window != window:
            if len(_counts) >= MOST_KNOWN:
                _prune(window)
            found = _counts[who] = _Count(window)
        found.own += 1
        # Small limits are shared at once.
        step = min(STEP, max(1, limit // 10))
        if found.own >= step and found.shared + found.own <= limit + step:
            _share(who, found)
        return found.shared + found.own


def _share(who: str, found: _Count) -> None:
    key = "opendata:" + hashlib.sha256(f"{settings.SECRET_KEY}:{who}:{found.window}".encode()).hexdigest()
    found.shared = (cache.get(key) or 0) + found.own
    found.own = 0
    cache.set(key, found.shared, timeout=2 * WINDOW)


def _prune(window: int) -> None:
    for who in [who for who, found in _counts.items() if found.window != window]:
        del _counts[who]
    if len(_counts) >= MOST_KNOWN:
        _counts.clear()
