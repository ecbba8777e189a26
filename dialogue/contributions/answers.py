"""Templates of answers: their placeholders, and the words they give for one contribution."""

from __future__ import annotations

import re

from dialogue.contributions.models import Contribution

PLACEHOLDERS = ("titre", "chantier", "territoire")
_PLACE = re.compile(r"\{([^{}\n]*)\}")


def unknown_places(text: str) -> list[str]:
    """What stands between braces and means nothing, as written, each once."""
    return list(dict.fromkeys(f"{{{name}}}" for name in _PLACE.findall(text) if name not in PLACEHOLDERS))


def left_places(text: str) -> list[str]:
    """Placeholders that nobody filled in."""
    return list(dict.fromkeys(f"{{{name}}}" for name in _PLACE.findall(text) if name in PLACEHOLDERS))


def filled(text: str, contribution: Contribution, *, chantier: str = "") -> str:
    """`text` for this contribution. What is not known stays between braces, for a person to write."""
    known = {
        "titre": contribution.title,
        "chantier": chantier,
        "territoire": contribution.territory.name if contribution.territory_id and contribution.territory else "",
    }
    return _PLACE.sub(lambda found: known.get(found[1]) or found[0], text)
