"""What a chantier keeps of the assembly's work is recorded once, by whoever may; the propositions say the rest (tests/assembly)."""

from datetime import date

import pytest

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Role, Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from tests.factories import NOW, make_chantier, make_coordinator, make_member, make_secretary

pytestmark = pytest.mark.django_db


def test_whoever_answers_for_a_chantier_records_no_vote():
    chantier = make_chantier(stage=Stage.DELIVERED)
    lead = make_member(chantier, role=Role.LEAD).person
    with pytest.raises(NotAllowed):
        life.record_tabling(chantier, by=lead, now=NOW, tabled_on=date(2017, 10, 16))


def test_two_secretaries_cannot_record_two_outcomes_from_pages_opened_at_the_same_time():
    secretary, chantier = make_secretary(), make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 10, 16))
    read_before = [Chantier.objects.get(pk=chantier.pk) for _copy in range(3)]
    life.record_pact_entry(read_before[0], by=secretary, now=NOW, in_pact_on=date(2017, 10, 30))
    with pytest.raises(Refused, match="déjà enregistrée"):
        life.record_no_follow_up(read_before[1], by=secretary, now=NOW, no_follow_up_on=date(2017, 10, 31))
    with pytest.raises(Refused, match="déjà transmises"):
        life.record_tabling(read_before[2], by=secretary, now=NOW, tabled_on=date(2017, 10, 17))
    chantier.refresh_from_db()
    assert (chantier.tabled_on, chantier.in_pact_on, chantier.no_follow_up_on) == (date(2017, 10, 16), date(2017, 10, 30), None)


def test_a_chantier_said_without_follow_up_by_mistake_has_one_again():
    chantier = make_chantier(stage=Stage.DELIVERED, tabled_on=date(2017, 10, 16))
    life.record_no_follow_up(chantier, by=SYSTEM, now=NOW, no_follow_up_on=date(2017, 10, 30))
    with pytest.raises(NotAllowed):
        life.cancel_no_follow_up(chantier, by=make_coordinator(), now=NOW)
    life.cancel_no_follow_up(chantier, by=SYSTEM, now=NOW)
    chantier.refresh_from_db()
    assert chantier.no_follow_up_on is None
