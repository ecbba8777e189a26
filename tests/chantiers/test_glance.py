"""« Voir comme » : less than one's own eyes, never more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from dialogue.chantiers.glance import VISITORS, glance_for
from dialogue.chantiers.models import Cooperation, Representative, groups_of
from dialogue.chantiers.stages import Role
from dialogue.ledger.acts import REGISTRY, NotAllowed
from dialogue.people.stages import Circle
from tests.factories import TODAY, make_chantier, make_coordinator, make_member, make_newcomer, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.LEAD, Role.SPONSOR])
def test_those_who_answer_for_the_chantier_may_look(role):
    chantier = make_chantier()
    assert glance_for(make_member(chantier, role=role).person, chantier, "public").is_partner is False


def test_nobody_else_may():
    chantier = make_chantier()
    others = [
        AnonymousUser(),
        make_newcomer(),
        make_person(),
        make_member(chantier).person,
        make_member(make_chantier(), role=Role.LEAD).person,
    ]
    for person in others:
        with pytest.raises(NotAllowed):
            glance_for(person, chantier, "public")


def test_each_visitor_reads_their_circle_of_this_chantier_and_of_no_other():
    chantier, other = make_chantier(), make_chantier()
    for owner in (chantier, other):
        for circle in Circle:
            Cooperation.objects.create(chantier=owner, title=f"{owner.pk} {circle}", since=TODAY, circle=circle)
    coordinator = make_coordinator()
    seen = {
        visitor: sorted(Cooperation.objects.visible_to(glance_for(coordinator, chantier, visitor)).values_list("title", flat=True))
        for visitor in VISITORS
    }
    public = [f"{chantier.pk} public", f"{other.pk} public"]
    partner = [*public, f"{chantier.pk} partners", f"{other.pk} partners"]
    assert seen == {
        "public": sorted(public),
        "partenaire": sorted(partner),
        "membre": sorted([*partner, f"{chantier.pk} group"]),
    }


def test_an_imagined_member_is_in_the_group_and_reads_its_people_but_may_do_nothing():
    chantier = make_chantier()
    make_member(chantier)
    reader = glance_for(make_coordinator(), chantier, "membre")
    assert groups_of(reader) == {chantier.pk}
    assert Representative.objects.visible_to(reader).count() == 1
    member = chantier.members.get()
    for name, act in REGISTRY.items():
        if name.startswith("chantiers."):
            for thing in (chantier, member):
                try:
                    allowed = act.allows(reader, thing)
                except AttributeError:  # an act upon something else
                    continue
                assert not allowed, name


def test_a_made_up_visitor_is_a_key_error():
    chantier = make_chantier()
    with pytest.raises(KeyError):
        glance_for(make_coordinator(), chantier, "coordination")
