"""The group's space: who enters, what it shows, how many queries it asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogue.chantiers import pages
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Reason, RoadmapStage, Role, Stage
from tests.factories import (
    NOW,
    make_chantier,
    make_coordinator,
    make_date,
    make_deliverable,
    make_department,
    make_meeting,
    make_member,
    make_objective,
    make_person,
    make_roadmap,
    make_step,
    make_territory,
    make_theme,
    make_weather,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_work_on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are read on the reference date."""
    make_department()
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def working(**fields: Any) -> Chantier:
    chantier = make_chantier(stage=Stage.WORKING, first_meeting_at=NOW - timedelta(days=60), **fields)
    sheet = make_roadmap(chantier, stage=RoadmapStage.ADOPTED)
    make_objective(sheet)
    make_deliverable(sheet, due_on=date(2018, 1, 31))
    make_step(sheet, title="Recenser les cantines", due_on=date(2017, 10, 25))
    make_step(sheet, title="Écrire le guide", due_on=date(2017, 12, 20))
    return chantier


SPACE_PAGES = ["space", "weather", "history", "settings", "roadmap"]


@pytest.mark.parametrize("name", SPACE_PAGES)
def test_members_and_the_coordination_enter_the_space(name: str, client_for: Any) -> None:
    chantier = working()
    member = make_member(chantier).person
    url = reverse(f"chantiers:{name}", args=[chantier.slug])
    assert client_for(member).get(url).status_code == 200
    assert client_for(make_coordinator()).get(url).status_code == 200


@pytest.mark.parametrize(("name", "args"), [("describe", []), ("move", ["abandonner"]), ("move", ["archiver"])])
def test_a_member_does_not_open_the_page_of_a_turn_that_is_not_theirs(name: str, args: list[str], client_for: Any) -> None:
    chantier = working()
    url = reverse(f"chantiers:{name}", args=[chantier.slug, *args])
    assert client_for(make_member(chantier).person).get(url).status_code == 403
    assert client_for(make_coordinator()).get(url).status_code == 200


@pytest.mark.parametrize("name", ["space", "weather", "history", "settings"])
def test_a_partner_outside_the_group_does_not_enter_the_space(name: str, client_for: Any) -> None:
    url = reverse(f"chantiers:{name}", args=[working().slug])
    assert client_for(make_person()).get(url).status_code == 403
    assert client_for().get(url).status_code == 302


def test_the_space_of_a_chantier_one_may_not_read_does_not_exist(client_for: Any) -> None:
    chantier = make_chantier(stage=Stage.PROPOSED, opened_on=None)
    assert client_for(make_person()).get(reverse("chantiers:space", args=[chantier.slug])).status_code == 404


def test_the_space_says_what_is_late_and_by_how_much(client_for: Any) -> None:
    chantier = working()
    make_weather(chantier, at=NOW - timedelta(days=40), sentence="Tout va bien.")
    page = client_for(make_member(chantier).person).get(reverse("chantiers:space", args=[chantier.slug])).content.decode()
    assert "En retard de 12\u202fjours" in page or "En retard de 12 jours" in page.replace("\xa0", " ")
    assert "Temps clair" in page
    assert "À mettre à jour" in page
    assert "Tout va bien." in page


def test_every_block_of_the_space_says_who_reads_it(client_for: Any) -> None:
    chantier = working()
    make_meeting(chantier)
    page = client_for(make_member(chantier).person).get(reverse("chantiers:space", args=[chantier.slug])).content.decode()
    blocks = page.split('<section class="bloc')[1:]
    assert len(blocks) == 11
    assert all('class="cercle ' in block for block in blocks)


def test_the_space_asks_as_many_queries_for_three_steps_as_for_one(client_for: Any) -> None:
    counts = []
    for n in (1, 3):
        chantier = working()
        for i in range(n):
            make_step(chantier.roadmaps.get(), title=f"Étape {i}")
            make_member(chantier)
            make_meeting(chantier, number=i + 1, starts_at=NOW + timedelta(days=i))
        client = client_for(make_member(chantier).person)
        with CaptureQueriesContext(connection, ) as queries:
            client.get(reverse("chantiers:space", args=[chantier.slug]))
        counts.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1]


