"""What rooms above append to, in their `AppConfig.ready()` (docs/adr/0011); everything runs in the act's transaction.

They are also reachable as `people.acts.on_leaving`, `people.acts.on_mandate_ended` and `people.acts.on_merge`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: `(person, *, by, now)`: an account is being closed; end what the person holds in your room.
on_leaving: list[Callable[..., None]] = []

#: `(mandate, *, by, now)`: the person speaks for the organisation no more; end what they hold for it in your room.
on_mandate_ended: list[Callable[..., None]] = []

#: `(source, into, *, by, now)`: an organisation is merged into another; move what it holds in your room.
on_merge: list[Callable[..., None]] = []

#: `(source, into) -> list[str]`: sentences that say what `on_merge` would move, for the confirmation page.
merge_previews: list[Callable[..., list[str]]] = []

#: `(person) -> dict[str, list[dict]]`: what your room keeps about the person: file name (without extension) → rows.
exporters: list[Callable[..., dict[str, list[dict[str, Any]]]]] = []
