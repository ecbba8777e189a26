"""The priority issues of the pacts: one save for all, nothing overwritten silently, undone, read by everybody, loaded by a frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.territories import acts, frame
from dialogue.territories.acts.priorities import Change, Conflict, changes, priorities_now
from dialogue.territories.models import Priority
from tests.factories import NOW, make_coordinator, make_department, make_person, make_priority, make_territory, make_theme

pytestmark = pytest.mark.django_db

PAGE = "/pilotage/priorites/"


def save(by: Any, *rows: Change) -> None:
    acts.set_priorities(None, by=by, now=NOW, rows=list(rows), count=len(rows))


def test_the_coordination_sets_and_takes_away_priorities_and_the_register_counts_them():
    by, kept = make_coordinator(), make_priority(statement="Se loger à l’année")
    other = make_theme()
    save(by, Change(kept.territory_id, other.pk, None, ""), Change(kept.territory_id, kept.theme_id, "Se loger à l’année", None))
    assert list(Priority.objects.values_list("territory", "theme", "statement")) == [(kept.territory_id, other.pk, "")]
    entry = Entry.objects.get()
    assert (entry.act, entry.facts) == ("territories.set_priorities", {"count": 2})


def test_a_partner_may_not_set_priorities(client_for):
    pair = make_territory().pk, make_theme().pk
    with pytest.raises(NotAllowed):
        save(make_person(), Change(*pair, None, ""))
    assert client_for(make_person()).get(PAGE).status_code == 403
    assert client_for().get(PAGE).status_code == 302


def test_two_people_on_different_pairs_both_have_their_way():
    territory, one, two = make_territory(), make_theme(), make_theme()
    by = make_coordinator()
    save(by, Change(territory.pk, one.pk, None, ""))
    save(by, Change(territory.pk, two.pk, None, "L’eau"))
    assert priorities_now() == {(territory.pk, one.pk): "", (territory.pk, two.pk): "L’eau"}


def test_a_pair_that_somebody_else_changed_meanwhile_is_a_conflict_and_nothing_is_written():
    row, other = make_priority(statement="Avant"), make_theme()
    by = make_coordinator()
    Priority.objects.filter(pk=row.pk).update(statement="Entre-temps")
    with pytest.raises(Conflict) as caught:
        save(by, Change(row.territory_id, row.theme_id, "Avant", "Après"), Change(row.territory_id, other.pk, None, ""))
    assert caught.value.pairs == [(row.territory_id, row.theme_id)]
    assert priorities_now() == {(row.territory_id, row.theme_id): "Entre-temps"}


def test_wanting_what_somebody_else_already_did_is_no_conflict():
    row = make_priority(statement="Le même mot")
    save(make_coordinator(), Change(row.territory_id, row.theme_id, None, "Le même mot"))
    assert Priority.objects.get().statement == "Le même mot"


def test_saving_without_a_change_is_refused():
    with pytest.raises(Refused, match=r"Rien ne change\."):
        save(make_coordinator())


def test_changes_are_the_differences_between_what_was_shown_and_what_is_wanted():
    assert changes({(1, 1): "a", (1, 2): ""}, {(1, 1): "b", (2, 1): ""}) == [
        Change(1, 1, "a", "b"),
        Change(1, 2, "", None),
        Change(2, 1, None, ""),
    ]


def test_the_matrix_saves_every_box_at_once_keeps_the_words_and_can_be_undone(client_for):
    row = make_priority(statement="Se loger à l’année")
    other = make_theme()
    client = client_for(make_coordinator())
    shown = client.get(PAGE).context["sheet"].shown
    client.post(PAGE, {"shown": shown, f"p{row.territory_id}-{row.theme_id}": "on", f"p{row.territory_id}-{other.pk}": "on"})
    both = {(row.territory_id, row.theme_id): "Se loger à l’année", (row.territory_id, other.pk): ""}
    assert priorities_now() == both
    page = client.get(PAGE)
    assert "1 priorité est modifiée." in page.text
    assert "Annuler ma dernière modification" in page.text
    client.post(PAGE, {"shown": page.context["sheet"].shown})
    assert priorities_now() == {}
    client.post(reverse("territories:undo_priorities"))
    assert priorities_now() == both


def test_the_form_of_a_conflict_shows_what_one_wanted_and_a_second_save_makes_it_so(client_for):
    row, client = make_priority(), client_for(make_coordinator())
    shown = client.get(PAGE).context["sheet"].shown
    Priority.objects.filter(pk=row.pk).update(statement="Dit par une autre")
    page = client.post(PAGE, {"shown": shown})
    assert page.status_code == 409
    assert "Quelqu’un a modifié ces priorités" in page.text
    assert 'class="heurt"' in page.text
    assert Priority.objects.get().statement == "Dit par une autre"
    client.post(PAGE, {"shown": page.context["sheet"].shown})
    assert not Priority.objects.exists()


def test_the_page_of_a_territory_writes_the_words_of_an_issue_and_leaves_the_other_territories(client_for):
    row, elsewhere = make_priority(), make_priority(statement="Ailleurs")
    client, address = client_for(make_coordinator()), f"{PAGE}{row.territory.code}/"
    shown = client.get(address).context["sheet"].shown
    name = f"p{row.territory_id}-{row.theme_id}"
    client.post(address, {"shown": shown, name: "on", f"{name}-enjeu": "  Habiter\nprès du travail "})
    assert priorities_now() == {
        (row.territory_id, row.theme_id): "Habiter près du travail",
        (elsewhere.territory_id, elsewhere.theme_id): "Ailleurs",
    }


@pytest.mark.parametrize("record", ["", "{", "[1]", '[["a", 2, "x"]]', "null"])
def test_a_record_that_cannot_be_read_overwrites_nothing(client_for, record):
    row = make_priority(statement="Reste")
    client = client_for(make_coordinator())
    response = client.post(PAGE, {"shown": record, f"p{row.territory_id}-{row.theme_id}": "on"})
    assert response.status_code == 409
    assert Priority.objects.get().statement == "Reste"


def test_everybody_reads_the_priorities_on_the_pages_of_the_territory_and_of_the_theme(client_for):
    make_department()
    row = make_priority(territory=make_territory(name="Médoc"), theme=make_theme(name="Habitat"), statement="Se loger à l’année")
    for address in (row.territory.get_absolute_url(), row.theme.get_absolute_url()):
        page = client_for().get(address).text
        assert "Priorités du pacte" in page
        assert "Se loger à l’année" in page


def written(folder: Path, **sections: Any) -> Path:
    document = {
        "department": {"code": "33", "name": "Gironde", "contact": {"service": "Mission", "email": "a@gironde.example"}},
        "territories": [{"code": "medoc", "name": "Médoc", "tile": {"row": 1, "column": 1}}],
        "communes": [],
        "themes": [{"code": "habitat", "name": "Habitat"}],
    }
    path = folder / "cadre.json"
    path.write_text(json.dumps(document | sections), encoding="utf-8")
    return path


def test_a_frame_brings_priorities_once_and_takes_none_away(tmp_path):
    asked = [{"territory": "medoc", "theme": "habitat", "statement": "Se loger"}]
    report = acts.load_frame(None, by=SYSTEM, now=NOW, frame=frame.read(written(tmp_path, priorities=asked)))
    assert report.created["priorities"] == 1
    with pytest.raises(acts.NothingToChange):
        acts.load_frame(None, by=SYSTEM, now=NOW, frame=frame.read(written(tmp_path, priorities=asked)))
    with pytest.raises(acts.NothingToChange):
        acts.load_frame(None, by=SYSTEM, now=NOW, frame=frame.read(written(tmp_path)))
    assert Priority.objects.get().statement == "Se loger"


def test_a_frame_with_unknown_or_repeated_priorities_is_refused_with_their_places(tmp_path):
    rows = [
        {"territory": "medoc", "theme": "habitat"},
        {"territory": "medoc", "theme": "habitat"},
        {"territory": "bordeaux", "theme": "eau"},
    ]
    with pytest.raises(Refused) as caught:
        frame.read(written(tmp_path, priorities=rows))
    assert [str(reason) for reason in caught.value.reasons] == [
        "cadre.json, priorities[1].theme : cette priorité est déjà écrite en priorities[0].",
        "cadre.json, priorities[2].territory : aucun territoire n’a le code « bordeaux ».",
        "cadre.json, priorities[2].theme : aucun thème n’a le code « eau ».",
    ]


def test_the_priorities_page_asks_a_constant_number_of_queries(client_for, django_assert_max_num_queries):
    for _n in range(3):
        make_priority()
    client = client_for(make_coordinator())
    with django_assert_max_num_queries(12):
        client.get(PAGE)
