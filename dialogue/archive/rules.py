"""Who opens and closes a year: the coordination."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination, is_system

for name in ("open_year", "close_year", "reopen_year"):
    rules.add_perm(f"archive.{name}", is_coordination | is_system)
