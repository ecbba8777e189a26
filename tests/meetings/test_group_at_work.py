"""From the first convocation to the rectified minutes: acts of the meetings room, one after the other."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import icalendar
import pytest

from dialogue.chantiers.models import Representative
from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion.stages import Via
from dialogue.formats import ics
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer import replying
from dialogue.mailer.message import as_mail
from dialogue.mailer.models import Letter
from dialogue.meetings import pages, tasks
from dialogue.meetings.acts import agenda, attendance, capture, convening, polls
from dialogue.meetings.acts import minutes as path
from dialogue.meetings.models import (
    AgendaItem,
    Answer,
    Attendance,
    Decision,
    Meeting,
    NotesConflict,
    PollInvitee,
    PollOption,
)
from dialogue.meetings.stages import Available, ItemState, MaterialKind, MeetingStage, Presence, Rsvp
from dialogue.people.stages import Circle
from tests.chantiers.races import at_once
from tests.factories import NOW, make_chantier, make_department, make_meeting, make_member, make_person

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def group():
    make_department()
    chantier = make_chantier(stage=Stage.WORKING, title="Manger local")
    people = {
        name: make_member(chantier, role=role, person=make_person(name=name)).person
        for name, role in {
            "sponsor": Role.SPONSOR,
            "lead": Role.LEAD,
            "anne": Role.PARTNER,
            "bilal": Role.PARTNER,
            "observer": Role.OBSERVER,
        }.items()
    }
    return chantier, people


def convene(chantier, by, *, days=8, now=NOW):
    starts = NOW + timedelta(days=days)
    return convening.convene_meeting(chantier, by=by, now=now, starts_at=starts, ends_at=starts + 2 * HOUR, place="Lycée")


def held(chantier, people, *, starts=NOW - 3 * HOUR):
    """In session since three hours, with one item, one decision, one action."""
    meeting = make_meeting(chantier, starts_at=starts, number=1)
    item = agenda.add_item(meeting, by=people["lead"], now=NOW, title="Qui livre ?")
    convening.open_session(meeting, by=people["lead"], now=NOW)
    capture.save_notes(item, by=people["lead"], now=NOW, text="Le Cabas a une camionnette.", revision=0)
    capture.add_decision(
        meeting, by=people["anne"], now=NOW, text="Une tournée passe le mercredi.", item=item, agreement="à l’unanimité"
    )
    owner = people["bilal"].mandates.get().organisation
    capture.add_action(
        meeting, by=people["lead"], now=NOW, text="Écrire aux communes.", item=item, owner=owner, due_on=date(2017, 11, 17)
    )
    attendance.mark_attendance(meeting, by=people["lead"], now=NOW, organisation=owner, presence=Presence.PRESENT)
    convening.hold_meeting(meeting, by=people["lead"], now=NOW)
    return meeting, item


def reviewed(chantier, people):
    meeting, item = held(chantier, people)
    minutes = path.start_minutes(meeting, by=people["lead"], now=NOW)
    path.send_for_review(minutes, by=people["lead"], now=NOW)
    return minutes, item


# Convocation ----------------------------------------------------------------------------------------------------------


def test_the_convocation_is_an_invitation_that_a_calendar_can_answer(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    letter = Letter.objects.get(person=people["anne"])
    calendar = icalendar.Calendar.from_ical(letter.calendar)
    event = calendar.walk("VEVENT")[0]
    assert (calendar["method"], event["sequence"]) == ("REQUEST", 0)
    assert str(event["uid"]).startswith(f"seance-{meeting.uid}@")
    organizer = str(event["organizer"]).removeprefix("mailto:")
    assert replying.read(organizer) == replying.Target(people["anne"].pk, "meeting", meeting.pk)
    assert str(event["attendee"]) == f"mailto:{people['anne'].email}"
    assert event["attendee"].params["RSVP"] == "TRUE"
    parts = [part.get_content_type() for part in as_mail(letter).message().walk()]
    assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]


def test_a_move_updates_the_event_in_place_and_a_typo_does_not(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    convening.describe_meeting(meeting, by=people["lead"], now=NOW, introduction="Bonjour")
    assert meeting.sequence == 0
    convening.move_meeting(
        meeting, by=people["lead"], now=NOW, starts_at=NOW + 9 * DAY, ends_at=NOW + 9 * DAY + HOUR, place="Mairie"
    )
    letters = Letter.objects.filter(person=people["anne"]).order_by("pk")
    uids = {str(icalendar.Calendar.from_ical(each.calendar).walk("VEVENT")[0]["uid"]) for each in letters}
    assert (len(letters), len(uids), meeting.sequence) == (2, 1, 1)


def test_a_postponed_meeting_leaves_the_calendars_and_comes_back_under_the_same_identity(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    convening.postpone_meeting(meeting, by=people["lead"], now=NOW)
    assert not Meeting.objects.visible_to(people["anne"]).exists()
    assert Letter.objects.filter(person=people["anne"]).latest("pk").calendar_method == "CANCEL"
    convening.convene_draft(
        meeting, by=people["lead"], now=NOW, starts_at=NOW + 20 * DAY, ends_at=NOW + 20 * DAY + HOUR, place="Mairie"
    )
    letter = Letter.objects.filter(person=people["anne"]).latest("pk")
    event = icalendar.Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
    assert (letter.calendar_method, event["sequence"], meeting.stage) == ("REQUEST", 2, MeetingStage.CONVENED)


def test_page_and_mail_client_share_one_answer_and_an_older_one_never_wins(group):
    chantier, people = group
    meeting, anne = convene(chantier, people["lead"]), people["anne"]
    attendance.answer_convocation(meeting, by=anne, now=NOW, rsvp=Rsvp.DECLINED, via=Via.MAIL, stamped_at=NOW + HOUR)
    assert not attendance.answer_convocation(
        meeting, by=anne, now=NOW + 2 * HOUR, rsvp=Rsvp.ACCEPTED, via=Via.MAIL, stamped_at=NOW
    )
    assert Answer.objects.get().rsvp == Rsvp.DECLINED
    attendance.answer_convocation(meeting, by=anne, now=NOW + 3 * HOUR, rsvp=Rsvp.ACCEPTED)
    assert (Answer.objects.get().rsvp, Answer.objects.get().via) == (Rsvp.ACCEPTED, Via.PAGE)
    with pytest.raises(NotAllowed):
        attendance.answer_convocation(meeting, by=make_person(), now=NOW, rsvp=Rsvp.ACCEPTED)


def test_the_lead_learns_at_once_that_the_sponsor_will_not_come(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    attendance.answer_convocation(meeting, by=people["anne"], now=NOW, rsvp=Rsvp.DECLINED)
    assert not Letter.objects.filter(kind="meetings.declined").exists()
    attendance.answer_convocation(meeting, by=people["sponsor"], now=NOW, rsvp=Rsvp.DECLINED)
    assert Letter.objects.get(kind="meetings.declined").person == people["lead"]


def calendar(method: str, product: str, *lines: str) -> str:
    inside = ["BEGIN:VCALENDAR", method, product, "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(inside)


@pytest.mark.parametrize("how", ["outlook", "google", "apple"])
def test_an_answer_of_each_calendar_is_understood(how):
    told = {
        "outlook": calendar(
            "METHOD:REPLY",
            "PRODID:Microsoft Exchange",
            'ATTENDEE;PARTSTAT=DECLINED;CN="Anne Dupré":MAILTO:Anne@Mairie.example',
            "COMMENT;LANGUAGE=fr-FR:Désolée\\n",
            "UID:seance-1@x",
            "DTSTAMP:20171106T100000Z",
            "SEQUENCE:1",
        ).encode("cp1252"),
        "google": calendar(
            "METHOD:REPLY",
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "DTSTART:20171114T080000Z",
            "DTSTAMP:20171106T100000Z",
            "UID:seance-1@x",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;X-NUM-\r\n GUESTS=0:mailto:anne@mairie.example",
            "SEQUENCE:1",
            "STATUS:CONFIRMED",
        ).encode(),
        "apple": calendar(
            "METHOD:REPLY",
            "PRODID:-//Apple Inc.//iOS 17//EN",
            "UID:seance-1@x",
            "SEQUENCE:1",
            "DTSTAMP:20171106T100000Z",
            "ATTENDEE;CN=Anne;PARTSTAT=DECLINED:mailto:anne@mairie.example",
        )
        .replace("\r\n", "\n")
        .encode(),
    }[how]
    reply = ics.read_reply(told)
    assert reply is not None
    assert (reply.uid, reply.attendee, reply.partstat, reply.sequence) == ("seance-1@x", "anne@mairie.example", "DECLINED", 1)
    assert reply.stamped == NOW + HOUR


def test_what_is_no_answer_is_none():
    assert ics.read_reply(b"") is None
    assert ics.read_reply(b"\xff\xfe nonsense") is None
    assert (
        ics.read_reply(b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n") is None
    )


def test_reminders_move_with_the_meeting_and_spare_those_who_said_no(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    attendance.answer_convocation(meeting, by=people["anne"], now=NOW, rsvp=Rsvp.DECLINED)
    tasks.remind_meetings(NOW)
    assert not Letter.objects.filter(kind="meetings.reminder").exists()
    for _twice in range(2):
        tasks.remind_meetings(meeting.starts_at - 23 * HOUR)
    reminded = Letter.objects.filter(kind="meetings.reminder")
    assert (reminded.count(), reminded.filter(person=people["anne"]).count()) == (8, 0)
    convening.move_meeting(
        meeting, by=people["lead"], now=NOW, starts_at=NOW + 30 * DAY, ends_at=NOW + 30 * DAY + HOUR, place="Mairie"
    )
    tasks.remind_meetings(NOW + 29 * DAY + HOUR)
    assert reminded.count() == 16


def test_whoever_joins_later_gets_the_convocation_and_nobody_twice(group):
    chantier, people = group
    convene(chantier, people["lead"])
    newcomer = make_member(chantier).person
    before = Letter.objects.count()
    for _twice in range(2):
        tasks.convene_newcomers(NOW)
    assert Letter.objects.count() == before + 1
    assert Letter.objects.get(person=newcomer).kind == "meetings.convened"


def test_whoever_leaves_sees_the_meeting_leave_their_calendar_once_and_may_come_back(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"])
    attendance.answer_convocation(meeting, by=people["anne"], now=NOW, rsvp=Rsvp.ACCEPTED)
    seats = Representative.objects.filter(person=people["anne"], member__chantier=chantier)
    seats.update(until=NOW.date())
    for _twice in range(2):
        tasks.release_leavers(NOW + HOUR)
    letters = Letter.objects.filter(person=people["anne"], kind="meetings.convened").order_by("pk")
    assert [letter.calendar_method for letter in letters] == ["REQUEST", "CANCEL"]
    assert "ne faites plus partie" in letters.last().text
    assert not Answer.objects.filter(meeting=meeting, person=people["anne"]).exists()
    assert not Letter.objects.filter(calendar_method="CANCEL").exclude(person=people["anne"]).exists()
    seats.update(until=None)
    for _twice in range(2):
        tasks.convene_newcomers(NOW + 2 * HOUR)
    assert [letter.calendar_method for letter in letters.all()] == ["REQUEST", "CANCEL", "REQUEST"]


def test_a_convocation_waits_for_the_reader_until_they_answer(group):
    chantier, people = group
    meeting = convene(chantier, people["lead"], days=5)
    [todo] = pages.todo_of(chantier, people["anne"], NOW.date())
    assert (todo.kind, todo.days, todo.title) == ("soon", 5, "Répondre à la convocation de la séance 1")
    attendance.answer_convocation(meeting, by=people["anne"], now=NOW, rsvp=Rsvp.TENTATIVE)
    assert pages.todo_of(chantier, people["anne"], NOW.date()) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_who_choose_a_date_at_once_convene_one_meeting(group):
    chantier, people = group
    _meeting, poll = open_poll(chantier, people)
    first, second, _third = [
        PollOption.objects.select_related("poll__meeting__chantier").get(pk=o.pk) for o in poll.options.all()
    ]
    results = at_once(
        lambda: polls.choose_date(first, by=people["lead"], now=NOW),
        lambda: polls.choose_date(second, by=people["sponsor"], now=NOW),
    )
    assert sorted(results) == ["Refused", "done"]
    assert poll.options.filter(chosen=True).count() == 1
    assert Letter.objects.filter(kind="meetings.convened").count() == 5


# Poll ------------------------------------------------------------------------------------------------------------------


def open_poll(chantier, people, emails=("dehors@ailleurs.example",)):
    meeting = convening.draft_meeting(chantier, by=people["lead"], now=NOW, place="Mairie")
    dates = [(NOW + n * DAY, NOW + n * DAY + HOUR) for n in (10, 12, 14)]
    return meeting, polls.open_poll(meeting, by=people["lead"], now=NOW, options=dates, deadline=NOW + 5 * DAY, emails=emails)


def test_everyone_is_asked_by_a_link_and_told_once_that_all_have_answered(group):
    chantier, people = group
    _meeting, poll = open_poll(chantier, people)
    assert Letter.objects.filter(kind="meetings.poll").count() == 6
    options = list(poll.options.all())
    for invitee in poll.invitees.all():
        answers = {option.pk: Available.YES if n == 1 else Available.NO for n, option in enumerate(options)}
        polls.answer_poll(invitee, by=None, now=NOW, answers=answers, name="Une voisine")
        polls.answer_poll(invitee, by=None, now=NOW, answers=answers)
    assert Letter.objects.filter(kind="meetings.poll_answered").count() == 2
    assert PollInvitee.objects.get(email="dehors@ailleurs.example").name == "Une voisine"


def test_a_date_that_nobody_can_is_refused_and_another_convenes(group):
    chantier, people = group
    meeting, poll = open_poll(chantier, people)
    first, second, _third = poll.options.all()
    for invitee in poll.invitees.all():
        polls.answer_poll(
            invitee,
            by=None,
            now=NOW,
            answers={o.pk: Available.NO if o == first else Available.IF_NEED_BE for o in poll.options.all()},
        )
    with pytest.raises(Refused, match="Personne ne peut"):
        polls.choose_date(first, by=people["lead"], now=NOW)
    polls.choose_date(second, by=people["lead"], now=NOW)
    meeting.refresh_from_db()
    assert (meeting.stage, meeting.starts_at) == (MeetingStage.CONVENED, second.starts_at)
    assert Letter.objects.filter(kind="meetings.convened").count() == 5
    assert Letter.objects.filter(address="dehors@ailleurs.example").count() == 2
    with pytest.raises(Refused):
        polls.choose_date(second, by=people["lead"], now=NOW)


def test_only_those_who_have_not_answered_are_reminded_once(group):
    chantier, people = group
    _meeting, poll = open_poll(chantier, people)
    done = poll.invitees.first()
    polls.answer_poll(done, by=None, now=NOW, answers={o.pk: Available.YES for o in poll.options.all()})
    before = Letter.objects.count()
    for _twice in range(2):
        tasks.remind_polls(NOW + 4 * DAY + HOUR)
    assert Letter.objects.count() == before + 5
    assert not Letter.objects.filter(address=done.email, subject__contains="manque").exists()


def test_addresses_without_an_account_are_forgotten_after_sixty_days(group):
    chantier, people = group
    _meeting, poll = open_poll(chantier, people)
    polls.close_poll(poll, by=people["lead"], now=NOW)
    tasks.forget_polls(NOW + 59 * DAY)
    assert PollInvitee.objects.filter(email="dehors@ailleurs.example").exists()
    tasks.forget_polls(NOW + 61 * DAY)
    assert not PollInvitee.objects.filter(email="dehors@ailleurs.example").exists()
    assert PollInvitee.objects.exclude(person=None).count() == 5


# In session ------------------------------------------------------------------------------------------------------------


def test_what_was_left_comes_back_in_the_next_agenda(group):
    chantier, people = group
    meeting, item = held(chantier, people)
    left = AgendaItem.objects.create(meeting=meeting, title="Le guide", order=9)
    capture.mark_item(item, by=people["lead"], now=NOW, state=ItemState.DONE)
    following = convene(chantier, people["lead"])
    assert [(each.title, each.carried_from) for each in following.items.all()] == [("Le guide", left)]
    assert agenda.carry_over(following, by=people["lead"], now=NOW) == 0


def test_two_people_in_one_item_lose_no_text(group):
    chantier, people = group
    meeting = make_meeting(chantier, starts_at=NOW)
    item = agenda.add_item(meeting, by=people["lead"], now=NOW, title="Notes")
    base = "un\ndeux\ntrois"
    capture.save_notes(item, by=people["lead"], now=NOW, text=base, revision=0)
    capture.save_notes(item, by=people["anne"], now=NOW, text="UN\ndeux\ntrois", revision=1, base=base)
    merged = capture.save_notes(item, by=people["bilal"], now=NOW, text="un\ndeux\ntrois\nquatre", revision=1, base=base)
    assert (merged.text, merged.merged) == ("UN\ndeux\ntrois\nquatre", True)
    key = uuid.uuid4()
    for _twice in range(2):
        saved = capture.save_notes(
            item, by=people["lead"], now=NOW, text="Un !\ndeux\ntrois", revision=1, base=base, client_key=key
        )
    assert saved.conflict == NotesConflict.objects.get()
    assert (saved.conflict.text, saved.text) == ("Un !\ndeux\ntrois", "UN\ndeux\ntrois\nquatre")
    with pytest.raises(Refused):
        capture.resolve_conflict(saved.conflict, by=people["anne"], now=NOW, text="réuni", revision=0)
    capture.resolve_conflict(saved.conflict, by=people["anne"], now=NOW, text="réuni", revision=saved.revision)
    item.refresh_from_db()
    assert item.notes == "réuni"


def test_numbers_are_for_life_and_a_line_sent_twice_is_written_once(group):
    chantier, people = group
    meeting, _item = held(chantier, people)
    second = make_meeting(chantier, number=2, starts_at=NOW)
    key = uuid.uuid4()
    rows = [capture.add_decision(second, by=people["anne"], now=NOW, text="Encore", client_key=key) for _twice in range(2)]
    assert [row.label for row in rows] == ["D2", "D2"]
    assert Decision.objects.filter(chantier=chantier).count() == 2
    assert meeting.decisions.get().label == "D1"


def test_an_observer_takes_no_notes(group):
    chantier, people = group
    meeting = make_meeting(chantier, starts_at=NOW)
    with pytest.raises(NotAllowed):
        capture.add_decision(meeting, by=people["observer"], now=NOW, text="Non")


def test_attendance_says_who_represented_whom(group):
    chantier, people = group
    meeting = make_meeting(chantier, starts_at=NOW - HOUR)
    anne, bilal = (people[name].mandates.get().organisation for name in ("anne", "bilal"))
    attendance.answer_convocation(meeting, by=people["bilal"], now=NOW, rsvp=Rsvp.DECLINED)
    convening.open_session(meeting, by=people["lead"], now=NOW)
    assert Attendance.objects.get(organisation=bilal).presence == Presence.EXCUSED
    with pytest.raises(Refused):
        attendance.mark_attendance(meeting, by=people["lead"], now=NOW, organisation=bilal, presence=Presence.REPRESENTED)
    attendance.mark_attendance(
        meeting, by=people["lead"], now=NOW, organisation=bilal, presence=Presence.REPRESENTED, represented_by=anne
    )
    assert Attendance.objects.get(organisation=bilal).represented_by == anne


def test_a_meeting_closes_with_attendance_published_minutes_and_something_for_the_carnet(group):
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    meeting = minutes.meeting
    with pytest.raises(Refused) as refused:
        capture.close_meeting(meeting, by=people["lead"], now=NOW)
    assert len(refused.value.reasons) == 3
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PUBLIC)
    for row in meeting.attendances.filter(presence=""):
        attendance.mark_attendance(meeting, by=people["lead"], now=NOW, organisation=row.organisation, presence=Presence.ABSENT)
    capture.add_material(
        meeting, by=people["anne"], now=NOW, kind=MaterialKind.VERBATIM, text="La réunion la plus utile", consent=True
    )
    capture.close_meeting(meeting, by=people["lead"], now=NOW)
    assert meeting.stage == MeetingStage.CLOSED
