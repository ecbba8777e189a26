"""Who prepares, freezes, publishes and corrects what is told: the coordination."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination

for name in (
    "draft_point",
    "edit_point",
    "refresh_line",
    "refresh_point",
    "use_steps",
    "move_line",
    "leave_out",
    "take_back",
    "freeze_point",
    "thaw_point",
    "publish_point",
    "correct_point",
    "give_up_point",
    "discard_point",
    "draft_conference",
    "edit_conference",
    "refresh_figures",
    "freeze_conference",
    "thaw_conference",
    "publish_conference",
    "correct_conference",
    "give_up_conference",
    "discard_conference",
):
    rules.add_perm(f"restitution.{name}", is_coordination)
