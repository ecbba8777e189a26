"""Who may choose: put a candidate, record what a council said of it, open its chantier, attach contributions to a chantier."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.rules.life import leads
from dialogue.people.rules import is_coordination

for name in (
    "choose",
    "put_candidate",
    "change_candidate_note",
    "announce_candidate",
    "stop_announcing_candidate",
    "withdraw_candidate",
    "retain_candidate",
    "set_aside_candidate",
    "reexamine_candidate",
    "open_from_candidate",
    "tie_candidate",
):
    rules.add_perm(f"chantiers.{name}", is_coordination)

rules.add_perm("chantiers.attach_contribution", leads)
rules.add_perm("chantiers.detach_contribution", leads)


def may_choose(person: Any) -> bool:
    """Whether the person enters the pages of the choice."""
    return bool(rules.has_perm("chantiers.choose", person))
