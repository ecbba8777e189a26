"""The coordination's pages: campaigns, and typing in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.stages import Stage, Via
from dialogue.mailer.models import Letter
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGES = "/pilotage/contributions/campagnes/"


@pytest.fixture
def team(client: Any) -> Any:
    make.make_department()
    client.force_login(make.make_coordinator())
    return client


def form(**fields: Any) -> dict[str, Any]:
    today = timezone.now().date()
    return {
        "title": "Rentrée des idées",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=30)).isoformat(),
        "circle": "public",
        "moderate_first": "on",
        "read_within_days": "3",
        "answer_within_days": "60",
    } | fields


def test_a_campaign_is_prepared_announced_closed_and_opened_again(team):
    assert "Aucune campagne pour l’instant" in team.get(PAGES).text
    assert team.post(PAGES + "nouvelle/", form()).url == PAGES
    campaign = Campaign.objects.get()
    assert (campaign.slug, campaign.is_announced, campaign.answer_within_days) == ("rentree-des-idees", False, 60)
    assert "En préparation" in team.get(PAGES).text
    page = PAGES + campaign.slug + "/"
    assert "Tout le monde la voit" in team.get(page + "annoncer/").text
    team.post(page + "annoncer/")
    campaign.refresh_from_db()
    assert campaign.is_open(timezone.now().date())
    Campaign.objects.update(opens_on=timezone.now().date() - timedelta(days=3))
    assert "Personne ne pourra plus y déposer" in team.get(page + "clore/").text
    team.post(page + "clore/")
    campaign.refresh_from_db()
    assert campaign.closes_on == timezone.now().date() - timedelta(days=1)
    team.post(page + "rouvrir/", {"closes_on": ""})
    campaign.refresh_from_db()
    assert campaign.closes_on is None
    assert campaign.is_open(timezone.now().date())
    assert team.get(page + "autre/").status_code == 404


def test_a_refused_form_says_why_and_keeps_everything(team):
    answer = team.post(PAGES + "nouvelle/", form(closes_on="2001-01-01", title="Titre gardé", answer_within_days="0"))
    assert answer.status_code == 422
    assert "Le dernier jour vient après le premier" in answer.text
    assert "Titre gardé" in answer.text
    assert "entre 1 et 365" in answer.text
    assert not Campaign.objects.exists()


def test_what_was_received_keeps_its_promise_when_the_campaign_changes(team):
    row = make.make_contribution()
    due, slug = row.due_on, row.campaign.slug
    team.post(f"{PAGES}{slug}/", form(answer_within_days="5", circle="partners"))
    row.refresh_from_db()
    assert (row.due_on, row.circle, row.campaign.answer_within_days, row.campaign.slug) == (due, "public", 5, slug)


def test_two_campaigns_of_one_title_have_two_addresses(team):
    for _n in range(2):
        team.post(PAGES + "nouvelle/", form())
    assert sorted(Campaign.objects.values_list("slug", flat=True)) == ["rentree-des-idees", "rentree-des-idees-2"]


@pytest.mark.parametrize("door", [PAGES, PAGES + "nouvelle/", "/pilotage/contributions/saisir/"])
def test_these_pages_are_the_coordination_s(client, door):
    assert client.get(door).status_code == 302
    client.force_login(make.make_person())
    assert client.get(door).status_code == 403
    assert client.post(door).status_code in {403, 405}


def test_an_agent_types_in_for_somebody_and_goes_on_with_the_next(team):
    campaign, territory = make.make_campaign(slug="2016", closes_on=date(2016, 12, 31)), make.make_territory(code="medoc")
    fields = {
        "campagne": "2016", "title": "Un banc", "text": "Sur la place.", "nature": "need", "territory": "medoc",
        "written_on": "2016-11-02", "author_name": "Mme Durand", "author_email": "durand@habitant.example", "naming": "name",
        "may_publish": "on", "suivante": "1",
    }  # fmt: skip
    answer = team.post("/pilotage/contributions/saisir/", fields)
    assert answer.status_code == 302
    assert "campagne=2016" in answer.url
    assert "territory=medoc" in answer.url
    row = Contribution.objects.get()
    assert (row.stage, row.via, row.campaign, row.territory, row.shown_name) == (
        Stage.RECEIVED, Via.AGENT, campaign, territory, "Mme Durand",
    )  # fmt: skip
    assert timezone.localtime(row.written_at).date() == date(2016, 11, 2)
    assert row.entered_by.is_coordination
    assert row.email_proven_at is None
    assert Letter.objects.get().address == "durand@habitant.example"
    assert '<option value="medoc" selected>' in team.get(answer.url).text


def test_without_a_mail_nothing_leaves_and_a_date_to_come_is_refused(team):
    make.make_campaign()
    fields = {"title": "Un banc", "text": "Sur la place.", "territory": "?"}
    late = (timezone.now().date() + timedelta(days=2)).isoformat()
    assert team.post("/pilotage/contributions/saisir/", fields | {"written_on": late}).status_code == 422
    assert team.post("/pilotage/contributions/saisir/", fields).status_code == 302
    assert not Letter.objects.exists()


def test_typing_in_needs_a_campaign(team):
    assert "Aucune campagne n’est annoncée" in team.get("/pilotage/contributions/saisir/").text
