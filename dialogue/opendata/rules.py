"""Who gives tokens: the coordination, for itself. The platform notes their use, and revokes those of whoever leaves."""

import rules

from dialogue.people.rules import is_coordination, is_system

rules.add_perm("opendata.create_token", is_coordination)
rules.add_perm("opendata.revoke_token", is_coordination | is_system)
rules.add_perm("opendata.note_use", is_system)
