"""The path of the minutes and the registers, act by act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogue.chantiers.stages import Role, Stage
from dialogue.discussion.acts import post_comment, settle_remark
from dialogue.discussion.stages import Outcome, Via
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer import replying
from dialogue.mailer.models import Letter
from dialogue.meetings import tasks
from dialogue.meetings.acts import agenda, attendance, capture, convening
from dialogue.meetings.acts import minutes as path
from dialogue.meetings.models import (
    Action,
    Decision,
    Minutes,
)
from dialogue.meetings.stages import DecisionState, MinutesStage, Presence
from dialogue.people.stages import Circle
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


# Minutes ---------------------------------------------------------------------------------------------------------------


def test_the_group_is_asked_to_check_and_each_reads_what_is_theirs_to_do(group):
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    letter = Letter.objects.get(person=people["bilal"], kind="meetings.minutes_to_check")
    assert letter.subject == "Compte-rendu à relire avant le 13 novembre : Manger local"
    assert "Une tournée passe le mercredi." in letter.text
    assert "Écrire aux communes." in letter.text
    assert "Écrire aux communes." not in Letter.objects.get(person=people["anne"], kind="meetings.minutes_to_check").text
    assert "Sans remarque avant l’échéance" in letter.text
    assert "au-dessus de cette ligne" in letter.text
    assert replying.read(letter.reply_to) == replying.Target(people["bilal"].pk, "thread", minutes.thread_id)


def test_silence_at_the_deadline_is_agreement_but_a_remark_holds_it_back(group):
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    remark = post_comment(
        minutes.thread, by=people["anne"], now=NOW + DAY, text="34 repas", passage_key=f"item-{item.pk}", via=Via.MAIL
    )
    tasks.approve_by_silence(NOW + 6 * DAY)
    minutes.refresh_from_db()
    assert minutes.stage == MinutesStage.IN_REVIEW
    for _twice in range(2):
        tasks.approve_by_silence(NOW + 8 * DAY)
    minutes.refresh_from_db()
    assert minutes.stage == MinutesStage.IN_REVIEW
    assert Letter.objects.filter(kind="meetings.minutes_waiting", subject__contains="remarques").count() == 2
    version = path.correct_minutes(
        minutes, by=people["lead"], now=NOW + 8 * DAY, note="34 repas", notes={item.pk: "Le Cabas sert 34 repas."}
    )
    settle_remark(remark, by=people["lead"], now=NOW + 8 * DAY, outcome=Outcome.KEPT, reason="Merci")
    tasks.approve_by_silence(NOW + 9 * DAY)
    minutes.refresh_from_db()
    assert (version.number, minutes.stage, minutes.approved_by_silence) == (2, MinutesStage.APPROVED, True)


def test_only_the_sponsor_or_the_lead_approves_and_not_before_the_deadline(group):
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    with pytest.raises(NotAllowed):
        path.approve(minutes, by=people["anne"], now=NOW + 8 * DAY)
    with pytest.raises(Refused, match="échéance"):
        path.approve(minutes, by=people["sponsor"], now=NOW + DAY)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    assert (minutes.stage, minutes.approved_by) == (MinutesStage.APPROVED, people["sponsor"])


def test_nobody_outside_the_group_reads_the_minutes_before_publication_nor_beyond_its_circle(group):
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    partner = make_person()
    assert not Minutes.objects.visible_to(partner).exists()
    assert not Decision.objects.visible_to(partner).exists()
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    assert not Minutes.objects.visible_to(partner).exists()
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PARTNERS)
    assert Minutes.objects.visible_to(partner).get() == minutes
    assert Decision.objects.visible_to(partner).count() == Action.objects.visible_to(partner).count() == 1
    from django.contrib.auth.models import AnonymousUser

    assert not Minutes.objects.visible_to(AnonymousUser()).exists()
    path.change_circle(minutes, by=people["lead"], now=NOW + 9 * DAY, circle=Circle.GROUP)
    assert not Decision.objects.visible_to(partner).exists()


def test_a_rectification_is_a_new_published_version_and_the_former_one_stays(group):
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PUBLIC)
    with pytest.raises(Refused, match="Rien n’a changé"):
        path.rectify(
            minutes,
            by=people["lead"],
            now=NOW + 9 * DAY,
            note="Rien",
            notes={item.pk: item.notes or "Le Cabas a une camionnette."},
        )
    path.rectify(
        minutes, by=people["lead"], now=NOW + 9 * DAY, note="Deux camionnettes", notes={item.pk: "Le Cabas a deux camionnettes."}
    )
    versions = list(minutes.versions.all())
    assert [(v.number, v.published_at is not None) for v in versions] == [(2, True), (1, True)]
    assert versions[1].content["items"][0]["notes"] == "Le Cabas a une camionnette."
    assert minutes.stage == MinutesStage.RECTIFIED
    assert Letter.objects.filter(subject__startswith="Compte-rendu rectifié").count() == 5


def test_the_notes_are_closed_once_the_minutes_are_in_review_and_open_again_in_the_draft(group):
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    with pytest.raises(Refused, match="relecture"):
        capture.save_notes(item, by=people["lead"], now=NOW, text="Trop tard", revision=1)
    path.back_to_draft(minutes, by=people["lead"], now=NOW)
    capture.save_notes(item, by=people["lead"], now=NOW, text="À temps", revision=1)


def test_registers_say_where_things_stand(group):
    chantier, people = group
    meeting, _item = held(chantier, people)
    decision, action = meeting.decisions.get(), meeting.actions.get()
    assert action.days_late(date(2017, 11, 20)) == 3
    with pytest.raises(NotAllowed):
        capture.complete_action(action, by=people["anne"], now=NOW, done_on=date(2017, 11, 6))
    capture.complete_action(action, by=people["bilal"], now=NOW, done_on=date(2017, 11, 6), note="Quatorze lettres")
    assert (action.is_open, action.days_late(date(2017, 12, 1))) == (False, 0)
    capture.reopen_action(action, by=people["bilal"], now=NOW)
    with pytest.raises(Refused):
        capture.drop_action(action, by=people["lead"], now=NOW, motive=" ")
    capture.settle_decision(decision, by=people["lead"], now=NOW, state=DecisionState.APPLIED)
    with pytest.raises(Refused):
        capture.settle_decision(decision, by=people["lead"], now=NOW, state=DecisionState.REPLACED)


def test_only_the_owner_is_reminded_of_an_action(group):
    chantier, people = group
    held(chantier, people)
    for _twice in range(2):
        tasks.remind_actions(NOW + 9 * DAY)
        tasks.remind_actions(NOW + 13 * DAY)
    assert list(Letter.objects.filter(kind="meetings.action").values_list("person__name", flat=True)) == ["bilal", "bilal"]