def test_script_in_a_title_is_shown_as_text(client_for: Any) -> None:
    chantier = working(title="<script>alert(1)</script>")
    page = client_for(make_coordinator()).get(reverse("chantiers:space", args=[chantier.slug])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# Settings ---------------------------------------------------------------------------------------------------------


def test_the_settings_say_what_is_missing_before_each_turn(client_for: Any) -> None:
    chantier = make_chantier()
    page = client_for(make_coordinator()).get(reverse("chantiers:settings", args=[chantier.slug])).content.decode()
    for sentence in ("Désignez l’élu qui porte le chantier.", "Convoquez la première séance."):
        assert sentence in page
    assert reverse("chantiers:move", args=[chantier.slug, "lancer"]) not in page
    assert reverse("chantiers:move", args=[chantier.slug, "mettre-en-pause"]) in page


def test_a_partner_of_the_group_is_offered_no_turn(client_for: Any) -> None:
    chantier = make_chantier()
    partner = client_for(make_member(chantier).person)
    page = partner.get(reverse("chantiers:settings", args=[chantier.slug])).content.decode()
    assert "reglages/" + "mettre-en-pause" not in page
    url = reverse("chantiers:move", args=[chantier.slug, "mettre-en-pause"])
    assert partner.post(url, {"motive": "Non."}).status_code == 403
    assert Chantier.objects.get().stage == Stage.OPEN


def test_pausing_asks_for_a_motive_and_keeps_what_was_typed(client_for: Any) -> None:
    chantier = working()
    client = client_for(make_member(chantier, role=Role.LEAD).person)
    url = reverse("chantiers:move", args=[chantier.slug, "mettre-en-pause"])
    refused = client.post(url, {"motive": ""})
    assert refused.status_code == 422
    assert "Écrivez le motif." in refused.content.decode()
    too_long = client.post(url, {"motive": "x" * 5000})
    assert too_long.status_code == 422
    assert "x" * 5000 in too_long.content.decode()
    assert client.post(url, {"motive": "Le local manque."}).status_code == 302
    assert Chantier.objects.get().stage == Stage.SUSPENDED
    again = client.post(url, {"motive": "Le local manque."})
    assert again.status_code == 422
    assert "Ce n’est plus possible" in again.content.decode()


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "pas une date", ""])
def test_absurd_dates_are_answered_beside_the_field(day: str, client_for: Any) -> None:
    chantier = make_chantier(stage=Stage.PROPOSED)
    url = reverse("chantiers:move", args=[chantier.slug, "ouvrir"])
    answer = client_for(make_coordinator()).post(url, {"opened_on": day})
    assert answer.status_code == 422
    assert Chantier.objects.get().stage == Stage.PROPOSED


def test_an_unknown_turn_does_not_exist(client_for: Any) -> None:
    chantier = make_chantier()
    assert client_for(make_coordinator()).get(reverse("chantiers:move", args=[chantier.slug, "voter"])).status_code == 404


# Proposal and description -----------------------------------------------------------------------------------------


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Manger local", "theme": make_theme().pk, "territories": [make_territory().pk], "reason": "many",
        "reason_text": "Quarante contributions.", "objective": "Trois cantines.", "deliverable": "Un guide.",
        "evidence_count": "97", "council": make_date().pk, "deliverable_due_on": "2018-01-31", "circle": "public",
    } | fields


def test_the_coordination_proposes_then_opens_a_chantier(client_for: Any) -> None:
    client = client_for(make_coordinator())
    assert client.get(reverse("chantiers:propose")).status_code == 200
    assert client.post(reverse("chantiers:propose"), typed()).status_code == 302
    chantier = Chantier.objects.get()
    assert (chantier.stage, chantier.reason, chantier.evidence_count) == (Stage.PROPOSED, Reason.MANY, 97)
    url = reverse("chantiers:move", args=[chantier.slug, "ouvrir"])
    page = client.get(url)
    assert page.context["form"]["opened_on"].value() == page.wsgi_request.today
    assert client.post(url, {"opened_on": "2017-03-20"}).status_code == 302
    assert Chantier.objects.get().opened_on == date(2017, 3, 20)


def test_a_bad_proposal_says_what_to_do_and_writes_nothing(client_for: Any) -> None:
    fields = typed(title="", theme="", territories=[], reason="", deliverable_due_on="1950-01-01", objective="y" * 5000)
    answer = client_for(make_coordinator()).post(reverse("chantiers:propose"), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "Donnez un titre au chantier.", "Choisissez un thème dans la liste.", "Choisissez au moins un territoire.",
        "Choisissez la raison de l’ouverture.", "Indiquez une date entre 2000 et 2100.",
    ):
        assert sentence in page
    assert "y" * 5000 in page
    assert not Chantier.objects.exists()


def test_a_partner_does_not_propose(client_for: Any) -> None:
    assert client_for(make_person()).get(reverse("chantiers:propose")).status_code == 403
    assert client_for(make_person()).post(reverse("chantiers:propose"), typed()).status_code == 403
    assert not Chantier.objects.exists()


def test_the_lead_changes_the_title_but_no_longer_the_promises(client_for: Any) -> None:
    chantier = working()
    lead = make_member(chantier, role=Role.LEAD).person
    url = reverse("chantiers:describe", args=[chantier.slug])
    assert 'name="objective"' not in client_for(lead).get(url).content.decode()
    fields = typed(title="Nouveau titre", objective="Tout changer")
    assert client_for(lead).post(url, fields).status_code == 302
    stored = Chantier.objects.get()
    assert stored.title == "Nouveau titre"
    assert stored.objective != "Tout changer"


def test_the_history_tells_acts_as_sentences(client_for: Any) -> None:
    chantier, coordinator = make_chantier(), make_coordinator(name="Camille, coordination")
    life.suspend(chantier, by=coordinator, now=NOW, motive="Le local manque.")
    page = client_for(coordinator).get(reverse("chantiers:history", args=[chantier.slug])).content.decode()
    assert "Camille, coordination</b> a mis le chantier en pause." in page
    assert "Le local manque." not in page


def test_the_timeline_comes_from_the_ledger() -> None:
    chantier = make_chantier(stage=Stage.PROPOSED, opened_on=None)
    life.open_chantier(chantier, by=make_coordinator(), now=NOW)
    assert [(t.stage_from, t.stage, t.label) for t in pages.timeline(chantier)] == [("proposed", "open", "Ouvert")]


def test_every_act_of_these_rooms_has_its_sentence() -> None:
    from dialogue.chantiers.history import sentences
    from dialogue.ledger.acts import REGISTRY

    reverse("chantiers:propose")  # every door is known, and so every act
    named = [name for name in REGISTRY if name.partition(".")[0] in {"chantiers", "meetings"}]
    assert [name for name in named if name not in sentences] == []
