"""Who prepares a deliverable, who says what they think of it, who lets it out."""

from typing import Any

import rules

from dialogue.chantiers.rules.predicates import answers_for, is_lead, takes_part
from dialogue.deliverables.models import Deliverable
from dialogue.people.rules import is_coordination, is_system


@rules.predicate
def is_out(_person: Any, deliverable: Any) -> bool:
    """Others than the group read it already."""
    return isinstance(deliverable, Deliverable) and deliverable.is_out


writes = is_coordination | takes_part
in_charge = is_coordination | answers_for
leads = is_coordination | is_lead

rules.add_perm("deliverables.start_deliverable", writes)
rules.add_perm("deliverables.describe", writes)
rules.add_perm("deliverables.attach_file", writes)
# What everyone reads is changed by those who let it out.
rules.add_perm("deliverables.replace_accessible", leads | (in_charge & ~is_out))
rules.add_perm("deliverables.submit", in_charge)
rules.add_perm("deliverables.take_back", in_charge)
rules.add_perm("deliverables.agree", takes_part)
rules.add_perm("deliverables.ask_change", writes)
rules.add_perm("deliverables.validate", in_charge | is_system)
rules.add_perm("deliverables.validate_at_meeting", in_charge)
rules.add_perm("deliverables.rework", in_charge)
rules.add_perm("deliverables.publish", leads)
rules.add_perm("deliverables.supersede", leads)
rules.add_perm("deliverables.start_version", in_charge)
rules.add_perm("deliverables.drop_version", in_charge)
rules.add_perm("deliverables.give_up", leads)
rules.add_perm("deliverables.resume", leads)
rules.add_perm("deliverables.change_circle", in_charge)
rules.add_perm("deliverables.move_organisation", is_system)
