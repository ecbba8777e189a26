"""Who drafts, adopts, instructs, tables and records. The group proposes; the assembly votes; its secretariat records."""

from typing import Any

import rules

from dialogue.assembly.models import Opinion
from dialogue.chantiers.rules.predicates import answers_for, may_read, takes_part
from dialogue.people.rules import is_coordination, is_secretariat, is_system
from dialogue.people.rules import speaks_for as speaks_for_organisation


@rules.predicate
def speaks_for_service(person: Any, opinion: Any) -> bool:
    """Speaks for the service whose opinion is asked."""
    return isinstance(opinion, Opinion) and speaks_for_organisation.test(person, opinion.service)


drafts = is_coordination | takes_part
in_charge = is_coordination | answers_for
records = is_coordination | is_secretariat

for name in ("draft", "edit"):
    rules.add_perm(f"assembly.{name}", drafts)
for name in ("adopt_by_group", "back_to_drafting", "submit", "withdraw", "redraft", "widen_circle"):
    rules.add_perm(f"assembly.{name}", in_charge)

for name in ("ask_opinion", "cancel_opinion_request"):
    rules.add_perm(f"assembly.{name}", is_coordination)
rules.add_perm("assembly.give_opinion", is_coordination | speaks_for_service)

for name in ("create_session", "change_session", "remove_session"):
    rules.add_perm(f"assembly.{name}", records)
for name in ("table", "untable", "record_vote", "correct_vote", "return_to_instruction", "no_follow_up"):
    rules.add_perm(f"assembly.{name}", records & may_read)
# The pacts room says it, when a year's operational part takes the proposition up.
rules.add_perm("assembly.enter_pact", (records & may_read) | is_system)
# An import records each vote by its own act: whoever may not record one imports none.
rules.add_perm("assembly.import_votes", records)
rules.add_perm("assembly.move_service", is_system)
