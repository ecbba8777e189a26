"""What the acts of this room ask of what was typed; for them alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dialogue.ledger.acts import Refused


class Outdated(Refused):
    """The form was made from an older state than what stands."""

    def __init__(self) -> None:
        super().__init__(
            _("Quelqu’un a enregistré autre chose entre-temps. Relisez, puis enregistrez de nouveau : rien n’est perdu.")
        )


def expect(thing: Any, revision: int | None) -> None:
    """Raises Outdated when the row, which is held, is no longer what a form was made from."""
    if revision is not None and thing.revision != revision:
        raise Outdated


def cleaned(text: str, longest: int) -> str:
    """What was typed, without what no database keeps; raises Refused when it is too long."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Refused(_("Ce texte est trop long : %(n)d signes au plus.") % {"n": longest})
    return text


def needed(text: str, longest: int, missing: str) -> str:
    """The same, for words that must be there: `missing` says so otherwise."""
    text = cleaned(text, longest)
    if not text:
        raise Refused(missing)
    return text
