"""Small gestures around a meeting, each with what it changes and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.meetings.acts import agenda, attendance, capture, convening, polls, reminding
from dialogue.meetings.acts import minutes as path
from dialogue.meetings.models import Attendance
from dialogue.meetings.stages import ItemKind, MaterialKind, MeetingStage, MinutesStage, Presence
from tests.factories import NOW, make_chantier, make_department, make_meeting, make_member, make_organisation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def group():
    make_department()
    chantier = make_chantier(stage=Stage.WORKING)
    return chantier, make_member(chantier, role=Role.LEAD).person, make_member(chantier).person


def test_items_are_edited_moved_and_removed_until_something_is_written_under_them(group):
    chantier, lead, member = group
    meeting = make_meeting(chantier)
    first, second = (agenda.add_item(meeting, by=lead, now=NOW, title=title) for title in ("Un", "Deux"))
    agenda.edit_item(first, by=lead, now=NOW, title="Premier", kind=ItemKind.DECISION, planned_minutes=30)
    agenda.move_item(first, by=lead, now=NOW, down=True)
    assert [item.title for item in meeting.items.all()] == ["Deux", "Premier"]
    with pytest.raises(NotAllowed):
        agenda.remove_item(second, by=member, now=NOW)
    agenda.remove_item(second, by=lead, now=NOW)
    capture.save_notes(first, by=member, now=NOW, text="Notes", revision=0)
    with pytest.raises(Refused):
        agenda.remove_item(first, by=lead, now=NOW)


def test_reminders_are_chosen_and_what_is_past_is_not_sent(group):
    chantier, lead, _member = group
    meeting = make_meeting(chantier, starts_at=NOW + 2 * DAY)
    convening.set_reminders(meeting, by=lead, now=NOW, hours=[168, 24])
    sent = {reminder.hours_before: reminder.sent_sequence for reminder in meeting.reminders.all()}
    assert sent == {168: 0, 24: None}
    for _twice in range(2):
        reminding.remind_meeting(meeting.reminders.get(hours_before=24), by=SYSTEM, now=NOW)
    assert Letter.objects.filter(kind="meetings.reminder").count() == 2


def test_a_session_closed_too_early_is_opened_again_until_the_minutes_leave_the_draft(group):
    chantier, lead, member = group
    meeting = make_meeting(chantier, starts_at=NOW - DAY)
    convening.hold_meeting(meeting, by=lead, now=NOW)
    convening.reopen_session(meeting, by=lead, now=NOW)
    assert meeting.stage == MeetingStage.IN_SESSION
    convening.hold_meeting(meeting, by=lead, now=NOW)
    capture.add_decision(meeting, by=lead, now=NOW, text="Oui")
    organisation = member.mandates.get().organisation
    attendance.mark_attendance(meeting, by=lead, now=NOW, organisation=organisation, presence=Presence.PRESENT)
    minutes = path.start_minutes(meeting, by=lead, now=NOW)
    path.send_for_review(minutes, by=lead, now=NOW)
    with pytest.raises(Refused):
        convening.reopen_session(meeting, by=lead, now=NOW)
    for _twice in range(2):
        path.assent(minutes, by=member, now=NOW)
    assert minutes.assents.get().person == member
    assert minutes.stage == MinutesStage.IN_REVIEW


def test_lines_are_corrected_and_removed(group):
    chantier, lead, member = group
    meeting = make_meeting(chantier, starts_at=NOW)
    decision = capture.add_decision(meeting, by=member, now=NOW, text="On livre le mardi.")
    action = capture.add_action(meeting, by=member, now=NOW, text="Écrire.")
    capture.edit_decision(decision, by=lead, now=NOW, text="On livre le mercredi.", agreement="à l’unanimité")
    capture.edit_action(action, by=lead, now=NOW, text="Écrire aux communes.", owner_text="Les communes", due_on=date(2017, 12, 1))
    assert (decision.text, decision.revision, action.owner_text) == ("On livre le mercredi.", 1, "Les communes")
    capture.remove_decision(decision, by=lead, now=NOW)
    capture.remove_action(action, by=lead, now=NOW)
    assert not meeting.decisions.exists()
    assert not meeting.actions.exists()


def test_nothing_for_the_carnet_is_said_and_something_takes_it_back(group):
    chantier, lead, member = group
    meeting = make_meeting(chantier, starts_at=NOW)
    capture.declare_without_material(meeting, by=lead, now=NOW)
    material = capture.add_material(meeting, by=member, now=NOW, kind=MaterialKind.STORY, text="Un moment")
    meeting.refresh_from_db()
    assert not meeting.without_material
    with pytest.raises(Refused):
        capture.declare_without_material(meeting, by=lead, now=NOW)
    capture.remove_material(material, by=lead, now=NOW)
    capture.declare_without_material(meeting, by=lead, now=NOW)


def test_an_action_is_told_to_its_owner_once(group):
    chantier, _lead, member = group
    meeting = make_meeting(chantier, starts_at=NOW)
    owner = member.mandates.get().organisation
    action = capture.add_action(meeting, by=member, now=NOW, text="Écrire.", owner=owner, due_on=date(2017, 11, 8))
    for _twice in range(2):
        capture.remind_action(action, by=SYSTEM, now=NOW, event="soon")
    assert Letter.objects.get(kind="meetings.action").person == member


def test_a_poll_is_extended_widened_and_its_links_are_renewed(group):
    chantier, lead, _member = group
    meeting = convening.draft_meeting(chantier, by=lead, now=NOW)
    dates = [(NOW + n * DAY, NOW + n * DAY + timedelta(hours=1)) for n in (10, 11)]
    poll = polls.open_poll(meeting, by=lead, now=NOW, options=dates, deadline=NOW + 2 * DAY)
    polls.extend_poll(poll, by=lead, now=NOW, deadline=NOW + 5 * DAY)
    with pytest.raises(Refused):
        polls.extend_poll(poll, by=lead, now=NOW, deadline=NOW + 30 * DAY)
    polls.invite_to_poll(poll, by=lead, now=NOW, emails=["voisine@partenaire.example"])
    invitee = poll.invitees.get(email="voisine@partenaire.example")
    before = invitee.token_hash
    polls.renew_poll_link(invitee, by=lead, now=NOW)
    polls.remind_poll(invitee, by=SYSTEM, now=NOW)
    assert invitee.token_hash != before
    assert Letter.objects.filter(address=invitee.email).count() == 3
    polls.close_poll(poll, by=lead, now=NOW)
    polls.forget_poll(poll, by=SYSTEM, now=NOW)
    invitee.refresh_from_db()
    assert invitee.email.endswith("@oublie.invalid")


def test_a_merged_organisation_attended_once(group):
    chantier, _lead, member = group
    meeting, into = make_meeting(chantier), make_organisation()
    source = member.mandates.get().organisation
    for organisation in (source, into):
        Attendance.objects.create(meeting=meeting, organisation=organisation)
    attendance.move_organisation(into, by=SYSTEM, now=NOW, source=source)
    assert Attendance.objects.get().organisation == into
