"""Who adds documents, who changes who may read them."""

import rules

from dialogue.chantiers.rules.predicates import answers_for, takes_part
from dialogue.people.rules import is_coordination, is_system

writes = is_coordination | takes_part
in_charge = is_coordination | answers_for

rules.add_perm("documents.add_document", writes)
rules.add_perm("documents.add_version", writes)
rules.add_perm("documents.attach", writes)
rules.add_perm("documents.change_document", writes)
rules.add_perm("documents.change_circle", in_charge)
rules.add_perm("documents.offer_tool", in_charge)
rules.add_perm("documents.take_back_tool", in_charge)
rules.add_perm("documents.withdraw", in_charge)
rules.add_perm("documents.put_back", in_charge)
rules.add_perm("documents.note_treatment", is_system)
rules.add_perm("documents.open_remarks", writes)
