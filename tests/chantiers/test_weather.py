"""Météo: by the lead, dated, never computed; asked again after 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dialogue.chantiers import tasks_life
from dialogue.chantiers.acts import weather
from dialogue.chantiers.models import WeatherReport
from dialogue.chantiers.stages import Role, Stage, Weather
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests.factories import NOW, make_chantier, make_coordinator, make_department, make_member, make_weather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_6_november_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    make_department()
    monkeypatch.setattr("dialogue.ledger.clock.now", lambda: NOW)


def test_the_lead_gives_the_weather_the_others_do_not() -> None:
    chantier = make_chantier(stage=Stage.WORKING)
    lead = make_member(chantier, role=Role.LEAD).person
    report = weather.report_weather(chantier, by=lead, now=NOW, weather=Weather.CLOUDY, sentence=" Il manque une salle. ")
    assert (report.weather, report.sentence, report.at, report.by) == ("cloudy", "Il manque une salle.", NOW, lead)
    assert Entry.objects.get().facts == {"weather": "cloudy"}
    for person in (make_member(chantier).person, make_member(chantier, role=Role.SPONSOR).person):
        with pytest.raises(NotAllowed):
            weather.report_weather(chantier, by=person, now=NOW, weather=Weather.CLEAR)


def test_a_gale_says_what_help_is_needed() -> None:
    chantier = make_chantier(stage=Stage.WORKING)
    with pytest.raises(Refused, match="de quelle aide"):
        weather.report_weather(chantier, by=make_coordinator(), now=NOW, weather=Weather.GALE, sentence="  ")
    assert not WeatherReport.objects.exists()


def test_the_same_weather_sent_twice_is_kept_once() -> None:
    chantier, by = make_chantier(), make_coordinator()
    weather.report_weather(chantier, by=by, now=NOW, weather=Weather.CLEAR)
    with pytest.raises(Refused, match="vient d’être enregistrée"):
        weather.report_weather(chantier, by=by, now=NOW + timedelta(minutes=1), weather=Weather.CLEAR)
    weather.report_weather(chantier, by=by, now=NOW + timedelta(days=30), weather=Weather.CLEAR)
    assert WeatherReport.objects.count() == 2


def test_a_completed_chantier_has_no_more_weather() -> None:
    with pytest.raises(Refused):
        weather.report_weather(make_chantier(stage=Stage.COMPLETED), by=make_coordinator(), now=NOW, weather=Weather.CLEAR)


def test_only_the_lead_is_reminded_and_once_in_thirty_days() -> None:
    stale, fresh, paused = (make_chantier(stage=Stage.WORKING) for _ in range(3))
    lead = make_member(stale, role=Role.LEAD).person
    make_member(stale)
    make_member(fresh, role=Role.LEAD, person=lead)
    make_weather(stale, at=NOW - timedelta(days=31))
    make_weather(fresh, at=NOW - timedelta(days=30))
    type(paused).objects.filter(pk=paused.pk).update(stage=Stage.SUSPENDED, suspended_from=Stage.WORKING, motive="Pause")
    assert tasks_life.remind_weather(NOW) == 1
    assert tasks_life.remind_weather(NOW + timedelta(days=1)) == 1  # fresh has become stale
    letters = Letter.objects.filter(kind="chantiers.weather_reminder")
    assert {letter.person for letter in letters} == {lead}
    assert "date de 31 jours" in letters.get(space=stale.ledger_space).text.replace("\xa0", " ")
    assert tasks_life.remind_weather(NOW + timedelta(days=30)) == 1
    assert Letter.objects.filter(kind="chantiers.weather_reminder").count() == 3


def test_the_page_asks_for_the_sentence_of_a_gale_and_keeps_what_was_chosen(client_for: Any) -> None:
    chantier = make_chantier(stage=Stage.WORKING)
    client = client_for(make_member(chantier, role=Role.LEAD).person)
    url = reverse("chantiers:weather", args=[chantier.slug])
    answer = client.post(url, {"weather": "gale", "sentence": ""})
    assert answer.status_code == 422
    assert "Avis de vent" in answer.content.decode()
    assert "checked" in answer.content.decode()
    assert client.post(url, {"weather": "orage"}).status_code == 422
    assert client.post(url, {"weather": "gale", "sentence": "x" * 5000}).status_code == 422
    assert client.post(url, {"weather": "gale", "sentence": "<script>alert(1)</script>"}).status_code == 302
    page = client.get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_partner_of_the_group_reads_the_weather_without_the_form(client_for: Any) -> None:
    chantier = make_chantier(stage=Stage.WORKING)
    make_weather(chantier, sentence="Tout avance.")
    client = client_for(make_member(chantier).person)
    url = reverse("chantiers:weather", args=[chantier.slug])
    page = client.get(url).content.decode()
    assert "Tout avance." in page
    assert 'name="weather"' not in page
    assert client.post(url, {"weather": "clear"}).status_code == 403


def test_a_chantier_without_lead_is_not_noted_as_reminded() -> None:
    make_weather(make_chantier(stage=Stage.WORKING), at=NOW - timedelta(days=90))
    assert tasks_life.remind_weather(NOW) == 0
    assert not Entry.objects.exists()
