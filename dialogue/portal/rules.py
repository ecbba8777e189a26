"""Permission sentences of the portal: what is the coordination's to read."""

import rules

from dialogue.people.rules import is_coordination

rules.add_perm("portal.pilot", is_coordination)
rules.add_perm("portal.read_register", is_coordination)
