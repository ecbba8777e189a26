"""Who may evaluate a chantier, ask its participants, and evaluate the whole process."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.rules.life import leads
from dialogue.people.rules import is_coordination, is_system

rules.add_perm("evaluation.start_evaluation", leads)
rules.add_perm("evaluation.save_draft", leads)
rules.add_perm("evaluation.publish_evaluation", is_coordination)
rules.add_perm("evaluation.correct_evaluation", is_coordination)
rules.add_perm("evaluation.change_circle", is_coordination)
rules.add_perm("evaluation.remind_lead", is_coordination)

rules.add_perm("evaluation.open_survey", leads)
rules.add_perm("evaluation.close_survey", leads | is_system)
rules.add_perm("evaluation.remind_survey", is_system)
rules.add_perm("evaluation.forget_survey", is_system)
rules.add_perm("evaluation.forget_person", is_system)

rules.add_perm("evaluation.prepare_process", is_coordination)
rules.add_perm("evaluation.save_process", is_coordination)
rules.add_perm("evaluation.publish_process", is_coordination)


def may_pilot(person: Any) -> bool:
    """Whether the person enters the coordination's pages of the evaluation."""
    return bool(rules.has_perm("evaluation.prepare_process", person))


def may_write(person: Any, chantier: Any) -> bool:
    """Whether the person writes the evaluation of this chantier."""
    return bool(rules.has_perm("evaluation.save_draft", person, chantier))
