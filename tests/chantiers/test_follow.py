"""Following a chantier from outside."""

from __future__ import annotations

import pytest

from dialogue.chantiers.acts import demands as acts
from dialogue.chantiers.models import Follow
from dialogue.ledger.acts import NotAllowed
from dialogue.people.stages import AccountStage, Circle
from tests.factories import NOW, make_chantier, make_newcomer, make_person

pytestmark = pytest.mark.django_db


def test_following_twice_is_following_once_and_one_stops_at_will():
    chantier, person = make_chantier(), make_person()
    acts.follow(chantier, by=person, now=NOW)
    acts.follow(chantier, by=person, now=NOW)
    assert Follow.objects.count() == 1
    acts.unfollow(chantier, by=person, now=NOW)
    acts.unfollow(chantier, by=person, now=NOW)
    assert Follow.objects.count() == 0


def test_one_follows_only_what_one_may_read():
    chantier = make_chantier(circle=Circle.PARTNERS)
    for person in (make_newcomer(), make_person(stage=AccountStage.REFUSED)):
        with pytest.raises(NotAllowed):
            acts.follow(chantier, by=person, now=NOW)


def test_the_page_follows_by_post_and_never_by_get(client_for):
    chantier, person = make_chantier(), make_newcomer()
    url, client = f"/chantiers/{chantier.slug}/suivre/", client_for(person)
    assert "Suivre ce chantier" in client.get(url).content.decode()
    assert Follow.objects.count() == 0
    assert client.post(url)["Location"] == f"/chantiers/{chantier.slug}/"
    assert Follow.objects.get().person == person
    assert "Ne plus suivre ce chantier" in client.get(url).content.decode()
    client.post(url, {"stop": "1"})
    assert Follow.objects.count() == 0


def test_a_visitor_is_told_to_sign_in_and_comes_back(client):
    chantier = make_chantier()
    url = f"/chantiers/{chantier.slug}/suivre/"
    assert f"/compte/login/?next={url}" in client.get(url).content.decode()
    assert client.post(url).status_code == 403
    assert Follow.objects.count() == 0
