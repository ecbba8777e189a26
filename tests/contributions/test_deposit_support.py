"""What resembles a text, and supporting it rather than writing again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from dialogue.contributions import deposit_limits, likeness
from dialogue.contributions.models import Contribution, Support
from dialogue.mailer.models import Letter
from tests import factories as make
from tests.contributions.test_deposit import Depositor, mailed_code

pytestmark = pytest.mark.django_db
TEXT = "Une camionnette partagée le mercredi livrerait les légumes des producteurs aux petites cantines."


@pytest.fixture
def near(db: Any) -> Contribution:
    make.make_department()
    campaign = make.make_campaign(slug="2017", opens_on=timezone.now().date() - timedelta(days=10))
    for n in range(5):
        make.make_contribution(campaign=campaign, title=f"Des bancs {n}", text="Au bord du fleuve, pour s’asseoir.")
    return make.make_contribution(
        campaign=campaign,
        title="Livrer les cantines",
        text="Les producteurs de légumes cherchent une camionnette pour les cantines.",
    )


def test_what_resembles_comes_first_and_only_what_the_reader_may_read(near):
    hidden = make.make_contribution(circle="partners", campaign=near.campaign, title="Camionnette", text=TEXT)
    visitor = AnonymousUser()
    assert likeness.similar(TEXT, visitor) == [near]
    assert likeness.similar(TEXT, make.make_person())[0] == hidden
    assert likeness.similar(TEXT, visitor, but=near) == []
    assert likeness.similar("", visitor) == likeness.similar("zzz qqq", visitor) == []


def test_a_text_that_many_sent_is_shown_once(near):
    for place in ("Bazas", "Langon", "Salles"):
        make.make_contribution(campaign=near.campaign, title="Livrer les cantines", text=f"{near.text} À {place} aussi.")
    other = make.make_contribution(
        campaign=near.campaign, title="Une légumerie", text="Éplucher ensemble les légumes des cantines, et livrer avec une camionnette."
    )
    found = likeness.similar(TEXT, AnonymousUser())
    assert len(found) == 2
    assert other in found


def test_keywords_suggest_a_theme_with_the_words_as_written_while_there_is_no_model(db):
    food = make.make_theme(code="alimentaire", keywords=["cantine", "légume", "circuit court"])
    make.make_theme(code="mobilite", keywords=["camionnette", "bus"])
    guesses = likeness.suggest_theme("Les cantines cherchent des légumes, en circuit court, avec une camionnette.")
    assert [guess.theme.code for guess in guesses] == ["alimentaire", "mobilite"]
    assert guesses[0].theme == food
    assert guesses[0].words == ("cantines", "légumes", "circuit", "court")
    assert 0 < guesses[1].confidence < guesses[0].confidence < 1
    assert likeness.suggest_theme("Rien de connu.") == likeness.suggest_theme(" ") == []


def test_a_model_that_cannot_be_read_leaves_the_keywords(db):
    from dialogue.contributions.models import TrainedModel

    make.make_theme(code="alimentaire", keywords=["cantine"])
    TrainedModel.objects.create(run=make.make_run(), data=b"autre chose")
    assert [guess.theme.code for guess in likeness.suggest_theme("La cantine")] == ["alimentaire"]


def test_before_sending_one_sees_what_resembles_and_supports_it_with_a_code(near):
    depositor = Depositor(near.campaign)
    depositor.what(text=TEXT)
    answer = depositor.where()
    assert answer.url.endswith("?etape=proches")
    page = depositor.client.get(answer.url).text
    assert "Soutenir celle-ci" in page
    assert "Envoyer quand même la mienne" in page
    door = f"/contributions/soutenir/{near.number}/"
    fields = {
        "opened": deposit_limits.opened_now(),
        "organisation_name": "Club des aînés",
        "author_email": "club@habitant.example",
    }
    assert depositor.client.post(door, fields).url == door + "code/"
    support = Support.objects.get()
    assert support.confirmed_at is None
    assert depositor.client.post(door + "code/", {"code": mailed_code()}).url == door
    support.refresh_from_db()
    assert support.confirmed_at is not None
    page = depositor.client.get(door).text
    assert "Votre soutien est noté" in page
    assert "Effacer mon brouillon" in page
    again = Depositor(near.campaign).client.post(door, fields | {"author_email": "autre@habitant.example"})
    assert again.status_code == 422
    assert "soutenez déjà" in again.text


def test_a_known_person_supports_at_once_for_an_organisation_of_theirs(client, near):
    mandate = make.make_mandate()
    client.force_login(mandate.person)
    door = f"/contributions/soutenir/{near.number}/"
    fields = {"opened": deposit_limits.opened_now(), "organisation": mandate.organisation.pk}
    assert client.post(door, fields).url == door
    support = Support.objects.get()
    assert (support.organisation, support.person, support.confirmed_at is None) == (mandate.organisation, mandate.person, False)
    assert Letter.objects.get().subject == f"Votre soutien est noté : {near.title}"
    assert client.post(door, fields | {"organisation": make.make_organisation().pk}).status_code == 422


def test_a_stranger_does_not_learn_whether_an_address_supports(client, near):
    door = f"/contributions/soutenir/{near.number}/"
    fields = {"opened": deposit_limits.opened_now(), "author_email": "anne@habitant.example"}
    client.post(door, fields)
    client.post(door + "code/", {"code": mailed_code()})
    stranger = Depositor(near.campaign).client
    assert stranger.post(door, fields).status_code == 302
    assert Support.objects.count() == 1
    assert "Votre soutien est noté" not in stranger.get(door + "code/").text


def test_one_does_not_support_oneself_nor_what_one_may_not_read(client, near):
    door = f"/contributions/soutenir/{near.number}/"
    Contribution.objects.filter(pk=near.pk).update(author_email="moi@habitant.example")
    from dialogue.contributions.authors import author_key

    Contribution.objects.filter(pk=near.pk).update(author_key=author_key(email="moi@habitant.example"))
    fields = {"opened": deposit_limits.opened_now(), "author_email": "moi@habitant.example"}
    assert "C’est votre propre contribution" in client.post(door, fields).text
    Contribution.objects.filter(pk=near.pk).update(circle="partners")
    assert client.get(door).status_code == 404


def test_hints_are_a_piece_of_page_that_keeps_nothing(client, near):
    make.make_theme(code="alimentaire", name="Alimentaire", keywords=["cantine"])
    answer = client.post("/contributions/deposer/2017/indices/", {"title": "Les cantines", "text": TEXT})
    assert "le thème serait : Alimentaire" in answer.text.replace("\xa0", " ")
    assert "Livrer les cantines" in answer.text
    assert not Contribution.objects.filter(stage="draft").exists()


def test_communes_complete_what_is_typed(client):
    make.make_commune(name="Saint-Émilion")
    make.make_commune(name="Libourne")
    page = client.get("/contributions/communes/?q=st em", headers={"x-requested-with": "deposit"}).text
    assert re.findall(r'value="([^"]+)"', page) == ["Saint-Émilion"]
    assert client.get("/contributions/communes/", headers={"x-requested-with": "deposit"}).text.strip() == ""
    assert client.get("/contributions/communes/").status_code == 404
