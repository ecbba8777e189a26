"""The minutes beyond their plain path: what becomes of remarks, who may read, what a page costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.discussion.acts import post_comment, settle_remark
from dialogue.discussion.models import Comment
from dialogue.discussion.stages import Outcome
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.mailer.models import Letter
from dialogue.meetings import tasks
from dialogue.meetings.acts import agenda, attendance, capture, convening
from dialogue.meetings.acts import minutes as path
from dialogue.meetings.content import content_of, corrected_in, differences
from dialogue.meetings.models import AgendaItem, Attendance
from dialogue.meetings.stages import MeetingStage, MinutesStage, Presence
from dialogue.people.stages import Circle
from tests.factories import NOW, make_comment, make_meeting, make_person
from tests.meetings.test_group_at_work import DAY, group, reviewed  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def page(minutes, *, query=""):
    return f"/chantiers/{minutes.chantier.slug}/seances/{minutes.meeting.number}/compte-rendu/{query}"


def remark(minutes, by, item=None, text="Notre cantine sert 34 repas."):
    key = f"item-{item.pk}" if item else ""
    return post_comment(minutes.thread, by=by, now=NOW + DAY, text=text, passage_key=key)


# Remarks ---------------------------------------------------------------------------------------------------------------


def test_a_remark_to_discuss_comes_to_the_agenda_of_the_next_meeting_once_and_leaves_it_when_answered(group):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    coming = make_meeting(chantier, number=2, starts_at=NOW + 8 * DAY)
    said = remark(minutes, people["anne"], item)
    for _twice in range(2):
        settle_remark(said, by=people["lead"], now=NOW + DAY, outcome=Outcome.TO_DISCUSS)
    organisation = people["anne"].mandates.get().organisation
    assert [each.title for each in coming.items.all()] == [f"Remarque sur le compte-rendu de la séance 1 ({organisation})"]
    settle_remark(said, by=people["lead"], now=NOW + DAY, outcome=Outcome.NOT_KEPT, reason="Le chiffre est juste.")
    assert not coming.items.exists()


def test_without_a_next_meeting_the_one_drafted_later_takes_the_remark(group):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    said = remark(minutes, people["anne"], item)
    settle_remark(said, by=people["lead"], now=NOW + DAY, outcome=Outcome.TO_DISCUSS)
    assert not AgendaItem.objects.filter(remark=said).exists()
    drafted = convening.draft_meeting(chantier, by=people["lead"], now=NOW + DAY)
    assert AgendaItem.objects.get(remark=said).meeting == drafted
    agenda.discuss_remark(drafted, by=people["lead"], now=NOW + DAY, remark=said)
    assert AgendaItem.objects.get(remark=said).meeting == drafted  # once
    with pytest.raises(NotAllowed):
        agenda.discuss_remark(drafted, by=people["anne"], now=NOW + DAY, remark=said)


def test_silence_does_not_approve_what_is_to_discuss_but_the_sponsor_may(group):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    settle_remark(remark(minutes, people["anne"], item), by=people["lead"], now=NOW + DAY, outcome=Outcome.TO_DISCUSS)
    tasks.approve_by_silence(NOW + 8 * DAY)
    minutes.refresh_from_db()
    assert minutes.stage == MinutesStage.IN_REVIEW
    letter = Letter.objects.get(kind="meetings.minutes_waiting", person=people["sponsor"])
    assert "n’empêche pas d’approuver" in " ".join(letter.text.split())
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    assert (minutes.stage, minutes.approved_by_silence) == (MinutesStage.APPROVED, False)


def test_a_kept_remark_points_to_the_version_that_changed_its_passage_and_to_no_other(group, client_for):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    other = AgendaItem.objects.create(meeting=minutes.meeting, title="Le guide", order=2)
    said, beside = remark(minutes, people["anne"], item), remark(minutes, people["anne"], other, "Le guide manque.")
    path.correct_minutes(
        minutes, by=people["lead"], now=NOW + 2 * DAY, note="34 repas", notes={item.pk: "Le Cabas sert 34 repas."}
    )
    for comment in (said, beside):
        settle_remark(comment, by=people["lead"], now=NOW + 2 * DAY, outcome=Outcome.KEPT, reason="Merci")
    versions = list(minutes.versions.all())
    assert corrected_in(f"item-{item.pk}", said.at, versions) == 2
    assert corrected_in(f"item-{item.pk}", NOW + 3 * DAY, versions) == 0
    assert corrected_in(f"item-{minutes.pk + 999}", said.at, versions) == 0
    text = client_for(people["bilal"]).get(page(minutes)).content.decode()
    assert "Corrigé dans la version\u00a02" in text or "Corrigé dans la version 2" in text


def test_nobody_remarks_after_the_deadline(group):  # noqa: F811
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    with pytest.raises(Refused, match="La relecture est terminée"):
        post_comment(minutes.thread, by=people["anne"], now=NOW + 8 * DAY, text="Trop tard")


# Readers ---------------------------------------------------------------------------------------------------------------


def test_minutes_are_never_published_wider_than_their_chantier(group):  # noqa: F811
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    type(chantier).objects.filter(pk=chantier.pk).update(circle=Circle.PARTNERS)
    minutes.chantier.refresh_from_db()
    with pytest.raises(Refused, match="n’est pas public"):
        path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PUBLIC)


def test_partners_find_nothing_before_publication_then_no_remark_and_no_version_of_the_review(group, client_for):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    said = remark(minutes, people["anne"], item)
    partner = make_person()
    for what in (page(minutes), page(minutes, query="?apercu=1"), page(minutes).replace("compte-rendu", "pdf/compte-rendu")):
        assert client_for(partner).get(what).status_code == 404
    path.correct_minutes(minutes, by=people["lead"], now=NOW + 2 * DAY, note="34", notes={item.pk: "Le Cabas sert 34 repas."})
    settle_remark(said, by=people["lead"], now=NOW + 2 * DAY, outcome=Outcome.KEPT)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    path.publish(minutes, by=people["lead"], now=NOW + 8 * DAY, circle=Circle.PARTNERS)
    text = client_for(partner).get(page(minutes)).content.decode()
    assert "Le Cabas sert 34" in text
    assert "Notre cantine" not in text
    assert client_for(partner).get(page(minutes, query="?version=1")).status_code == 404


def test_whoever_publishes_sees_beforehand_what_others_will_read(group, client_for):  # noqa: F811
    chantier, people = group
    minutes, item = reviewed(chantier, people)
    settle_remark(remark(minutes, people["anne"], item), by=people["lead"], now=NOW + DAY, outcome=Outcome.KEPT)
    path.approve(minutes, by=people["sponsor"], now=NOW + 8 * DAY)
    text = client_for(people["lead"]).get(page(minutes, query="?apercu=1")).content.decode()
    assert "Aperçu" in text
    assert "Le Cabas a une camionnette." in text
    assert "Notre cantine" not in text
    assert client_for(people["anne"]).get(page(minutes, query="?apercu=1")).status_code == 404


def test_published_minutes_name_no_person_who_stood_in(group):  # noqa: F811
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    organisation = people["anne"].mandates.get().organisation
    attendance.mark_attendance(
        minutes.meeting,
        by=people["lead"],
        now=NOW,
        organisation=organisation,
        presence=Presence.REPRESENTED,
        represented_by_name="Paul Martin",
    )
    assert Attendance.objects.get(organisation=organisation).represented_by_name == "Paul Martin"
    assert content_of(minutes.meeting)["represented"] == [{"name": str(organisation), "by": ""}]


# Versions --------------------------------------------------------------------------------------------------------------


def test_a_place_or_a_next_meeting_that_changes_is_a_difference_too(group):  # noqa: F811
    chantier, people = group
    minutes, _item = reviewed(chantier, people)
    before = content_of(minutes.meeting)
    make_meeting(chantier, number=2, starts_at=NOW + 8 * DAY, place="Mairie")
    changed = differences(before, content_of(minutes.meeting) | {"place": "Lycée"})
    assert [each.title for each in changed] == ["Date et lieu", "Prochaine séance"]


# What it costs ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_forty_items_and_five_hundred_remarks_open_in_twenty_queries_and_250_kilobytes(group, client_for):  # noqa: F811
    chantier, people = group
    meeting = make_meeting(chantier, starts_at=NOW - timedelta(hours=3), number=1, stage=MeetingStage.IN_SESSION, opened_at=NOW)
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, title=f"Point {n}", order=n, notes="Le groupe parle des cantines. " * 40) for n in range(40)
    )
    capture.add_decision(meeting, by=people["lead"], now=NOW, text="Une tournée passe le mercredi.", item=items[0])
    owner = people["bilal"].mandates.get().organisation
    attendance.mark_attendance(meeting, by=people["lead"], now=NOW, organisation=owner, presence=Presence.PRESENT)
    convening.hold_meeting(meeting, by=people["lead"], now=NOW)
    minutes = path.start_minutes(meeting, by=people["lead"], now=NOW)
    path.send_for_review(minutes, by=people["lead"], now=NOW)
    for n in range(500):
        make_comment(minutes.thread, people["anne"], outcome=Outcome.OPEN, passage_key=f"item-{items[n % 40].pk}")
    assert Comment.objects.filter(thread=minutes.thread).count() == 500
    client = client_for(people["lead"])
    for address in (page(minutes), f"/chantiers/{chantier.slug}/espace/seances/1/"):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address)
        assert answer.status_code == 200
        assert len(asked) <= 20, [each["sql"][:120] for each in asked]
        assert len(answer.content) < 250_000
