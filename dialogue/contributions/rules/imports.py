"""Who imports a file: the coordination, and commands run on the server (SYSTEM), which also finish what was started."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination, is_system

imports = is_coordination | is_system

for name in ("upload_batch", "map_batch", "check_batch", "start_import", "finish_import", "fail_import", "undo_import", "forget_file"):
    rules.add_perm(f"contributions.{name}", imports)
