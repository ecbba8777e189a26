"""Who may change the frame: the coordination, and commands run on the server (SYSTEM)."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination, is_system

keeps_the_frame = is_coordination | is_system

for name in (
    "load_frame",
    "import_outlines",
    "set_brand",
    "change_territory",
    "change_theme",
    "add_theme",
    "move_commune",
    "set_priorities",
    "add_date",
    "change_date",
    "remove_date",
):
    rules.add_perm(f"territories.{name}", keeps_the_frame)
