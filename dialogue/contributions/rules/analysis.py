"""Who may have everything analysed, and say what the machine's groups are: the coordination, and the platform itself."""

from __future__ import annotations

import rules

from dialogue.people.rules import is_coordination, is_system

for name in (
    "start_analysis",
    "note_suggestions",
    "note_copies",
    "finish_analysis",
    "fail_analysis",
    "make_clusters",
):
    rules.add_perm(f"contributions.{name}", is_coordination | is_system)
for name in ("name_cluster", "split_cluster", "merge_clusters", "move_contributions", "undo_cluster_change"):
    rules.add_perm(f"contributions.{name}", is_coordination)
