"""Who convenes, answers, takes notes, reviews, approves and publishes in a group."""

from __future__ import annotations

from typing import Any

import rules

from dialogue.chantiers.rules.predicates import answers_for, chantier_of, is_lead, is_member, is_sponsor, takes_part
from dialogue.chantiers.stages import Role
from dialogue.people.models import Mandate
from dialogue.people.rules import is_coordination, is_system


@rules.predicate
def owns_action(person: Any, action: Any) -> bool:
    """Speaks for the organisation in charge of the action."""
    owner = getattr(action, "owner_id", None)
    if owner is None or not getattr(person, "pk", None):
        return False
    return Mandate.objects.open().filter(person_id=person.pk, organisation_id=owner).exists()


@rules.predicate
def has_no_sponsor(_person: Any, thing: Any) -> bool:
    chantier = chantier_of(thing)
    return chantier is not None and not chantier.members.active().filter(role=Role.SPONSOR).exists()


convenes = is_coordination | answers_for
writes = is_coordination | takes_part

for name in (
    "convene_meeting",
    "draft_meeting",
    "convene_draft",
    "describe_meeting",
    "move_meeting",
    "postpone_meeting",
    "hold_meeting",
    "cancel_meeting",
    "open_session",
    "reopen_session",
    "open_poll",
    "extend_poll",
    "invite_to_poll",
    "renew_poll_link",
    "choose_date",
    "close_poll",
    "add_item",
    "edit_item",
    "move_item",
    "remove_item",
    "carry_over",
    "discuss_remark",
    "set_reminders",
    "mark_attendance",
    "declare_without_material",
    "close_meeting",
):
    rules.add_perm(f"meetings.{name}", convenes)

rules.add_perm("meetings.answer_convocation", is_member)
# Whoever holds the mailed link answers: the link is looked up by its secret before anything else.
rules.add_perm("meetings.answer_poll", rules.always_allow)
rules.add_perm("meetings.remind_poll", is_system)
rules.add_perm("meetings.remind_meeting", is_system)
rules.add_perm("meetings.forget_poll", is_system)
rules.add_perm("meetings.convene_newcomers", is_system)
rules.add_perm("meetings.release_leavers", is_system)
rules.add_perm("meetings.move_organisation", is_system)

# In session, and until the minutes leave the draft (guards say so).
for name in (
    "save_notes",
    "resolve_conflict",
    "mark_item",
    "add_decision",
    "add_action",
    "edit_decision",
    "edit_action",
    "remove_decision",
    "remove_action",
    "add_material",
    "edit_material",
    "remove_material",
):
    rules.add_perm(f"meetings.{name}", writes)

rules.add_perm("meetings.settle_decision", convenes)
rules.add_perm("meetings.complete_action", convenes | owns_action)
rules.add_perm("meetings.reopen_action", convenes | owns_action)
rules.add_perm("meetings.drop_action", convenes | owns_action)
rules.add_perm("meetings.remind_action", is_system)

rules.add_perm("meetings.start_minutes", convenes | is_system)
rules.add_perm("meetings.send_for_review", convenes)
rules.add_perm("meetings.back_to_draft", convenes)
rules.add_perm("meetings.correct_minutes", convenes)
# By the sponsor, or by delegation the lead (product.md); by silence at the deadline, the platform.
rules.add_perm("meetings.approve", is_sponsor | is_lead | is_system | (is_coordination & has_no_sponsor))
rules.add_perm("meetings.publish", convenes)
rules.add_perm("meetings.rectify", convenes)
rules.add_perm("meetings.change_circle", convenes)
rules.add_perm("meetings.assent", is_member)
