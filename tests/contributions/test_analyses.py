"""What an analysis writes, what it never touches, and that its groups are people's to mend."""

from __future__ import annotations

import pytest

from dialogue.contributions import analyses, tasks_analysis
from dialogue.contributions.acts import analysis as acts
from dialogue.contributions.acts import clusters
from dialogue.contributions.models import AnalysisRun, Cluster, Contribution, Pair, Suggestion
from dialogue.contributions.stages import ClusterStage, RunStage, Verdict
from dialogue.ledger.acts import Refused
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FOOD = "Des légumes frais pour les cantines, avec les maraîchers du canton"
BUS = "Un bus le soir entre le bourg et la gare, pour rentrer du travail"


@pytest.fixture
def frame():
    food = make.make_theme(code="alimentaire", name="Alimentaire", keywords=["cantine", "légume", "maraîcher"])
    bus = make.make_theme(code="mobilite", name="Mobilité", keywords=["bus", "gare", "vélo"])
    return food, bus, make.make_campaign(), make.make_coordinator()


def run(coordinator):
    started = acts.start_analysis(None, by=coordinator, now=NOW)
    tasks_analysis.analyse.func(started.pk)
    return AnalysisRun.objects.get(pk=started.pk)


def test_without_any_example_the_machine_starts_from_the_keywords_and_says_which_words_it_saw(frame):
    food, bus, campaign, coordinator = frame
    one = make.make_contribution(campaign=campaign, title=FOOD, text="")
    two = make.make_contribution(campaign=campaign, title=BUS, text="")
    done = run(coordinator)
    assert (done.stage, done.texts, done.labelled, done.quality) == (RunStage.DONE, 2, 0, {})
    found = {row.contribution_id: row.themes[0] for row in Suggestion.objects.all()}
    assert (found[one.pk]["theme"], found[two.pk]["theme"]) == ("alimentaire", "mobilite")
    assert "cantines" in found[one.pk]["words"]
    for row, theme in ((one, food), (two, bus)):
        row.refresh_from_db()
        assert (row.suggested_theme, row.theme, row.theme_source) == (theme, None, "")
        assert 0 <= row.doubt <= 1


def test_the_same_texts_give_the_same_answers(frame):
    _food, _bus, campaign, coordinator = frame
    for n in range(12):
        make.make_contribution(campaign=campaign, title=f"{FOOD if n % 2 else BUS} {n}", text="")
    first, told = run(coordinator), list(Suggestion.objects.order_by("pk").values_list("pk", "themes"))
    second = run(coordinator)
    assert first.version == second.version
    assert list(Suggestion.objects.order_by("pk").values_list("pk", "themes")) == told


def test_what_a_person_said_is_not_touched_and_teaches_the_next_suggestions(frame):
    food, _bus, campaign, coordinator = frame
    said = make.make_contribution(campaign=campaign, title=BUS, text="", theme=food, theme_source="agent")
    done = run(coordinator)
    said.refresh_from_db()
    assert (said.theme, said.theme_source, done.labelled) == (food, "agent", 1)


def test_near_copies_are_shown_and_a_verdict_survives_the_next_run(frame):
    _food, _bus, campaign, coordinator = frame
    text = "Nous demandons l’ouverture de la piscine du canton le dimanche matin, pour les familles qui travaillent en semaine."
    first = make.make_contribution(campaign=campaign, title="La piscine le dimanche", text=text)
    second = make.make_contribution(campaign=campaign, title="La piscine le dimanche", text=text.replace("matin", "matain"))
    make.make_contribution(campaign=campaign, title=BUS, text="")
    assert run(coordinator).copies == 1
    pair = Pair.objects.get()
    assert (pair.first, pair.second, pair.verdict) == (first, second, Verdict.WAITING)
    Pair.objects.update(verdict=Verdict.NEAR)
    run(coordinator)
    assert Pair.objects.get().verdict == Verdict.NEAR


def test_only_one_analysis_runs_at_a_time(frame):
    coordinator = frame[3]
    acts.start_analysis(None, by=coordinator, now=NOW)
    with pytest.raises(Refused):
        acts.start_analysis(None, by=coordinator, now=NOW)


def test_a_failure_is_told_and_keeps_what_was_there(frame, monkeypatch):
    _food, _bus, campaign, coordinator = frame
    make.make_contribution(campaign=campaign, title=FOOD, text="")
    run(coordinator)
    monkeypatch.setattr(analyses, "specs", lambda: 1 / 0)
    failed = run(coordinator)
    assert (failed.stage, failed.error) == (RunStage.FAILED, "ZeroDivisionError: division by zero")
    assert Suggestion.objects.count() == 1


def test_what_comes_after_a_run_is_given_its_suggestion_without_another(frame):
    _food, _bus, campaign, coordinator = frame
    make.make_contribution(campaign=campaign, title=FOOD, text="")
    assert tasks_analysis.suggest_for_newcomers(NOW) == 0
    run(coordinator)
    late = make.make_contribution(campaign=campaign, title=BUS, text="")
    assert tasks_analysis.suggest_for_newcomers(NOW) == 1
    assert late.suggestion.themes[0]["theme"] == "mobilite"


def test_a_run_is_started_once_enough_came(frame):
    campaign = frame[2]
    assert tasks_analysis.learn_when_worth_it(NOW) is False
    row = make.make_contribution(campaign=campaign)
    Contribution.objects.bulk_create(
        [Contribution(number=10_000 + n, campaign=campaign, title=f"Texte {n}", author_key=str(n), key=str(n), stage="received",
                      written_at=NOW, received_at=NOW) for n in range(tasks_analysis.NEW_TEXTS)]
    )  # fmt: skip
    assert row.campaign == campaign
    assert tasks_analysis.learn_when_worth_it(NOW) is True
    assert AnalysisRun.objects.get().stage == RunStage.WAITING


