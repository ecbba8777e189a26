"""Who may lead the life of a chantier, its roadmap, its météo, its evaluation."""

import rules

from dialogue.chantiers.rules.predicates import answers_for, is_lead, may_read, takes_part
from dialogue.people.rules import is_coordination, is_secretariat, is_system

in_charge = is_coordination | answers_for
leads = is_coordination | is_lead
drafts = is_coordination | takes_part
records_votes = is_coordination | is_secretariat

rules.add_perm("chantiers.propose", is_coordination | is_system)
rules.add_perm("chantiers.open", is_coordination | is_system)
rules.add_perm("chantiers.note_first_meeting", in_charge)
rules.add_perm("chantiers.launch", in_charge)
rules.add_perm("chantiers.reopen_launch", in_charge)
rules.add_perm("chantiers.deliver", in_charge)
rules.add_perm("chantiers.reopen_work", in_charge)
rules.add_perm("chantiers.complete", leads)
rules.add_perm("chantiers.reopen_delivery", leads)
rules.add_perm("chantiers.evaluate", is_coordination)
rules.add_perm("chantiers.reopen_evaluation", is_coordination)
rules.add_perm("chantiers.archive", is_coordination)
rules.add_perm("chantiers.suspend", in_charge)
rules.add_perm("chantiers.resume", in_charge)
rules.add_perm("chantiers.abandon", is_coordination)
rules.add_perm("chantiers.record_tabling", records_votes & may_read)
rules.add_perm("chantiers.cancel_tabling", is_system)
rules.add_perm("chantiers.record_pact_entry", (records_votes & may_read) | is_system)
# The last proposition may be withdrawn by its group: the platform then draws the consequence.
rules.add_perm("chantiers.record_no_follow_up", (records_votes & may_read) | is_system)
rules.add_perm("chantiers.cancel_no_follow_up", is_system)
rules.add_perm("chantiers.change_description", leads)
rules.add_perm("chantiers.widen_circle", in_charge)
rules.add_perm("chantiers.narrow_circle", in_charge)
rules.add_perm("chantiers.widen_roadmap", in_charge)
rules.add_perm("chantiers.narrow_roadmap", in_charge)

rules.add_perm("chantiers.start_roadmap", drafts)
rules.add_perm("chantiers.add_line", drafts)
rules.add_perm("chantiers.edit_line", drafts)
rules.add_perm("chantiers.move_line", drafts)
rules.add_perm("chantiers.remove_line", drafts)
rules.add_perm("chantiers.set_rhythm", drafts)
rules.add_perm("chantiers.adopt_roadmap", in_charge)
rules.add_perm("chantiers.start_new_version", in_charge)
rules.add_perm("chantiers.adopt_new_version", in_charge)
rules.add_perm("chantiers.complete_step", drafts)
rules.add_perm("chantiers.reopen_step", drafts)

rules.add_perm("chantiers.report_weather", leads)
rules.add_perm("chantiers.remind_weather", is_system)

rules.add_perm("chantiers.publish_deliverable", leads)
rules.add_perm("chantiers.give_up_deliverable", leads)
rules.add_perm("chantiers.reopen_deliverable", leads)
rules.add_perm("chantiers.rate_objective", leads)
rules.add_perm("chantiers.rate_deliverable", leads)
