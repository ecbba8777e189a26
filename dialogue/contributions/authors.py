"""Who speaks: telling authors apart, and the name that readers see."""

from __future__ import annotations

import hashlib
from typing import Any

from dialogue.contributions.stages import Naming
from dialogue.language.text import normalise


def author_key(*, email: str = "", organisation: Any = None, organisation_name: str = "", name: str = "", else_: str = "") -> str:
    """The same for two texts of one author: by address, else by organisation, else by name; `else_` where nothing is known.

    It only serves to count authors apart from texts; a hash, so that lists of it name nobody.
    """
    if email.strip():
        who = f"mail:{email.strip().lower()}"
    elif organisation is not None:
        who = f"organisation:{normalise(organisation.name)}"
    elif organisation_name.strip():
        who = f"organisation:{normalise(organisation_name)}"
    elif name.strip():
        who = f"name:{normalise(name)}"
    else:
        who = f"text:{else_}"
    return hashlib.sha256(who.encode()).hexdigest()


def shown_name(naming: Naming | str, *, organisation: Any = None, organisation_name: str = "", name: str = "") -> str:
    """What readers see, by the author's choice; empty without a name."""
    if naming == Naming.ORGANISATION:
        return (organisation.name if organisation is not None else organisation_name.strip())[:160]
    return name.strip()[:160] if naming == Naming.NAME else ""
