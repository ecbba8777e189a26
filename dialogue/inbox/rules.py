"""Who sorts mail: the platform by itself, then those who answer for a group, and the coordination."""

import rules

from dialogue.chantiers.rules.predicates import answers_for
from dialogue.people.rules import is_coordination, is_system

files_mail = is_coordination | answers_for

for name in (
    "post_mail",
    "answer_meeting",
    "contribute_mail",
    "hold_mail",
    "ignore_mail",
    "refuse_mail",
    "note_notice",
    "give_up_on_mail",
    "forget_mail",
):
    rules.add_perm(f"inbox.{name}", is_system)
rules.add_perm("inbox.forget_sender", is_system)
rules.add_perm("inbox.file_mail", files_mail)
rules.add_perm("inbox.note_presence", files_mail)
rules.add_perm("inbox.set_aside", files_mail)
rules.add_perm("inbox.take_back", files_mail)
rules.add_perm("inbox.reject_mail", files_mail)
rules.add_perm("inbox.assign_mail", is_coordination)
rules.add_perm("inbox.retry_mail", is_coordination)
