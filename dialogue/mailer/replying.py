"""Signed addresses: what a person writes to `reply+<token>@` speaks in one thread, or answers one convocation.

The token names the person and the thing, and carries a keyed mark of both: nothing is stored, nothing can be guessed, and a
replaced SECRET_KEY still reads its fallbacks. It is no sign-in: whoever holds it can post a remark or answer, nothing else,
and only as long as the person may (product.md, "Mail in and out").
"""

from __future__ import annotations

import base64
import hmac
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings

#: What may be answered, and its code in the token.
KINDS = {"thread": 1, "meeting": 2}
_NAMES = {code: name for name, code in KINDS.items()}
_BODY = struct.Struct(">BQQ")
#: 80 bits of mark: a billion guesses a second would take ten million years.
_MARK = 10
#: Local parts are at most 64 octets (RFC 5321) and some servers lower their case: base32, without padding.
_ADDRESS = re.compile(r"^reply\+([a-z2-7]{10,50})@(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """Who was written to speak, and about what: `kind` is a key of KINDS, `pk` that of the thread or meeting."""

    person_id: int
    kind: str
    pk: int


def address(person: Any, kind: str, pk: int) -> str:
    """The address to which `person` answers about the thing. Raises KeyError for an unknown kind."""
    body = _BODY.pack(KINDS[kind], person.pk, pk).lstrip(b"\0")
    token = base64.b32encode(bytes([len(body)]) + body + _mark(body, settings.SECRET_KEY)).decode().rstrip("=").lower()
    return f"reply+{token}@{settings.MAIL_DOMAIN}"


def read(mailbox: str) -> Target | None:
    """What an address stands for; None when it is not one of ours, whole and unchanged."""
    found = _ADDRESS.match(mailbox.strip())
    if found is None or found[2].lower() != settings.MAIL_DOMAIN.lower():
        return None
    token = found[1].upper()
    try:
        packed = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError:
        return None
    body, mark = packed[1 : 1 + packed[0]], packed[1 + packed[0] :]
    if len(body) > _BODY.size or len(mark) != _MARK:
        return None
    if not any(hmac.compare_digest(mark, _mark(body, key)) for key in _keys()):
        return None
    code, person_id, pk = _BODY.unpack(body.rjust(_BODY.size, b"\0"))
    return Target(person_id, _NAMES[code], pk) if code in _NAMES else None


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from (str(key) for key in settings.SECRET_KEY_FALLBACKS)


def _mark(body: bytes, key: str) -> bytes:
    return hmac.new(b"dialogue.mailer.replying" + key.encode(), body, sha256).digest()[:_MARK]
