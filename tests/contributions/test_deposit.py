"""Depositing in three steps, with and without an account, without any script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dialogue.contributions import deposit_limits
from dialogue.contributions.models import AddressProof, Contribution
from dialogue.contributions.stages import Naming, Stage, Via
from dialogue.ledger.models import Entry
from dialogue.mailer.models import Letter
from tests import factories as make

pytestmark = pytest.mark.django_db
TEXT = "Dans nos villages, les producteurs ne livrent pas moins de vingt kilos. Une camionnette aiderait les cantines."


class Depositor:
    """Somebody at the keyboard."""

    def __init__(self, campaign: Any, client: Client | None = None) -> None:
        self.campaign, self.client = campaign, client or Client()
        self.url = f"/contributions/deposer/{campaign.slug}/"

    def post(self, step: str, **fields: Any) -> Any:
        data = {"etape": step, "opened": deposit_limits.opened_now()} | fields
        return self.client.post(self.url, data)

    def what(self, **fields: Any) -> Any:
        return self.post("1", **{"nature": "need", "title": "Une camionnette pour les cantines", "text": TEXT} | fields)

    def where(self, **fields: Any) -> Any:
        return self.post("2", **{"territory": "?"} | fields)

    def who(self, **fields: Any) -> Any:
        basis = {"who": "self", "author_email": "anne@habitant.example", "naming": "anonymous", "may_publish": "on"}
        return self.post("3", **basis | fields)

    def code(self, code: str) -> Any:
        return self.client.post(self.url + "code/", {"code": code})

    def up_to_code(self, **fields: Any) -> Any:
        assert self.what().status_code == 302
        assert self.where().status_code == 302
        return self.who(**fields)


def mailed_code() -> str:
    letter = Letter.objects.filter(kind="contributions.code").order_by("-pk").first()
    found = re.search(r"\b(\d{6})\b", letter.subject)
    assert found
    return found[1]


@pytest.fixture
def campaign(db: Any) -> Any:
    make.make_department()
    return make.make_campaign(slug="2017", opens_on=timezone.now().date() - timedelta(days=10))


@pytest.fixture
def depositor(campaign: Any) -> Depositor:
    return Depositor(campaign)


def test_somebody_without_an_account_deposits_in_three_steps_and_a_code(depositor):
    theme, territory = make.make_theme(code="alimentaire"), make.make_territory(code="libournais")
    assert depositor.what().url.endswith("?etape=2")
    assert depositor.where(territory="libournais", theme="alimentaire", audiences=["youth"]).url.endswith("?etape=3")
    assert depositor.who(who="organisation", organisation_name="Amicale laïque", naming="organisation").url.endswith("/code/")
    row = Contribution.objects.get()
    assert (row.stage, row.is_published, row.received_at) == (Stage.DRAFT, False, None)
    answer = depositor.code(mailed_code())
    row.refresh_from_db()
    assert answer.url == f"/contributions/suivi/{row.key}/"
    assert (row.stage, row.via, row.theme, row.theme_source, row.territory) == (
        Stage.RECEIVED,
        Via.PAGE,
        theme,
        "author",
        territory,
    )
    assert (row.shown_name, row.naming, row.circle, row.audiences) == ("Amicale laïque", Naming.ORGANISATION, "public", ["youth"])
    assert (row.is_published, row.author_email) == (False, "anne@habitant.example")
    assert row.due_on == row.received_at.date() + timedelta(days=90)
    assert row.words.stems
    assert not AddressProof.objects.exists()
    letter = Letter.objects.get(kind="contributions.acknowledged")
    assert letter.address == "anne@habitant.example"
    assert f"/contributions/suivi/{row.key}/" in letter.text
    assert TEXT[:40] in letter.text


def test_a_draft_is_read_by_nobody_before_the_code(depositor):
    depositor.up_to_code()
    assert Contribution.objects.visible_to(make.make_coordinator()).count() == 0


def test_a_validated_person_needs_no_code_and_speaks_for_their_organisation(campaign, client):
    mandate = make.make_mandate()
    client.force_login(mandate.person)
    depositor = Depositor(campaign, client)
    depositor.what()
    depositor.where()
    answer = depositor.who(who="organisation", organisation=mandate.organisation.pk, naming="organisation", author_email="")
    row = Contribution.objects.get()
    assert answer.url == f"/contributions/suivi/{row.key}/"
    assert (row.stage, row.person, row.organisation, row.shown_name) == (
        Stage.RECEIVED,
        mandate.person,
        mandate.organisation,
        mandate.organisation.name,
    )
    assert Letter.objects.get().person == mandate.person


def test_nobody_deposits_for_an_organisation_that_they_do_not_speak_for(campaign, client):
    client.force_login(make.make_mandate().person)
    depositor = Depositor(campaign, client)
    depositor.what()
    depositor.where()
    answer = depositor.who(who="organisation", organisation=make.make_organisation().pk)
    assert answer.status_code == 422
    assert Contribution.objects.get().stage == Stage.DRAFT


# Going back, errors ----------------------------------------------------------
def test_going_back_loses_nothing(depositor):
    make.make_territory(code="medoc", name="Médoc")
    depositor.what(title="Première phrase")
    assert depositor.where(territory="medoc", revenir="1").url == depositor.url
    assert "Première phrase" in depositor.client.get(depositor.url).text
    assert '<option value="medoc" selected>' in depositor.client.get(depositor.url + "?etape=2").text
    depositor.where(territory="medoc")
    assert depositor.who(author_name="Anne", revenir="1").url.endswith("?etape=2")
    page = depositor.client.get(depositor.url + "?etape=3").text
    assert "anne@habitant.example" in page
    assert 'value="Anne"' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Résumez votre contribution en une phrase."),
        ({"text": " \n "}, "Expliquez-nous en quelques phrases."),
        ({"text": "é" * 50_001}, "Raccourcissez : 50000 signes au plus, vous en avez écrit 50001."),
        ({"nature": ""}, "Dites s’il s’agit d’une initiative, d’un besoin ou d’une idée."),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_typed(depositor, fields, sentence):
    answer = depositor.what(**{"title": "Le titre gardé"} | fields)
    assert answer.status_code == 422
    text = answer.text.replace("\xa0", " ").replace("\u202f", " ")
    assert sentence in text
    assert "<title>Erreur" in text
    assert "Le titre gardé" in text or fields.get("title") == ""
    assert not Contribution.objects.exists()


def test_markup_capitals_emoji_and_nul_are_text(depositor):
    depositor.what(title="<b>DES BUS</b> 🚌\x00", text="TOUT EN CAPITALES <script>alert(1)</script> 🚌\x00")
    row = Contribution.objects.get()
    assert (row.title, row.text) == ("<b>DES BUS</b> 🚌", "TOUT EN CAPITALES <script>alert(1)</script> 🚌")
    page = depositor.client.get(depositor.url).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_territory_is_needed_unless_a_commune_or_i_do_not_know(depositor):
    territory = make.make_territory(name="Libournais")
    make.make_commune(name="Saint-Émilion", territory=territory)
    depositor.what()
    answer = depositor.where(territory="")
    assert answer.status_code == 422
    assert "Choisissez un territoire dans la liste" in answer.text
    assert depositor.where(territory="", commune="st emilion").status_code == 302
    row = Contribution.objects.get()
    assert (row.commune.name, row.territory) == ("Saint-Émilion", territory)


def test_homonyms_are_chosen_among_and_an_unknown_commune_gets_its_neighbours(depositor):
    north, south = make.make_commune(name="Saint-Côme"), make.make_commune(name="Saint Come")
    make.make_commune(name="Bazas")
    depositor.what()
    answer = depositor.where(commune="saint-come")
    assert answer.status_code == 422
    assert answer.text.count('name="commune_code"') == 2
    assert depositor.where(commune="saint-come", commune_code=south.pk).status_code == 302
    assert Contribution.objects.get().commune == south != north
    answer = depositor.where(commune="Basaz")
    assert answer.status_code == 422
    assert "Bazas" in answer.text
    assert 'value="Basaz"' in answer.text


def test_two_themes_are_kept_and_twice_the_same_is_one(depositor):
    one, two = make.make_theme(code="un"), make.make_theme(code="deux")
    depositor.what()
    depositor.where(theme="un", second_theme="deux")
    row = Contribution.objects.get()
    assert (row.theme, row.second_theme) == (one, two)
    depositor.where(theme="un", second_theme="un")
    row.refresh_from_db()
    assert (row.theme, row.second_theme) == (one, None)


def test_the_suggested_theme_is_chosen_beforehand_and_can_be_changed(depositor):
    make.make_theme(code="bus", name="Mobilité", keywords=["bus"])
    make.make_theme(code="alimentaire", name="Alimentaire", keywords=["cantine", "producteur"])
    depositor.what()
    page = depositor.client.get(depositor.url + "?etape=2").text
    assert '<option value="alimentaire" selected>' in page
    assert "Suggestion automatique, d’après votre texte" in page
    assert "cantines, producteurs" in page
    assert Contribution.objects.get().theme is None
    depositor.where(theme="")
    assert Contribution.objects.get().theme is None


# The code ---------------------------------------------------------------------
def test_a_wrong_code_is_counted_and_after_five_even_the_right_one_is_refused(depositor):
    depositor.up_to_code()
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"
    said = [depositor.code(wrong).text for _n in range(5)]
    assert "Il reste 4 essais" in said[0].replace("\xa0", " ")
    assert "Cinq essais ont été faits" in said[4]
    assert depositor.code(right).status_code == 422
    assert Contribution.objects.get().stage == Stage.DRAFT
    depositor.client.post(depositor.url + "code/", {"renvoyer": "1"})
    assert depositor.code(mailed_code()).status_code == 302


def test_a_code_ends_after_thirty_minutes_and_a_new_one_ends_the_old_one(depositor):
    depositor.up_to_code()
    first = mailed_code()
    depositor.client.post(depositor.url + "code/", {"renvoyer": "1"})
    second = mailed_code()
    if first != second:
        assert depositor.code(first).status_code == 422
    AddressProof.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "demandez-en un nouveau" in depositor.code(second).text
    assert Contribution.objects.get().stage == Stage.DRAFT


def test_another_address_has_to_be_proven_anew(depositor):
    depositor.up_to_code()
    code = mailed_code()
    depositor.who(author_email="victime@habitant.example")
    assert depositor.code(code).status_code == 422
    assert Contribution.objects.get().stage == Stage.DRAFT


def test_codes_are_limited_by_address_and_nothing_is_lost(depositor):
    depositor.up_to_code()
    answers = [depositor.who() for _n in range(6)]
    assert answers[-1].status_code == 429
    assert "Votre texte est gardé" in answers[-1].text
    assert Letter.objects.filter(kind="contributions.code").count() == 6
    assert Contribution.objects.get().stage == Stage.DRAFT


def test_the_draft_of_another_is_never_opened(depositor, campaign):
    depositor.what(title="Mon secret")
    stranger = Depositor(campaign)
    assert "Mon secret" not in stranger.client.get(stranger.url).text
    assert stranger.client.get(stranger.url + "?etape=3").url == stranger.url


def test_a_signed_in_person_finds_their_draft_on_another_device(campaign):
    person = make.make_person()
    first, second = Client(), Client()
    first.force_login(person)
    second.force_login(person)
    Depositor(campaign, first).what(title="Commencée au bureau")
    assert "Commencée au bureau" in second.get(f"/contributions/deposer/{campaign.slug}/").text
    assert "Commencée au bureau" in second.get("/contributions/les-miennes/").text


# Spam -------------------------------------------------------------------------
def test_a_robot_that_fills_in_everything_or_too_fast_is_refused_with_words(depositor, monkeypatch):
    assert depositor.what(website="http://spam.example").status_code == 422
    monkeypatch.setattr(deposit_limits, "LEAST_SECONDS", 2)
    answer = depositor.what(title="Vite")
    assert answer.status_code == 422
    assert "revenu trop vite" in answer.text
    assert "Vite" in answer.text
    assert depositor.what(opened="").status_code == 422
    assert not Contribution.objects.exists()


def test_a_machine_that_starts_too_many_drafts_waits(campaign, monkeypatch):
    monkeypatch.setitem(deposit_limits.LIMITS, "draft", ((2, 3600), (2, 3600)))
    codes = [Depositor(campaign).what().status_code for _n in range(3)]
    assert codes == [302, 302, 429]


# Campaigns --------------------------------------------------------------------
def test_one_open_campaign_is_opened_at_once_and_none_says_what_comes_next(client, campaign):
    assert client.get("/contributions/deposer/").url == "/contributions/deposer/2017/"
    make.make_campaign(opens_on=campaign.opens_on, title="La seconde")
    assert "La seconde" in client.get("/contributions/deposer/").text
    type(campaign).objects.update(closes_on=timezone.now().date() - timedelta(days=1))
    page = client.get("/contributions/deposer/").text
    assert "Aucune campagne n’est ouverte" in page
    assert "Rien ne peut plus y être déposé" in client.get("/contributions/deposer/2017/").text


def test_a_campaign_closed_on_the_way_keeps_the_draft(depositor, campaign):
    depositor.up_to_code()
    type(campaign).objects.update(closes_on=timezone.now().date() - timedelta(days=1))
    answer = depositor.code(mailed_code())
    assert answer.status_code == 422
    assert "n’est plus ouverte" in answer.text
    assert Contribution.objects.get().stage == Stage.DRAFT


def test_the_campaign_of_some_territories_takes_no_other(depositor, campaign):
    inside, outside = make.make_territory(code="dedans"), make.make_territory(code="dehors")
    make.make_commune(name="Ailleurs", territory=outside)
    campaign.territories.add(inside)
    depositor.what()
    assert "ne concerne pas le territoire" in depositor.where(territory="dedans", commune="Ailleurs").text
    assert depositor.where(territory="dehors").status_code == 422
    assert depositor.where(territory="dedans").status_code == 302


def test_the_register_holds_no_word_of_the_author(depositor):
    depositor.up_to_code()
    depositor.code(mailed_code())
    facts = " ".join(str(entry.facts) for entry in Entry.objects.filter(act__startswith="contributions."))
    assert "cantines" not in facts
    assert "anne@" not in facts
    assert Entry.objects.filter(act="contributions.send_draft", stage_from="draft", stage_to="received").count() == 1
