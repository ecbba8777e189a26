"""The second reading: drawn the same for the same seed, read blind, its agreement told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dialogue.contributions import second
from dialogue.contributions.acts import second as acts
from dialogue.contributions.models import Contribution, SecondReading
from dialogue.ledger.acts import SYSTEM, Refused
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return make.make_coordinator()


@pytest.fixture
def other():
    return make.make_coordinator()


def classified(theme, by, n=1):
    return [
        make.make_contribution(stage="qualified", theme=theme, theme_source="agent", qualified_by=by, qualified_at=NOW)
        for _ in range(n)
    ]


def test_five_per_cent_are_drawn_and_the_same_seed_draws_the_same():
    keys = list(range(1, 201))
    assert len(second.drawn(keys, percent=5, seed="1-2017-11-06")) == 10
    assert second.drawn(keys, percent=5, seed="1-2017-11-06") == second.drawn(reversed(keys), percent=5, seed="1-2017-11-06")
    assert second.drawn(keys, percent=5, seed="2-2017-11-06") != second.drawn(keys, percent=5, seed="1-2017-11-06")


def test_only_what_someone_of_the_team_sorted_is_drawn_once(first):
    theme = make.make_theme()
    rows = classified(theme, first, 3)
    make.make_contribution(theme=theme)
    assert acts.draw_second_reading(None, by=first, now=NOW, percent=100) == 3
    assert set(SecondReading.objects.values_list("contribution_id", flat=True)) == {row.pk for row in rows}
    with pytest.raises(Refused):
        acts.draw_second_reading(None, by=SYSTEM, now=NOW, percent=100)


def test_nobody_reads_again_what_they_sorted_and_the_first_theme_is_not_shown(first, other, client_for):
    make.make_department()
    shown, hidden = make.make_theme(name="Habitat"), make.make_theme(name="Un thème tenu secret")
    classified(hidden, first)
    acts.draw_second_reading(None, by=first, now=NOW, percent=100)
    reading = SecondReading.objects.get()
    assert (list(second.to_read(first)), list(second.to_read(other))) == ([], [reading])
    with pytest.raises(Refused):
        acts.read_second(reading, by=first, now=NOW, theme=shown)
    page = client_for(other).get(reverse("contributions:second_reading"))
    assert page.content.decode().count("Un thème tenu secret") == 1  # in the list to choose from, and nowhere else
    client_for(other).post(reverse("contributions:read_second", args=[reading.pk]), {"theme": shown.code})
    reading.refresh_from_db()
    assert (reading.theme, reading.reader) == (shown, other)
    with pytest.raises(Refused):
        acts.read_second(reading, by=make.make_coordinator(), now=NOW, theme=hidden)


def test_the_agreement_is_told_and_a_disagreement_settled(first, other, client_for):
    make.make_department()
    one, two = make.make_theme(), make.make_theme()
    classified(one, first, 3)
    classified(two, first, 1)
    assert second.agreement_now() == {"drawn": 0, "read": 0, "agreed": 0, "share": None, "kappa": None}
    acts.draw_second_reading(None, by=first, now=NOW, percent=100)
    readings = list(SecondReading.objects.order_by("pk"))
    assert [acts.read_second(reading, by=other, now=NOW, theme=one) for reading in readings] == [True, True, True, False]
    assert second.agreement_now() == {"drawn": 4, "read": 4, "agreed": 3, "share": 0.75, "kappa": 0.0}
    said = client_for().get(reverse("contributions:method")).text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Seconde lecture : 4 contributions relues, les deux personnes sont d’accord dans 75 % des cas" in said
    assert "kappa de Cohen : 0,00" in said
    (differing,) = second.disagreements()
    client_for(first).post(reverse("contributions:settle_second", args=[differing.pk]), {"choix": "second"})
    assert Contribution.objects.get(pk=differing.contribution_id).theme == one
    assert not second.disagreements().exists()
    assert second.agreement_now()["agreed"] == 3
    with pytest.raises(Refused):
        acts.settle_reading(readings[0], by=first, now=NOW, theme=one)


def test_one_draws_from_the_page(first, client_for):
    make.make_department()
    classified(make.make_theme(), first, 2)
    desk, url = client_for(first), reverse("contributions:draw_second")
    assert desk.post(url, {"percent": 0, "seed": 1}).status_code == 422
    desk.post(url, {"percent": 50, "seed": 1})
    assert SecondReading.objects.count() == 1
