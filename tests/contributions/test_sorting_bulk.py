"""Many contributions in one go, what is late, and how few queries the queue asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogue.contributions import sorting_bulk
from dialogue.contributions.acts import sorting as acts
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.contributions.sorting import working_days_before
from dialogue.contributions.tasks_sorting import remind_late
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.contributions.sorting_world import suggested
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL, SORT = reverse("contributions:bulk"), reverse("contributions:sort")


@pytest.fixture
def chief():
    return make.make_coordinator(name="Camille Roux")


@pytest.fixture
def desk(client_for, chief):
    make.make_department()
    return client_for(chief)


def confirmed(desk, page, **data):
    """Presses « Oui, le faire » until all is done; returns how many pages that took."""
    for pages in range(1, 20):
        hidden = {**dict(page.context["sequence"]), "confirme": "1"}
        numbers = [value for name, value in page.context["kept"] if name == "numero"]
        fields = {name: value for name, value in page.context["kept"] if name != "numero"}
        page = desk.post(URL, fields | hidden | {"numero": numbers} | data)
        if page.status_code == 302:
            return pages
    raise AssertionError("it never ends")


def test_the_surest_suggestions_are_accepted_in_chunks_and_all_undone(desk, chief, monkeypatch):
    monkeypatch.setattr(sorting_bulk, "CHUNK", 2)
    theme, campaign = make.make_theme(name="Alimentation"), make.make_campaign()
    sure = [suggested((theme, 0.9), campaign=campaign) for _ in range(5)]
    unsure = suggested((theme, 0.6), campaign=campaign)
    held = suggested((theme, 0.95), campaign=campaign)
    acts.take_up(held, by=make.make_coordinator(), now=NOW)
    page = desk.post(URL, {"action": "accept", "scope": "all", "confidence": 80})
    assert page.context["consequence"].startswith("5 contributions recevront le thème suggéré par la machine")
    assert Contribution.objects.filter(stage="qualified").count() == 0
    assert confirmed(desk, page) == 3
    done = Contribution.objects.filter(stage="qualified").order_by("number")
    assert list(done) == sure
    assert {(row.theme, row.theme_source, row.qualified_by) for row in done} == {(theme, "agent", chief)}
    assert Entry.objects.filter(act="contributions.qualify").count() == 5
    assert Contribution.objects.get(pk=unsure.pk).stage == "received"
    undo = desk.get(SORT).context["undo"]
    assert undo.group_size == 5
    desk.post(reverse("contributions:undo_group", args=[undo.change.pk]))
    assert Contribution.objects.filter(stage="received", theme=None).count() == 7
    assert SortingChange.objects.filter(undone_at=None).count() == 0


def test_those_that_are_ticked_get_a_theme_a_territory_a_person_or_are_admissible(desk, chief):
    theme, territory = make.make_theme(), make.make_territory()
    first, second, third = (suggested() for _ in range(3))

    def run(**data):
        page = desk.post(URL, {"scope": "chosen", "numero": [first.number, second.number]} | data)
        assert page.status_code == 200, page.context["bulk"].errors
        confirmed(desk, page)

    run(action="admissible")
    run(action="territory", territory=territory.code)
    run(action="assign", person=chief.pk)
    run(action="theme", theme=theme.code)
    for row in (first, second):
        row.refresh_from_db()
        assert (row.stage, row.territory, row.theme) == ("qualified", territory, theme)
    third.refresh_from_db()
    assert (third.stage, third.territory) == ("received", None)
    assert Entry.objects.filter(act="contributions.assign").count() == 2


def test_what_is_missing_is_said_beside_its_field(desk):
    suggested()
    for data, field, sentence in (
        ({"action": "theme", "scope": "all"}, "theme", "Choisissez le thème à donner."),
        ({"action": "assign", "scope": "all"}, "person", "Choisissez à qui les confier."),
        ({"action": "accept", "scope": "all"}, "confidence", "Dites à partir de quelle confiance, entre 50 et 100 %."),
        (
            {"action": "admissible", "scope": "chosen"},
            "scope",
            "Cochez des contributions dans la liste, ou choisissez tout ce qui correspond au filtre.",
        ),
    ):
        page = desk.post(URL, data)
        assert (page.status_code, page.context["bulk"].errors[field]) == (422, [sentence])


def test_nothing_concerned_is_said(desk):
    suggested()
    page = desk.post(URL, {"action": "accept", "scope": "all", "confidence": 99}, follow=True)
    assert "Aucune de ces contributions n’est concernée" in page.content.decode()


def test_working_days_leave_weekends_out():
    monday, friday = date(2017, 11, 6), date(2017, 11, 10)
    assert working_days_before(monday, 1) == date(2017, 11, 3)
    assert working_days_before(monday, 3) == date(2017, 11, 1)
    assert working_days_before(friday, 5) == date(2017, 11, 3)


def test_late_ones_are_recalled_to_the_coordination_once_a_week(chief):
    make.make_coordinator()
    make.make_contribution(stage="received", is_published=False, received_at=NOW - timedelta(days=20))
    make.make_contribution(stage="qualified", due_on=date(2017, 11, 1))
    assert remind_late(NOW) == 2
    letter = Letter.objects.filter(address=chief.email).get()
    assert (letter.kind, letter.mode) == ("contributions.late", "digest")
    text = " ".join(letter.text.split())
    assert "1 contribution devait déjà être relue." in text
    assert "1 contribution attend une réponse dont la date promise est passée." in text
    assert remind_late(NOW + timedelta(days=1)) == 0
    assert remind_late(NOW + timedelta(days=7)) == 2
    assert Entry.objects.filter(act="contributions.remind_late", actor="system").count() == 2


def test_nothing_late_nothing_said(chief):
    make.make_contribution()
    assert remind_late(NOW) == 0
    assert Entry.objects.count() == 0


def test_the_page_of_sorting_asks_fifteen_queries_at_most_however_many_wait(desk, chief):
    themes = [make.make_theme() for _ in range(3)]
    rows = [suggested(*((theme, 0.3) for theme in themes), territory=make.make_territory(), doubt=0.9 - n / 100) for n in range(3)]
    acts.judge_admissible(rows[2], by=chief, now=NOW)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(f"{SORT}?n={rows[0].number}").status_code == 200
        return len(seen)

    before = asked()
    for n in range(20):
        suggested(*((theme, 0.3) for theme in themes), territory=make.make_territory(), doubt=0.5 - n / 100)
        make.make_pair(first=rows[0])
    assert (asked(), before <= 15) == (before, True), before
