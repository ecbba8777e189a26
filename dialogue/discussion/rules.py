"""Who speaks in a group, who answers remarks, who moderates."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.rules.predicates import answers_for, enters_space, takes_part
from dialogue.people.rules import is_coordination, is_system


@rules.predicate
def wrote_it(person: Any, comment: Any) -> bool:
    return comment is not None and getattr(person, "pk", None) == comment.author_id


writes = is_coordination | takes_part
moderates = is_coordination | answers_for

rules.add_perm("discussion.start_thread", writes)
rules.add_perm("discussion.open_thread", writes | is_system)
rules.add_perm("discussion.post_comment", writes)
rules.add_perm("discussion.edit_comment", writes & wrote_it)
rules.add_perm("discussion.hide_comment", moderates)
rules.add_perm("discussion.show_comment", moderates)
rules.add_perm("discussion.settle_remark", moderates)
rules.add_perm("discussion.close_thread", moderates)
rules.add_perm("discussion.reopen_thread", moderates)
rules.add_perm("discussion.follow_thread", enters_space)
rules.add_perm("discussion.unfollow_thread", enters_space)
rules.add_perm("discussion.move_organisation", is_system)