@pytest.fixture
def cell(frame):
    food, _bus, campaign, coordinator = frame
    territory = make.make_territory()
    subjects = [
        "La cantine du collège veut des légumes bio du maraîcher",
        "Un jardin partagé au pied des immeubles du quartier avec un composteur",
    ]
    for n in range(24):
        title = f"{subjects[n % 2]}, {['dès septembre', 'le mercredi', 'avec les parents', 'cette année'][n % 4]}"
        make.make_contribution(campaign=campaign, title=title, text="", theme=food, territory=territory)
    return food, territory, coordinator


def grouped(theme, territory, coordinator):
    change = clusters.make_clusters(None, by=coordinator, now=NOW, theme=theme, territory=territory)
    return change, list(Cluster.objects.filter(stage=ClusterStage.LIVE).order_by("number"))


def places():
    return dict(Contribution.objects.values_list("pk", "cluster_id"))


def test_a_cell_is_grouped_by_its_words_and_keeps_its_numbers_when_grouped_again(cell):
    _change, first = grouped(*cell)
    assert len(first) >= 2
    assert all(row.words and row.verbatims for row in first)
    before = places()
    _change, second = grouped(*cell)
    assert ([row.number for row in second], places()) == ([row.number for row in first], before)


def test_a_named_group_is_read_by_all_and_left_as_it_is(cell):
    coordinator = cell[2]
    _change, made = grouped(*cell)
    clusters.name_cluster(made[0], by=coordinator, now=NOW, name="Légumes à la cantine")
    members = set(made[0].contributions.values_list("pk", flat=True))
    assert list(Cluster.objects.visible_to(None)) == [made[0]]
    grouped(*cell)
    assert set(made[0].contributions.values_list("pk", flat=True)) == members


def test_a_merge_a_split_and_a_move_can_be_undone_in_their_order(cell):
    _theme, _territory, coordinator = cell
    _change, made = grouped(*cell)
    first, second = made[:2]
    before = places()
    merged = clusters.merge_clusters(first, by=coordinator, now=NOW, other=second)
    assert set(places().values()) <= {None, *(row.pk for row in made)} - {second.pk}
    parted = clusters.split_cluster(first, by=coordinator, now=NOW)
    with pytest.raises(Refused):
        clusters.undo_cluster_change(merged, by=coordinator, now=NOW)
    clusters.undo_cluster_change(parted, by=coordinator, now=NOW)
    clusters.undo_cluster_change(merged, by=coordinator, now=NOW)
    assert places() == before
    row = first.contributions.first()
    moved = clusters.move_contributions(first, by=coordinator, now=NOW, contributions=[row], into=None)
    assert places()[row.pk] is None
    clusters.undo_cluster_change(moved, by=coordinator, now=NOW)
    assert places() == before


def test_the_pages_of_the_analysis_work_from_the_first_to_the_last(cell, client_for):
    theme, territory, coordinator = cell
    client = client_for(coordinator)
    assert "Aucune analyse" in client.get("/pilotage/contributions/analyses/").text
    assert client.post("/pilotage/contributions/analyses/").status_code == 302
    tasks_analysis.analyse.func(AnalysisRun.objects.get().pk)
    assert "a lu 24 contributions" in client.get("/pilotage/contributions/analyses/").text
    made = client.post("/pilotage/contributions/regroupements/faire/", {"theme": theme.code, "territoire": territory.code})
    assert made.url == f"/pilotage/contributions/regroupements/?theme={theme.code}&territoire={territory.code}"
    group = Cluster.objects.filter(stage=ClusterStage.LIVE).first()
    assert f"n° {group.number}" in client.get(made.url).text.replace("\u00a0", " ")
    page = f"/pilotage/contributions/regroupements/{group.number}/"
    client.post(page, {"acte": "nommer", "name": "La cantine du collège"})
    assert "La cantine du collège" in client.get(page).text
    assert "Des personnes décident" in client_for().get("/contributions/methode/").text
    assert client_for(make.make_person()).get(page).status_code in {403, 404}


def test_a_suggestion_and_a_copy_are_written_over_the_ones_before(frame):
    food, bus, campaign, coordinator = frame
    row, other = make.make_contribution(campaign=campaign), make.make_contribution(campaign=campaign)
    for theme, doubt in ((food, 0.2), (bus, 0.7)):
        told = [{"theme": theme.code, "confidence": 1 - doubt, "words": []}]
        guess = acts.Guess(row.pk, told, theme.pk, doubt)
        acts.note_suggestions(None, by=coordinator, now=NOW, guesses=[guess], run=None)
        acts.note_copies(None, by=coordinator, now=NOW, pairs=[(row.pk, other.pk, doubt)], run=None)
    row.refresh_from_db()
    assert (row.suggested_theme, row.doubt, row.suggestion.themes[0]["theme"], Pair.objects.get().score) == (
        bus,
        0.7,
        "mobilite",
        0.7,
    )


def test_a_run_that_ended_is_neither_finished_nor_failed_again(frame):
    coordinator = frame[3]
    done = make.make_run()
    with pytest.raises(Refused):
        acts.finish_analysis(done, by=coordinator, now=NOW, data=b"")
    with pytest.raises(Refused):
        acts.fail_analysis(done, by=coordinator, now=NOW, error="late")
