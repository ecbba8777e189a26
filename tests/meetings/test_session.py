"""The session and its registers: acts that several do at once, the page that looks on, its weight."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.meetings.acts import agenda, attendance, capture, convening
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, NotesConflict
from dialogue.meetings.stages import MaterialKind, Presence
from tests.factories import NOW, TODAY, make_chantier, make_department, make_meeting, make_member, make_person

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
    "0000000b49444154789c6360400600000e0001a99173b10000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def clock(settings):
    from django.utils import timezone

    settings.CLOCK_OFFSET = NOW - timezone.now()


@pytest.fixture
def room():
    """A session in progress: (meeting, item, people)."""
    make_department()
    chantier = make_chantier(slug="manger-local", stage=Stage.WORKING)
    roles = {"lead": Role.LEAD, "anne": Role.PARTNER, "bilal": Role.PARTNER, "observer": Role.OBSERVER}
    people = {name: make_member(chantier, role=role, person=make_person(name=name)).person for name, role in roles.items()}
    meeting = make_meeting(chantier, starts_at=NOW - timedelta(minutes=30), number=1)
    item = agenda.add_item(meeting, by=people["lead"], now=NOW, title="Qui livre ?")
    convening.open_session(meeting, by=people["lead"], now=NOW)
    return meeting, item, people


def url(name, *more):
    return reverse(f"meetings:{name}", args=["manger-local", 1, *more])


# Acts ------------------------------------------------------------------------------------------------------------------


def test_a_number_removed_is_never_given_again(room):
    meeting, _item, people = room
    for add, remove in ((capture.add_decision, capture.remove_decision), (capture.add_action, capture.remove_action)):
        rows = [add(meeting, by=people["anne"], now=NOW, text="Une ligne") for _twice in range(2)]
        remove(rows[1], by=people["anne"], now=NOW)
        assert add(meeting, by=people["anne"], now=NOW, text="La suivante").number == 3
    later = make_meeting(meeting.chantier, number=2, starts_at=NOW)
    assert capture.add_decision(later, by=people["anne"], now=NOW, text="Plus tard").label == "D4"


def test_texts_are_put_together_as_browsers_send_them(room):
    _meeting, item, people = room
    capture.save_notes(item, by=people["anne"], now=NOW, text="un\r\ndeux\r\ntrois", revision=0)
    capture.save_notes(item, by=people["anne"], now=NOW, text="UN\r\ndeux\r\ntrois", revision=1, base="un\r\ndeux\r\ntrois")
    saved = capture.save_notes(
        item, by=people["bilal"], now=NOW, text="un\r\ndeux\r\nTROIS", revision=1, base="un\r\ndeux\r\ntrois"
    )
    assert (saved.text, saved.conflict) == ("UN\ndeux\nTROIS", None)


def test_a_save_sent_again_with_more_text_goes_on_from_what_had_arrived(room):
    _meeting, item, people = room
    key = uuid.uuid4()
    capture.save_notes(item, by=people["anne"], now=NOW, text="Bon", revision=0, base="", client_key=key)
    saved = capture.save_notes(item, by=people["anne"], now=NOW, text="Bonjour", revision=0, base="", client_key=key)
    assert (saved.text, saved.conflict) == ("Bonjour", None)


def test_typing_on_in_a_conflict_replaces_ones_own_text_and_no_other(room):
    _meeting, item, people = room
    capture.save_notes(item, by=people["anne"], now=NOW, text="mardi", revision=0)
    capture.save_notes(item, by=people["anne"], now=NOW, text="mercredi", revision=1, base="mardi")
    for text in ("jeudi", "jeudi soir"):
        capture.save_notes(item, by=people["bilal"], now=NOW, text=text, revision=1, base="mardi")
    capture.save_notes(item, by=people["lead"], now=NOW, text="vendredi", revision=1, base="mardi")
    assert list(NotesConflict.objects.order_by("pk").values_list("text", flat=True)) == ["jeudi soir", "vendredi"]
    assert AgendaItem.objects.get().notes == "mercredi"


def test_material_is_mended_until_the_meeting_is_closed(room):
    meeting, _item, people = room
    row = capture.add_material(meeting, by=people["anne"], now=NOW, kind=MaterialKind.VERBATIM, text="La carotte")
    capture.edit_material(row, by=people["bilal"], now=NOW, text="La première carotte", credit="Un cuisinier", consent=True)
    assert (row.text, row.credit, row.consent) == ("La première carotte", "Un cuisinier", True)
    with pytest.raises(Refused):
        capture.edit_material(row, by=people["bilal"], now=NOW, text=" ")
    with pytest.raises(NotAllowed):
        capture.edit_material(row, by=people["observer"], now=NOW, text="Non")
    capture.declare_without_material.allows(people["lead"], meeting)
    with pytest.raises(Refused):
        capture.declare_without_material(meeting, by=people["lead"], now=NOW)


def test_those_who_speak_for_the_owner_may_give_an_action_up_and_say_why(room):
    meeting, _item, people = room
    owner = people["bilal"].mandates.get().organisation
    action = capture.add_action(meeting, by=people["lead"], now=NOW, text="Écrire", owner=owner)
    with pytest.raises(NotAllowed):
        capture.drop_action(action, by=people["anne"], now=NOW, motive="Non")
    capture.drop_action(action, by=people["bilal"], now=NOW, motive="La tournée n’aura pas lieu.")
    assert not action.is_open


# The page that looks on ------------------------------------------------------------------------------------------------


def test_nothing_new_costs_four_queries_and_no_body(room, client_for, django_assert_num_queries):
    meeting, _item, people = room
    meeting.refresh_from_db()
    client = client_for(people["anne"])
    client.get(url("news"), {"depuis": meeting.pulse})
    with django_assert_num_queries(4):  # the session, the person, their groups, the meeting
        answer = client.get(url("news"), {"depuis": meeting.pulse})
    assert (answer.status_code, answer.content) == (204, b"")


def test_what_is_new_comes_drawn_as_on_the_page(room, client_for):
    meeting, item, people = room
    capture.add_decision(meeting, by=people["lead"], now=NOW, text="Qui livre ? Le Cabas : mercredi.", item=item)
    capture.add_action(meeting, by=people["lead"], now=NOW, text="Hors de tout point")
    attendance.mark_attendance(
        meeting, by=people["lead"], now=NOW, organisation=people["anne"].mandates.get().organisation, presence=Presence.PRESENT
    )
    told = json.loads(client_for(people["anne"]).get(url("news"), {"depuis": 0}).content)
    meeting.refresh_from_db()
    assert told["pulse"] == meeting.pulse
    assert "Qui livre\u202f? Le Cabas\u00a0: mercredi." in told["items"][0]["html"]
    assert "<path" in told["items"][0]["html"]
    assert "Hors de tout point" in told["loose"]
    assert sorted(told["presence"].values()) == ["", "", "", "present"]
    assert client_for(make_person()).get(url("news")).status_code in {403, 404}


def test_a_page_left_open_by_someone_else_writes_nothing(room, client_for):
    _meeting, item, people = room
    fields = {"notes": "À moi", "revision": 0, "base": "", "person": people["lead"].pk}
    answer = client_for(people["anne"]).post(url("notes", item.pk), fields, **FETCH)
    line = {"line": "decision", "text": "À moi", "person": people["lead"].pk}
    assert (answer.status_code, client_for(people["anne"]).post(url("add_line", item.pk), line, **FETCH).status_code) == (
        403,
        403,
    )
    assert AgendaItem.objects.get().notes == ""
    assert not Decision.objects.exists()


def test_a_photo_wants_words_and_the_agreement_of_those_one_recognises(room, client_for):
    _meeting, _item, people = room
    client = client_for(people["anne"])
    photo = {"photo": SimpleUploadedFile("a.png", PIXEL, "image/png"), "alternative": "Une carotte"}
    refused = client.post(url("photo"), photo)
    assert (refused.status_code, Material.objects.count()) == (422, 0)
    assert "Sans leur accord" in refused.content.decode()
    photo = {"photo": SimpleUploadedFile("a.png", PIXEL, "image/png"), "alternative": "Une carotte", "consent": "on"}
    assert client.post(url("photo"), photo).status_code == 302
    row = Material.objects.get()
    assert (row.alternative, row.consent, row.document.last.content_type) == ("Une carotte", True, "image/png")
    assert "Ce que l’on voit" in client.get(url("line", "carnet", row.pk)).content.decode()


def test_forty_items_and_five_hundred_lines_open_with_twenty_queries_and_250_kb(room, client_for, django_assert_max_num_queries):
    meeting, _item, people = room
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, title=f"Point {n}", order=n, notes="Le Cabas a une camionnette.\n" * 3, revision=1)
        for n in range(2, 41)
    )
    common = {"chantier": meeting.chantier, "meeting": meeting, "by": people["lead"], "at": NOW}
    text = "Une tournée commune passe chaque mercredi matin."
    Decision.objects.bulk_create(Decision(**common, number=n, text=text, item=items[n % 39]) for n in range(1, 201))
    Action.objects.bulk_create(
        Action(**common, number=n, text=text, item=items[n % 39], owner_text="Les communes", due_on=TODAY) for n in range(1, 201)
    )
    del common["chantier"]
    Material.objects.bulk_create(Material(**common, text=text, item=items[n % 39]) for n in range(100))
    client = client_for(people["lead"])
    client.get(url("session"))
    with django_assert_max_num_queries(20):
        page = client.get(url("session")).content
    assert len(page) < 250_000
    lines = rb'<li id="[dam]\d+"'
    assert len(re.findall(lines, page)) == 39 * 8
    assert "Voir aussi 5 lignes plus anciennes" in page.decode()
    asked = client.get(url("session"), {"point": items[3].pk}).content
    assert len(re.findall(lines, asked)) == 39 * 8 + 7


def test_the_register_shows_the_actions_of_one_organisation(room, client_for):
    meeting, _item, people = room
    owner = people["bilal"].mandates.get().organisation
    capture.add_action(meeting, by=people["lead"], now=NOW, text="La sienne", owner=owner, due_on=date(2017, 11, 2))
    capture.add_action(meeting, by=people["lead"], now=NOW, text="Une autre")
    client, page = client_for(people["bilal"]), reverse("meetings:decisions", args=["manger-local"])
    shown = client.get(page, {"organisme": owner.pk, "actions": "en-retard"}).content.decode()
    assert "La sienne" in shown
    assert "Une autre" not in shown
    assert "En retard de 4 jours" in shown


def test_a_formula_in_a_line_stays_text_in_the_csv(room, client_for):
    meeting, _item, people = room
    capture.add_decision(meeting, by=people["lead"], now=NOW, text="=HYPERLINK(1)")
    page = reverse("meetings:decisions_csv", args=["manger-local"])
    told = b"".join(client_for(people["anne"]).get(page).streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in told
