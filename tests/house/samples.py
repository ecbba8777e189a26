"""Sample values of the parameters that addresses have: one line for each kind of thing, told apart by circle and group."""

from __future__ import annotations

from typing import Any

from tests.world import World

#: Addresses that are not ours to walk, each with its reason.
NOT_WALKED = {
    "mfa_remove_webauthn": "a passkey needs a browser (tests/browser)",
    "mfa_edit_webauthn": "a passkey needs a browser (tests/browser)",
}
CHANTIERS = ("ours", "theirs", "ours-partners", "theirs-partners", "proposed")
Values = dict[str, dict[str, Any]]


def samples(world: World, name: str, parameters: tuple[str, ...]) -> Values | None:
    """label → keyword arguments, or None when nothing is known of this address."""
    by_name = _by_name(world).get(name)
    if by_name is not None:
        return by_name
    if parameters == ("slug",) and name.split(":", maxsplit=1)[0] in {"portal", "chantiers", "meetings"}:
        return {key: {"slug": world.chantiers[key].slug} for key in CHANTIERS}
    if parameters == ("code",):
        return {"": {"code": (world.themes if "theme" in name else world.territories)[0].code}}
    return None


def _by_name(world: World) -> dict[str, Values]:
    return {
        "people:organisation": {
            "validated": {"pk": world.organisations["member"].pk},
            "proposed": {"pk": world.organisations["proposed"].pk},
        },
    }
