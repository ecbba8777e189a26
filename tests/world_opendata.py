"""Tokens in the small world of the house tests: one that opens, one revoked, one expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests import factories as make


def build(world: Any) -> None:
    owner = world.people["coordination"]
    for n in range(world.size):
        make.make_token(owner=owner, name=f"Formulaire de la médiathèque {n}")
        make.make_token(owner=owner, name=f"Ancien outil {n}", revoked_at=make.NOW)
        make.make_token(owner=owner, name=f"Essai {n}", expires_on=make.TODAY - timedelta(days=1))
