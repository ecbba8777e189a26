"""What a contribution is, who reads it, and what the database refuses."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from dialogue.contributions.authors import author_key, shown_name
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import Naming, Stage
from dialogue.fulltext.query import parse
from tests import factories as make

pytestmark = pytest.mark.django_db


def seen(reader):
    return set(Contribution.objects.visible_to(reader).values_list("number", flat=True))


def test_each_reads_what_is_published_in_their_circle_and_what_they_wrote():
    anonymous = AnonymousUser()
    author, partner, coordinator = make.make_person(), make.make_person(), make.make_coordinator()
    public = make.make_contribution()
    partners = make.make_contribution(circle="partners")
    unconsented = make.make_contribution(circle="group", may_publish=False)
    waiting = make.make_contribution(is_published=False, stage=Stage.RECEIVED, person=author)
    draft = make.make_contribution(is_published=False, stage=Stage.DRAFT, person=author)
    everything = {row.number for row in (public, partners, unconsented, waiting)}
    assert seen(anonymous) == {public.number}
    assert seen(partner) == {public.number, partners.number}
    assert seen(author) == {public.number, partners.number, waiting.number, draft.number}
    assert seen(coordinator) == everything
    for reader in (anonymous, author, partner, coordinator):
        assert {row.number for row in Contribution.objects.all() if row.readable_by(reader)} == seen(reader)


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "merged"},
        {"stage": "inadmissible", "is_published": False},
        {"stage": "answered"},
        {"stage": "withdrawn"},
        {"may_publish": False},
        {"received_at": None},
        {"theme_source": "agent"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(fields):
    row = make.make_contribution()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=row.pk).update(**fields)


def test_a_contribution_is_found_whatever_the_accents_plurals_and_elisions():
    row = make.make_contribution(title="Une légumerie partagée", text="Nous préparons l’ouverture d’un atelier à Langon.")
    make.make_contribution(title="Des bus le soir")
    for typed in ("legumeries", "« légumerie partagée »", "ateliers langon", "l'atelier -bus"):
        assert list(Contribution.objects.matching(parse(typed))) == [row], typed


def test_two_texts_of_one_address_have_one_author():
    assert author_key(email="Anne@habitant.example ") == author_key(email="anne@habitant.example", name="Autre")
    assert author_key(organisation_name="Club des aînés") == author_key(organisation_name="CLUB DES AINES")
    assert author_key(else_="1") != author_key(else_="2")


def test_the_shown_name_is_the_one_that_was_chosen():
    assert shown_name(Naming.ORGANISATION, organisation_name="Amicale laïque", name="Anne") == "Amicale laïque"
    assert shown_name(Naming.NAME, organisation_name="Amicale laïque", name="Anne") == "Anne"
    assert shown_name(Naming.ANONYMOUS, organisation_name="Amicale laïque", name="Anne") == ""
