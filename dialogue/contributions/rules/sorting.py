"""Who sorts contributions and answers them: the coordination. The platform links, and reminds."""

import rules

from dialogue.people.rules import is_coordination, is_system

#: What people of the coordination do.
COORDINATION = (
    "take_up",
    "release",
    "assign",
    "judge_admissible",
    "ask_to_complete",
    "judge_inadmissible",
    "qualify",
    "requalify",
    "reopen",
    "undo_sorting",
    "refer",
    "close",
    "change_answer",
    "send_answer",
    "merge",
    "unmerge",
    "judge_pair",
    "reconsider_pair",
    "write_template",
    "change_template",
    "delete_template",
    "read_second",
    "settle_reading",
)
for name in COORDINATION:
    rules.add_perm(f"contributions.{name}", is_coordination)
for name in ("mark_linked", "unlink", "draw_second_reading"):
    rules.add_perm(f"contributions.{name}", is_coordination | is_system)
rules.add_perm("contributions.remind_late", is_system)
#: Who opens the pages of sorting.
rules.add_perm("contributions.sort", is_coordination)
