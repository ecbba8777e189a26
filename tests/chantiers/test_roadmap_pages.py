"""The pages of the roadmap: drafting together, conflicts, adoption, circles, bad input."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers.acts import life
from dialogue.chantiers.acts import roadmap as acts
from dialogue.chantiers.models import Chantier, Objective, Roadmap, Step
from dialogue.chantiers.stages import Role, Stage
from tests.chantiers.test_roadmap import FIRST, adopted, drafted
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_department,
    make_meeting,
    make_member,
    make_objective,
    make_person,
    make_roadmap,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def url(name: str, chantier: Chantier, *args: Any) -> str:
    return reverse(f"chantiers:{name}", args=[chantier.slug, *args])


def test_a_group_drafts_and_adopts_its_roadmap_on_the_pages(client_for: Any) -> None:
    make_department()
    chantier = make_chantier(stage=Stage.LAUNCHED, first_meeting_at=FIRST)
    make_meeting(chantier, starts_at=FIRST)
    lead = client_for(make_member(chantier, role=Role.LEAD).person)
    partner = client_for(make_member(chantier).person)
    assert "pas commencée" in partner.get(url("roadmap", chantier)).content.decode()
    partner.post(url("roadmap_start", chantier))
    partner.post(url("roadmap_add", chantier, "objectif"), {"title": "Trois cantines"})
    partner.post(url("roadmap_add", chantier, "livrable"), {"title": "Un guide", "due_on": "2018-01-31"})
    partner.post(url("roadmap_add", chantier, "etape"), {"title": "Recenser", "due_on": "2017-10-25"})
    partner.post(url("roadmap_rhythm", chantier), {"rhythm": "Chaque mois", "revision": 0})
    draft = partner.get(url("roadmap", chantier)).content.decode()
    assert all(text in draft for text in ("Trois cantines", "Un guide", "Recenser", "Chaque mois"))
    confirm = lead.get(url("roadmap_adopt", chantier)).content.decode()
    assert "2 personnes du groupe recevront un courriel." in confirm
    assert "1re séance, 17 octobre" in confirm
    answer = lead.post(url("roadmap_adopt", chantier), {"meeting_number": 1, "adopted_on": "2017-10-17", "circle": "partners"})
    assert answer.status_code == 302
    page = partner.get(url("roadmap", chantier)).content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "En retard de 12 jours" in page
    assert "Référence de l’évaluation" in page
    again = lead.post(url("roadmap_adopt", chantier), {"meeting_number": 1, "adopted_on": "2017-10-17", "circle": "partners"})
    assert again.status_code == 302
    assert Roadmap.objects.count() == 1


def test_a_conflict_shows_both_texts_and_loses_none(client_for: Any) -> None:
    make_department()
    chantier = drafted()
    line = Objective.objects.get()
    one, two = make_member(chantier, person=make_person(name="Dominique Une")).person, make_member(chantier).person
    where = url("roadmap_line", chantier, "objectif", line.pk)
    assert client_for(one).post(where, {"title": "Quatre cantines", "revision": 0}).status_code == 302
    answer = client_for(two).post(where, {"title": "Cinq cantines", "revision": 0})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dominique Une a modifié ce texte à 10" in page
    assert "Quatre cantines" in page
    assert "Cinq cantines" in page
    assert 'name="revision" value="1"' in page
    assert client_for(two).post(where, {"title": "Cinq cantines", "revision": 1}).status_code == 302
    assert Objective.objects.get().title == "Cinq cantines"


def test_with_htmx_a_line_is_saved_in_its_place(client_for: Any) -> None:
    make_department()
    chantier = drafted()
    line, client = Objective.objects.get(), client_for(make_member(chantier).person)
    where, htmx = url("roadmap_line", chantier, "objectif", line.pk), {"HX-Request": "true"}
    form = client.get(where, headers=htmx).content.decode()
    assert form.lstrip().startswith("<li")
    assert "<html" not in form
    saved = client.post(where, {"title": "Quatre cantines", "revision": 0}, headers=htmx)
    assert saved.status_code == 200
    assert "Enregistré." in saved.content.decode()
    refused = client.post(where, {"title": "", "revision": 1}, headers=htmx)
    assert refused.status_code == 422
    assert "Écrivez l’intitulé." in refused.content.decode()


def test_a_line_is_removed_and_put_back_on_the_page(client_for: Any) -> None:
    make_department()
    chantier = drafted()
    step, client = Step.objects.get(), client_for(make_member(chantier).person)
    client.post(url("roadmap_remove", chantier, "etape", step.pk))
    assert "est retiré." in client.get(url("roadmap", chantier)).content.decode().replace("\xa0", " ")
    assert not Step.objects.exists()
    client.post(url("roadmap_restore", chantier))
    assert Step.objects.get().key == step.key
    client.post(url("roadmap_restore", chantier))
    assert Step.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "", "due_on": "2018-01-01"}, "Écrivez l’intitulé."),
        ({"title": "x" * 5000, "due_on": "2018-01-01"}, "300"),
        ({"title": "Recenser", "due_on": ""}, "Indiquez une échéance."),
        ({"title": "Recenser", "due_on": "1999-12-31"}, "Indiquez une date entre 2000 et 2100."),
        ({"title": "Recenser", "due_on": "2101-01-01"}, "Indiquez une date entre 2000 et 2100."),
    ],
)
def test_a_bad_line_is_answered_beside_the_field(fields: dict[str, str], sentence: str, client_for: Any) -> None:
    make_department()
    chantier = make_chantier()
    make_roadmap(chantier)
    answer = client_for(make_member(chantier).person).post(url("roadmap_add", chantier, "etape"), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert fields["title"] in page
    assert not Step.objects.exists()


def test_script_in_a_line_is_shown_as_text(client_for: Any) -> None:
    make_department()
    chantier = make_chantier()
    make_objective(make_roadmap(chantier), title="<script>alert(1)</script>")
    page = client_for(make_member(chantier).person).get(url("roadmap", chantier)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_circle_of_a_roadmap_decides_who_reads_it(client_for: Any) -> None:
    make_department()
    chantier = adopted()
    page, outsider = url("roadmap_version", chantier, 1), make_person()
    assert client_for(outsider).get(page).status_code == 200
    assert client_for(outsider).get(url("roadmap", chantier)).status_code == 200
    assert client_for().get(page).status_code == 404
    client_for(make_coordinator()).post(url("roadmap_circle", chantier, 1), {"circle": "public"})
    assert client_for().get(page).status_code == 200


def test_the_draft_of_a_new_version_is_the_group_s(client_for: Any) -> None:
    make_department()
    chantier = adopted()
    draft = acts.start_new_version(chantier, by=make_coordinator(), now=NOW)
    make_objective(draft, title="Un objectif encore secret")
    outsider, member = client_for(make_person()), client_for(make_member(chantier).person)
    assert "encore secret" not in outsider.get(url("roadmap", chantier)).content.decode()
    assert outsider.get(url("roadmap_compare", chantier, 1, 2)).status_code == 404
    page = member.get(url("roadmap_compare", chantier, 1, 2)).content.decode()
    assert "Un objectif encore secret" in page
    assert "<ins>" in page
    assert "Ajouté" in page


def test_a_step_is_marked_on_its_page(client_for: Any) -> None:
    make_department()
    chantier = adopted()
    step, client = Step.objects.get(), client_for(make_member(chantier).person)
    where = url("step", chantier, step.pk)
    assert client.post(where, {"done_on": "2017-12-31"}).status_code == 422
    assert client.post(where, {"done_on": "2017-11-06"}).status_code == 302
    assert Step.objects.get().done_on == TODAY
    assert client.post(where, {"undo": "1"}).status_code == 302
    assert Step.objects.get().done_on is None
    assert life.deliver.allows(make_coordinator(), chantier)
