"""The roadmap: drafted by several, adopted once, versioned, compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dialogue.chantiers import compare
from dialogue.chantiers.acts import evaluation, life
from dialogue.chantiers.acts import roadmap as acts
from dialogue.chantiers.models import Chantier, Objective, Roadmap, Step
from dialogue.chantiers.stages import RoadmapStage, Role, Stage
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from dialogue.people.stages import Circle
from tests.chantiers.races import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_chantier,
    make_coordinator,
    make_deliverable,
    make_member,
    make_objective,
    make_person,
    make_roadmap,
    make_step,
)

pytestmark = pytest.mark.django_db

FIRST = NOW - timedelta(days=20)


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def drafted(**fields: Any) -> Chantier:
    """A launched chantier whose draft is whole and whose first meeting took place."""
    chantier = make_chantier(**{"stage": Stage.LAUNCHED, "first_meeting_at": FIRST} | fields)
    sheet = make_roadmap(chantier)
    make_objective(sheet)
    make_deliverable(sheet)
    make_step(sheet)
    return chantier


def adopted() -> Chantier:
    chantier = drafted()
    acts.adopt_roadmap(chantier, by=make_coordinator(), now=NOW, meeting_number=1, adopted_on=TODAY)
    return chantier


# Drafting ---------------------------------------------------------------------------------------------------------


def test_members_draft_together_observers_and_outsiders_do_not() -> None:
    chantier = make_chantier()
    partner, observer = make_member(chantier).person, make_member(chantier, role=Role.OBSERVER).person
    draft = acts.start_roadmap(chantier, by=partner, now=NOW)
    for person in (observer, make_person()):
        with pytest.raises(NotAllowed):
            acts.add_line(draft, by=person, now=NOW, line="objectif", values={"title": "Non"})
    line = acts.add_line(draft, by=partner, now=NOW, line="objectif", values={"title": "Trois cantines"})
    assert (line.title, line.edited_by, line.edited_at, line.order) == ("Trois cantines", partner, NOW, 1)


def test_the_draft_is_started_once() -> None:
    chantier, by = make_chantier(), make_coordinator()
    acts.start_roadmap(chantier, by=by, now=NOW)
    with pytest.raises(Refused, match="Le brouillon existe déjà"):
        acts.start_roadmap(chantier, by=by, now=NOW)
    assert Roadmap.objects.count() == 1


def test_the_same_line_sent_twice_is_refused() -> None:
    draft, by = make_roadmap(make_chantier()), make_coordinator()
    values = {"title": "Trois cantines", "indicator": "", "start_value": "", "target_value": ""}
    acts.add_line(draft, by=by, now=NOW, line="objectif", values=values)
    with pytest.raises(Refused, match="déjà dans la feuille de route"):
        acts.add_line(draft, by=by, now=NOW, line="objectif", values=values)


def test_of_two_people_who_correct_a_line_the_second_reads_the_first() -> None:
    draft = make_roadmap(make_chantier())
    line, one, two = make_objective(draft), make_coordinator(name="Une"), make_coordinator(name="Deux")
    stale = Objective.objects.get(pk=line.pk)
    acts.edit_line(line, by=one, now=NOW, revision=0, values={"title": "Quatre cantines"})
    with pytest.raises(acts.Conflict) as conflict:
        acts.edit_line(stale, by=two, now=NOW, revision=0, values={"title": "Cinq cantines"})
    theirs = conflict.value.theirs
    assert (theirs.title, theirs.edited_by, theirs.revision) == ("Quatre cantines", one, 1)
    acts.edit_line(stale, by=two, now=NOW, revision=1, values={"title": "Quatre ou cinq cantines"})
    assert Objective.objects.get().title == "Quatre ou cinq cantines"


def test_the_same_correction_sent_twice_is_no_conflict() -> None:
    line, by = make_objective(make_roadmap(make_chantier())), make_coordinator()
    stale = Objective.objects.get(pk=line.pk)
    acts.edit_line(line, by=by, now=NOW, revision=0, values={"title": "Quatre"})
    acts.edit_line(stale, by=by, now=NOW, revision=0, values={"title": "Quatre"})
    assert Objective.objects.get().revision == 1


def test_the_rhythm_knows_conflicts_too() -> None:
    draft, by = make_roadmap(make_chantier()), make_coordinator()
    other = Roadmap.objects.get(pk=draft.pk)
    acts.set_rhythm(draft, by=by, now=NOW, revision=0, rhythm="Chaque mois")
    with pytest.raises(acts.Conflict) as conflict:
        acts.set_rhythm(other, by=by, now=NOW, revision=0, rhythm="Chaque semaine")
    assert conflict.value.theirs.rhythm == "Chaque mois"


def test_lines_go_up_and_down_steps_follow_their_dates() -> None:
    draft, by = make_roadmap(make_chantier()), make_coordinator()
    for n, title in enumerate("abc", 1):
        make_objective(draft, title=title, order=n)
    acts.move_line(Objective.objects.get(title="c"), by=by, now=NOW, up=True)
    acts.move_line(Objective.objects.get(title="a"), by=by, now=NOW, up=True)
    assert [o.title for o in draft.objectives.all()] == ["a", "c", "b"]
    with pytest.raises(Refused, match="se rangent par date"):
        acts.move_line(make_step(draft), by=by, now=NOW, up=True)


def test_a_removed_line_comes_back_as_it_was() -> None:
    draft, by = make_roadmap(make_chantier()), make_coordinator()
    line = make_step(draft, title="Recenser", order=3)
    kept = acts.remove_line(draft, by=by, now=NOW, item=line)
    assert not Step.objects.exists()
    acts.add_line(draft, by=by, now=NOW, **kept)
    back = Step.objects.get()
    assert (back.title, back.key, back.order, back.due_on) == ("Recenser", line.key, 3, line.due_on)
    with pytest.raises(Refused, match="déjà dans la feuille de route"):
        acts.add_line(draft, by=by, now=NOW, **kept)


# Adoption ---------------------------------------------------------------------------------------------------------


def test_the_adopted_roadmap_is_the_baseline_and_the_group_is_told() -> None:
    chantier = drafted()
    lead, partner = make_member(chantier, role=Role.LEAD).person, make_member(chantier).person
    sheet = acts.adopt_roadmap(chantier, by=lead, now=NOW, meeting_number=1, adopted_on=TODAY)
    assert (sheet.stage, sheet.circle, sheet.adopted_on, sheet.is_baseline) == ("adopted", Circle.PARTNERS, TODAY, True)
    assert chantier.stage == Stage.WORKING
    letter = Letter.objects.get()
    assert (letter.person, letter.subject) == (partner, f"Feuille de route arrêtée : {chantier.title}")
    entry = Entry.objects.about(chantier).get()
    assert entry.facts == {"meeting_number": 1, "adopted_on": "2017-11-06"}


def test_what_is_missing_is_said_in_one_sentence() -> None:
    chantier = make_chantier(stage=Stage.LAUNCHED, first_meeting_at=FIRST)
    obstacles = lambda: acts.adopt_roadmap.obstacles(chantier, by=make_coordinator(), now=NOW)  # noqa: E731
    assert obstacles() == ["Commencez le brouillon de la feuille de route."]
    sheet = make_roadmap(chantier)
    assert obstacles() == ["Il manque à la feuille de route : un objectif, un livrable, une étape datée."]
    make_objective(sheet), make_deliverable(sheet), make_step(sheet)
    assert obstacles() == []
    chantier.first_meeting_at = NOW + timedelta(days=2)
    assert obstacles() == ["La feuille de route s’arrête en séance : attendez la première séance."]


@pytest.mark.parametrize(
    ("day", "number", "sentence"),
    [
        (TODAY + timedelta(days=1), 1, "pas encore venue"),
        (FIRST.date() - timedelta(days=1), 1, "antérieure à la première séance"),
        (TODAY, 0, "numéro de la séance"),
    ],
)
def test_absurd_adoptions_are_refused(day: date, number: int, sentence: str) -> None:
    chantier = drafted()
    with pytest.raises(Refused, match=sentence):
        acts.adopt_roadmap(chantier, by=make_coordinator(), now=NOW, meeting_number=number, adopted_on=day)
    assert Chantier.objects.get().stage == Stage.LAUNCHED
    assert not Entry.objects.exists()


def test_an_adopted_version_no_longer_changes() -> None:
    chantier, by = adopted(), make_coordinator()
    line, sheet = Objective.objects.get(), Roadmap.objects.get()
    with pytest.raises(Refused, match="ne change plus"):
        acts.edit_line(line, by=by, now=NOW, revision=0, values={"title": "Autre"})
    for act, facts in ((acts.add_line, {"line": "etape", "values": {}}), (acts.remove_line, {"item": line})):
        with pytest.raises(Refused):
            act(sheet, by=by, now=NOW, **facts)
    assert acts.move_line.allows(by, line)
    assert chantier.stage == Stage.WORKING


def test_a_later_version_needs_a_decision_and_carries_what_was_done() -> None:
    chantier, by = adopted(), make_coordinator()
    first = Roadmap.objects.get()
    second = acts.start_new_version(chantier, by=by, now=NOW)
    assert {s.key for s in second.steps.all()} == {s.key for s in first.steps.all()}
    with pytest.raises(Refused, match="déjà en préparation"):
        acts.start_new_version(chantier, by=by, now=NOW)
    acts.complete_step(first.steps.get(), by=by, now=NOW, done_on=TODAY)
    evaluation.publish_deliverable(first.deliverables.get(), by=by, now=NOW, published_on=TODAY)
    with pytest.raises(Refused, match="Dites ce qui change"):
        acts.adopt_new_version(chantier, by=by, now=NOW, meeting_number=2, adopted_on=TODAY, change_note=" ")
    acts.adopt_new_version(chantier, by=by, now=NOW, meeting_number=2, adopted_on=TODAY, change_note="Un mois de plus.")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.stage, second.stage) == (RoadmapStage.SUPERSEDED, RoadmapStage.ADOPTED)
    assert (first.is_baseline, second.is_baseline) == (True, False)
    assert second.steps.get().done_on == TODAY
    assert second.deliverables.get().published_on == TODAY


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_adopt_at_once_one_wins() -> None:
    chantier, one, two = drafted(), make_coordinator(), make_coordinator()
    copies = [Chantier.objects.get(pk=chantier.pk) for _ in range(2)]
    facts = {"now": NOW, "meeting_number": 1, "adopted_on": TODAY}
    results = at_once(
        lambda: acts.adopt_roadmap(copies[0], by=one, **facts), lambda: acts.adopt_roadmap(copies[1], by=two, **facts)
    )
    assert sorted(results) == ["Refused", "done"]
    assert Entry.objects.filter(act="chantiers.adopt_roadmap").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_adopt_a_new_version_at_once_one_wins() -> None:
    chantier, one, two = adopted(), make_coordinator(), make_coordinator()
    acts.start_new_version(chantier, by=one, now=NOW)
    copies = [Chantier.objects.get(pk=chantier.pk) for _ in range(2)]
    facts = {"now": NOW, "meeting_number": 2, "adopted_on": TODAY, "change_note": "Un mois de plus.", "version": 2}
    results = at_once(
        lambda: acts.adopt_new_version(copies[0], by=one, **facts), lambda: acts.adopt_new_version(copies[1], by=two, **facts)
    )
    assert sorted(results) == ["Refused", "done"]
    assert Roadmap.objects.get(stage=RoadmapStage.ADOPTED).version == 2


@pytest.mark.django_db(transaction=True)
def test_a_line_corrected_while_the_roadmap_is_adopted_is_in_it_or_refused() -> None:
    chantier, one, two = drafted(), make_coordinator(), make_coordinator()
    line = Objective.objects.get()
    results = at_once(
        lambda: acts.adopt_roadmap(chantier, by=one, now=NOW, meeting_number=1, adopted_on=TODAY),
        lambda: acts.edit_line(line, by=two, now=NOW, revision=0, values={"title": "Au dernier moment"}),
    )
    assert results[0] == "done"
    assert results[1] in {"done", "Refused"}
    assert (Objective.objects.get().title == "Au dernier moment") == (results[1] == "done")


# Steps ------------------------------------------------------------------------------------------------------------


def test_a_step_is_done_on_a_day_and_not_done_after_all() -> None:
    chantier, by = adopted(), make_coordinator()
    step = Step.objects.get()
    with pytest.raises(Refused, match="pas encore venue"):
        acts.complete_step(step, by=by, now=NOW, done_on=TODAY + timedelta(days=1))
    acts.complete_step(step, by=by, now=NOW, done_on=TODAY)
    with pytest.raises(Refused, match="déjà marquée"):
        acts.complete_step(step, by=by, now=NOW, done_on=TODAY)
    acts.reopen_step(step, by=by, now=NOW)
    assert Step.objects.get().done_on is None
    assert chantier.stage == Stage.WORKING


def test_steps_of_a_draft_are_not_done() -> None:
    chantier = drafted()
    with pytest.raises(Refused, match="à ce stade"):
        acts.complete_step(Step.objects.get(), by=make_coordinator(), now=NOW, done_on=TODAY)
    assert chantier.stage == Stage.LAUNCHED


# Comparing --------------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_by_key_and_word_by_word() -> None:
    chantier, by = adopted(), make_coordinator()
    second = acts.start_new_version(chantier, by=by, now=NOW)
    second.objectives.update(title="Quatre cantines approvisionnées")
    second.deliverables.all().delete()
    make_step(second, title="Former les cuisiniers")
    one, two = Roadmap.objects.with_items().order_by("version")
    found = compare.versions(one, two)
    assert [c.kind for c in found.objectives] == [compare.CHANGED]
    assert [(p.kind, p.text) for p in found.objectives[0].fields[0].pieces] == [
        ("removed", "Trois"), ("added", "Quatre"), ("same", " cantines approvisionnées"),
    ]
    assert [c.kind for c in found.deliverables] == [compare.REMOVED]
    assert [c.kind for c in found.steps] == [compare.SAME, compare.ADDED]
    assert (found.count, found.rhythm_changed) == (3, False)


@pytest.mark.parametrize(("before", "after"), [("", "un mot"), ("un mot", ""), ("a b c", "a x c"), ("même", "même")])
def test_the_pieces_give_back_both_texts(before: str, after: str) -> None:
    pieces = compare.words(before, after)
    assert "".join(p.text for p in pieces if p.kind != compare.ADDED) == before
    assert "".join(p.text for p in pieces if p.kind != compare.REMOVED) == after


def test_a_version_is_made_public_and_narrowed_again_by_those_in_charge_once_adopted():
    sheet, coordinator = adopted().roadmaps.get(stage=RoadmapStage.ADOPTED), make_coordinator()
    Roadmap.objects.filter(pk=sheet.pk).update(circle=Circle.PARTNERS)
    life.widen_roadmap(sheet, by=coordinator, now=NOW)
    assert Roadmap.objects.get(pk=sheet.pk).circle == Circle.PUBLIC
    with pytest.raises(Refused, match="C’est déjà le cas"):
        life.widen_roadmap(sheet, by=coordinator, now=NOW)
    with pytest.raises(NotAllowed):
        life.narrow_roadmap(sheet, by=make_member(sheet.chantier).person, now=NOW)
    life.narrow_roadmap(sheet, by=coordinator, now=NOW)
    assert Roadmap.objects.get(pk=sheet.pk).circle == Circle.PARTNERS
    with pytest.raises(Refused):
        life.widen_roadmap(make_roadmap(make_chantier()), by=coordinator, now=NOW)
