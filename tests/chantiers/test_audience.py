"""Letters that waited while their reader left the group; addresses of the group that refuse our mail."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from dialogue.chantiers.models import Follow, Representative
from dialogue.mailer import outbox
from dialogue.mailer.audience import may_still_receive
from dialogue.mailer.models import Suspension
from tests import factories as make

pytestmark = pytest.mark.django_db


def letter_to(person, chantier, kind="chantiers.group_changes"):
    return outbox.send(
        kind, person, subject="Nouvelle", template="people/mail/office_changed", context={"office": "x"}, now=make.NOW,
        space=chantier.ledger_space,
    )  # fmt: skip


def leave(person):
    Representative.objects.filter(person=person).update(until=date(2026, 12, 1))


@pytest.fixture
def group():
    chantier = make.make_chantier()
    return chantier, make.make_member(chantier).person


def test_who_left_since_gets_nothing_more_of_the_group(group):
    chantier, person = group
    letter = letter_to(person, chantier)
    assert may_still_receive(letter)
    leave(person)
    assert not may_still_receive(letter)


def test_who_left_and_follows_gets_the_public_news_alone(group):
    chantier, person = group
    letters = [letter_to(person, chantier, kind) for kind in ("chantiers.group_changes", "chantiers.life")]
    leave(person)
    Follow.objects.create(chantier=chantier, person=person)
    assert [may_still_receive(letter) for letter in letters] == [False, True]


def test_what_tells_the_leaving_itself_still_leaves(group):
    chantier, person = group
    letter = letter_to(person, chantier, "chantiers.membership")
    leave(person)
    assert may_still_receive(letter)


def test_who_was_never_in_the_group_and_the_coordination_are_not_concerned(group):
    chantier, _person = group
    assert may_still_receive(letter_to(make.make_person(), chantier))
    coordinator = make.make_coordinator()
    assert may_still_receive(letter_to(coordinator, chantier))


def test_who_leads_the_group_sees_the_addresses_that_refuse_and_lifts_them(group, client_for):
    chantier, person = group
    lead = make.make_member(chantier, role="lead").person
    refused = Suspension.objects.create(address=person.email.lower(), reason="550 5.1.1 parti")
    url = reverse("chantiers:members", args=[chantier.slug])
    assert "Cette adresse refuse nos courriels" not in client_for(person).get(url).content.decode()
    client = client_for(lead)
    assert "Cette adresse refuse nos courriels" in client.get(url).content.decode()
    answer = client.post(reverse("mailer:lift", args=[refused.pk]), {"suite": url})
    assert (answer.status_code, answer.url, Suspension.objects.count()) == (302, url, 0)


def test_nobody_else_lifts_it_and_the_answer_goes_nowhere_else(group, client_for):
    _chantier, person = group
    refused = Suspension.objects.create(address=person.email.lower())
    lift = reverse("mailer:lift", args=[refused.pk])
    assert client_for(make.make_person()).post(lift).status_code == 404
    answer = client_for(make.make_coordinator()).post(lift, {"suite": "https://mal.example/"})
    assert (answer.status_code, answer.url) == (302, reverse("mailer:failures"))
