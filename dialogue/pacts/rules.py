"""Who writes the pacts: the coordination. The assembly decides, its resolution is recorded; everybody reads."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination, is_system

for name in (
    "open_pact",
    "write_pact",
    "add_action",
    "change_action",
    "start_action",
    "complete_action",
    "drop_action",
    "resume_action",
    "remove_action",
    "link_contribution",
    "unlink_contribution",
    "prepare_edition",
    "refresh_edition",
    "write_edition",
    "discard_edition",
    "adopt_edition",
    "publish_edition",
    "correct_edition",
):
    rules.add_perm(f"pacts.{name}", is_coordination)
#: An organisation was merged into another.
rules.add_perm("pacts.change_lead", is_coordination | is_system)
#: Who opens the coordination's pages on the pacts.
rules.add_perm("pacts.pilot", is_coordination)
