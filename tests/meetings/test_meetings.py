"""Meetings: convened, moved, held, cancelled; what the chantier learns of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.meetings.acts import convening as acts
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage
from tests.chantiers.races import at_once
from tests.factories import NOW, make_chantier, make_coordinator, make_department, make_meeting, make_member, make_person

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=8)
WHERE = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=2), "place": "Salle des fêtes"}


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    make_department()
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def test_the_first_meeting_is_told_to_the_chantier_and_to_the_group() -> None:
    chantier = make_chantier()
    lead, partner = make_member(chantier, role=Role.LEAD).person, make_member(chantier).person
    meeting = acts.convene_meeting(chantier, by=lead, now=NOW, **WHERE)
    assert (meeting.number, meeting.sequence, meeting.stage) == (1, 0, MeetingStage.CONVENED)
    assert Chantier.objects.get().first_meeting_at == SOON
    assert {letter.person for letter in Letter.objects.all()} == {lead, partner}
    assert Letter.objects.first().subject == f"Convocation : première séance, {chantier.title}"
    assert [e.act for e in Entry.objects.order_by("pk")] == ["chantiers.note_first_meeting", "meetings.convene_meeting"]


def test_a_partner_does_not_convene() -> None:
    chantier = make_chantier()
    for person in (make_member(chantier).person, make_person()):
        with pytest.raises(NotAllowed):
            acts.convene_meeting(chantier, by=person, now=NOW, **WHERE)


def test_moving_keeps_the_uid_and_raises_the_sequence() -> None:
    chantier, by = make_chantier(), make_coordinator()
    meeting = acts.convene_meeting(chantier, by=by, now=NOW, **WHERE)
    uid, later = meeting.uid, SOON + timedelta(days=1)
    acts.move_meeting(meeting, by=by, now=NOW, starts_at=later, ends_at=later + timedelta(hours=2), place="Mairie")
    stored = Meeting.objects.get()
    assert (stored.uid, stored.sequence, stored.place) == (uid, 1, "Mairie")
    assert Chantier.objects.get().first_meeting_at == later
    acts.move_meeting(meeting, by=by, now=NOW, starts_at=later, ends_at=later + timedelta(hours=2), place="Mairie")
    assert Meeting.objects.get().sequence == 1


def test_a_meeting_is_held_once_it_has_begun() -> None:
    meeting, by = make_meeting(make_chantier()), make_coordinator()
    with pytest.raises(Refused, match="pas encore commencé"):
        acts.hold_meeting(meeting, by=by, now=NOW)
    acts.hold_meeting(meeting, by=by, now=SOON + timedelta(minutes=5))
    assert Meeting.objects.get().stage == MeetingStage.HELD


def test_cancelling_the_first_meeting_is_told_and_its_number_is_not_used_again() -> None:
    chantier, by = make_chantier(), make_coordinator()
    meeting = acts.convene_meeting(chantier, by=by, now=NOW, **WHERE)
    acts.cancel_meeting(meeting, by=by, now=NOW)
    assert Chantier.objects.get().first_meeting_at is None
    assert Meeting.objects.get().sequence == 1
    chantier.refresh_from_db()
    assert acts.convene_meeting(chantier, by=by, now=NOW, **WHERE).number == 2


def test_a_launched_chantier_keeps_at_least_one_meeting() -> None:
    chantier, by = make_chantier(stage=Stage.LAUNCHED, first_meeting_at=SOON), make_coordinator()
    meeting = make_meeting(chantier)
    with pytest.raises(Refused, match="convoquez une autre séance"):
        acts.cancel_meeting(meeting, by=by, now=NOW)
    assert Meeting.objects.get().stage == MeetingStage.CONVENED
    assert Meeting.objects.get().sequence == 0


def test_later_meetings_do_not_touch_a_chantier_at_work() -> None:
    chantier = make_chantier(stage=Stage.WORKING, first_meeting_at=NOW - timedelta(days=90))
    acts.convene_meeting(chantier, by=make_coordinator(), now=NOW, **WHERE)
    assert Chantier.objects.get().first_meeting_at == NOW - timedelta(days=90)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_at": SOON}, "finir après son début"),
        ({"ends_at": SOON + timedelta(days=2)}, "tient dans une journée"),
        ({"place": " "}, "Indiquez un lieu"),
    ],
)
def test_a_meeting_without_sense_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        acts.convene_meeting(make_chantier(), by=make_coordinator(), now=NOW, **WHERE | change)
    assert not Meeting.objects.exists()


def test_the_same_convocation_sent_twice_is_refused() -> None:
    chantier, by = make_chantier(), make_coordinator()
    acts.convene_meeting(chantier, by=by, now=NOW, **WHERE)
    with pytest.raises(Refused, match="déjà convoquée à cette heure"):
        acts.convene_meeting(chantier, by=by, now=NOW, **WHERE)


@pytest.mark.django_db(transaction=True)
def test_the_same_convocation_sent_by_two_people_at_once_is_sent_once() -> None:
    chantier, one, two = make_chantier(), make_coordinator(), make_coordinator()
    copies = [Chantier.objects.get(pk=chantier.pk) for _ in range(2)]
    results = at_once(
        lambda: acts.convene_meeting(copies[0], by=one, now=NOW, **WHERE),
        lambda: acts.convene_meeting(copies[1], by=two, now=NOW, **WHERE),
    )
    assert sorted(results) == ["Refused", "done"]
    assert Meeting.objects.count() == 1


# Pages ------------------------------------------------------------------------------------------------------------


def test_the_lead_convenes_on_the_page_in_local_time(client_for: Any) -> None:
    chantier = make_chantier()
    client = client_for(make_member(chantier, role=Role.LEAD).person)
    url = reverse("meetings:convene", args=[chantier.slug])
    assert client.get(url).status_code == 200
    fields = {"day": "2017-11-14", "starts": "14:00", "ends": "16:30", "place": "Mairie", "online_url": ""}
    assert client.post(url, fields).status_code == 302
    assert Meeting.objects.get().starts_at == datetime(2017, 11, 14, 14, tzinfo=ZoneInfo("Europe/Paris"))
    page = client.get(reverse("meetings:list", args=[chantier.slug])).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "mardi 14 novembre 2017, 14 h – 16 h 30" in page
    assert "Mairie" in page
    again = client.post(url, fields)
    assert again.status_code == 422
    assert "déjà convoquée" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": "1999-01-01"}, "Indiquez une date entre 2000 et 2100."),
        ({"day": "demain"}, "Indiquez une date, par exemple 14/11/2017."),
        ({"ends": "13:00"}, "La séance doit finir après son début."),
        ({"place": ""}, "Indiquez un lieu, un lien de visioconférence, ou les deux."),
        ({"online_url": "javascript:alert(1)"}, "Copiez l’adresse entière, qui commence par https://."),
    ],
)
def test_a_bad_convocation_is_answered_beside_the_field(change: dict[str, str], sentence: str, client_for: Any) -> None:
    chantier = make_chantier()
    fields = {"day": "2017-11-14", "starts": "14:00", "ends": "16:30", "place": "Mairie", "online_url": ""} | change
    answer = client_for(make_coordinator()).post(reverse("meetings:convene", args=[chantier.slug]), fields)
    page = answer.content.decode().replace("\xa0", " ").replace("https\u202f:", "https:")
    assert answer.status_code == 422
    assert sentence.split("https", maxsplit=1)[0] in page
    assert not Meeting.objects.exists()


def test_outsiders_do_not_read_the_place(client_for: Any) -> None:
    chantier = make_chantier()
    make_meeting(chantier, place="Salle secrète")
    url = reverse("meetings:list", args=[chantier.slug])
    assert client_for(make_person()).get(url).status_code == 403
    assert "Salle secrète" in client_for(make_member(chantier).person).get(url).content.decode()


def test_a_meeting_is_moved_and_cancelled_on_its_pages(client_for: Any) -> None:
    chantier = make_chantier()
    meeting, client = make_meeting(chantier), client_for(make_coordinator())
    move = reverse("meetings:move", args=[chantier.slug, meeting.number])
    assert 'value="Salle des fêtes"' in client.get(move).content.decode()
    fields = {"day": "2017-11-21", "starts": "18:00", "ends": "20:00", "place": "Mairie", "online_url": ""}
    assert client.post(move, fields).status_code == 302
    cancel = reverse("meetings:cancel", args=[chantier.slug, meeting.number])
    assert client.get(cancel).status_code == 200
    assert client.post(cancel).status_code == 302
    stored = Meeting.objects.get()
    assert (stored.stage, stored.sequence) == (MeetingStage.CANCELLED, 2)
    assert client_for(make_member(chantier).person).post(cancel).status_code == 403
