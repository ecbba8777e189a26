"""Who deposits, corrects, supports, types in, and opens campaigns.

An author without an account is whoever holds the tracking link of the contribution, which is as good as a key: the page that the
link opens loads the contribution by that key, and the acts below ask nothing more.
"""

from __future__ import annotations

from typing import Any

import rules

from dialogue.contributions.stages import Stage
from dialogue.people.rules import is_coordination, is_system

for name in ("open_campaign", "change_campaign", "announce_campaign", "close_campaign", "reopen_campaign", "enter", "receive_by_api"):
    rules.add_perm(f"contributions.{name}", is_coordination)

holds_the_link = rules.always_allow


@rules.predicate
def is_draft_or_own(reader: Any, contribution: Any) -> bool:
    """Someone else's signed-in draft is theirs, link or not."""
    if contribution is None:
        return True
    owner = contribution.person_id
    return owner is None or owner == getattr(reader, "pk", None) or contribution.stage != Stage.DRAFT


for name in ("start_draft", "support", "ask_support_code"):
    rules.add_perm(f"contributions.{name}", rules.always_allow)
for name in ("keep_draft", "take_over_draft", "discard_draft", "ask_code", "send_draft", "attach_file", "remove_file"):
    rules.add_perm(f"contributions.{name}", is_draft_or_own | is_system)
for name in ("try_code", "correct", "complete", "withdraw", "change_consent", "stop_mail", "resume_mail"):
    rules.add_perm(f"contributions.{name}", holds_the_link)
for name in ("receive_by_mail", "purge_draft", "purge_support", "note_scan", "forget_author", "move_to_organisation"):
    rules.add_perm(f"contributions.{name}", is_system)
