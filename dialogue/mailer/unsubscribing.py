"""The signed address by which a reader stops a kind of letter, without signing in (RFC 8058). It never expires: a mail
may be read years later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from dialogue.mailer.kinds import DIGEST, REGISTRY, Kind
from dialogue.mailer.models import Choice, Letter, Rhythm

SALT = "mailer.unsubscribe"

#: `(letter) -> full address or ""`: rooms above that write to plain addresses say where such letters are stopped (docs/adr/0011).
for_addresses: list[Callable[[Letter], str]] = []


@dataclass(frozen=True)
class Wish:
    """What a signed address stops: a kind of letter for a person, in one space or everywhere."""

    person_id: int
    kind: Kind
    space: str

    @property
    def is_digest(self) -> bool:
        return self.kind is DIGEST


def token_of(person_id: int, kind: str, space: str = "") -> str:
    return signing.dumps([person_id, kind, space], salt=SALT)


def address_of(letter: Letter) -> str:
    """The full address that stops letters like this one; "" for what cannot be refused, and for a plain address of which no room
    says how it is stopped."""
    if letter.person_id is None:
        return next((url for link in for_addresses if (url := link(letter))), "")
    if letter.mandatory and letter.kind != DIGEST.code:
        return ""
    token = token_of(letter.person_id, letter.kind, letter.space)
    return settings.BASE_URL + reverse("mailer:unsubscribe", args=[token])


def read(token: str) -> Wish | None:
    """The wish that a token carries; None when it is not ours, or speaks of a kind that is gone or cannot be refused."""
    try:
        found: Any = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    person_id, code, space = found
    kind = REGISTRY.get(code)
    if kind is None or (kind.mandatory and kind is not DIGEST):
        return None
    return Wish(person_id, kind, space)


def standing(wish: Wish) -> str:
    """What the person had chosen for that, as `subscribe_again` takes it back; "" when they chose nothing."""
    if wish.is_digest:
        return Rhythm.objects.filter(person_id=wish.person_id).values_list("frequency", flat=True).first() or ""
    rows = Choice.objects.filter(person_id=wish.person_id, kind=wish.kind.code, space=wish.space)
    return rows.values_list("mode", flat=True).first() or ""
