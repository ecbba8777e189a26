"""Who convenes the meetings of a group."""

import rules

from dialogue.chantiers.rules.predicates import answers_for
from dialogue.people.rules import is_coordination

convenes = is_coordination | answers_for

rules.add_perm("meetings.convene_meeting", convenes)
rules.add_perm("meetings.move_meeting", convenes)
rules.add_perm("meetings.hold_meeting", convenes)
rules.add_perm("meetings.cancel_meeting", convenes)
