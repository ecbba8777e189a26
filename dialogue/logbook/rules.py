"""Who gathers, who chooses, who publishes."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.rules.predicates import answers_for, takes_part
from dialogue.logbook.models import is_editor
from dialogue.people.rules import is_coordination, is_system


@rules.predicate
def makes_the_carnet(person: Any) -> bool:
    """The coordination, and the editors it named."""
    return is_editor(person)


@rules.predicate
def proposed_it(person: Any, entry: Any) -> bool:
    author = getattr(entry, "by_id", None)
    return author is not None and author == getattr(person, "pk", None)


edits = is_coordination | makes_the_carnet

# The group: a chantier for `propose`, a material for `propose_material`.
rules.add_perm("logbook.propose", is_coordination | takes_part)
rules.add_perm("logbook.propose_material", is_coordination | takes_part | is_system)
rules.add_perm("logbook.write", edits)
rules.add_perm("logbook.edit_entry", edits | proposed_it)
rules.add_perm("logbook.withdraw", proposed_it)
# Whoever is recognised tells the author, the group's officers or the coordination: each of them can act at once.
rules.add_perm("logbook.end_consent", edits | proposed_it | answers_for)
rules.add_perm("logbook.note_treatment", is_system)
rules.add_perm("logbook.forget_original", is_system)
rules.add_perm("logbook.unname", proposed_it | is_coordination | is_system)

for name in (
    "choose",
    "refuse",
    "reconsider",
    "draft_edition",
    "describe_edition",
    "drop_draft",
    "add_chapter",
    "edit_chapter",
    "move_chapter",
    "remove_chapter",
    "place",
    "move_placement",
    "lay_out",
    "unplace",
    "set_figures",
    "publish_edition",
    "correct_edition",
):
    rules.add_perm(f"logbook.{name}", edits)
rules.add_perm("logbook.reissue", edits | is_system)
rules.add_perm("logbook.note_bound", is_system)
rules.add_perm("logbook.bind_again", edits | is_system)
rules.add_perm("logbook.name_editor", is_coordination)
rules.add_perm("logbook.end_editor", is_coordination | is_system)


def may_edit(person: Any) -> bool:
    """Whether the person enters the editors' table."""
    return bool(rules.has_perm("logbook.choose", person))
