"""Addresses that refuse our mail: at once when the mailbox is gone, the third time when it is full."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.ledger.acts import SYSTEM, NotAllowed
from dialogue.mailer import acts
from dialogue.mailer.models import SoftBounce, Suspension
from dialogue.mailer.tasks import forget_old_letters
from tests import factories as make
from tests.mailer.letters import queue

pytestmark = pytest.mark.django_db
ADDRESS = "pleine@partenaire.example"


def note(status: str, *, days: int = 0, address: str = ADDRESS):
    return acts.note_bounce(by=SYSTEM, now=make.NOW + timedelta(days=days), address=address, status=status, reason="mailbox")


def test_a_mailbox_that_is_gone_is_suspended_at_once():
    assert note("5.1.1", address="Partie@Partenaire.example").reason == "5.1.1 mailbox"
    assert Suspension.objects.get().address == "partie@partenaire.example"
    assert queue(make.make_person(email="partie@partenaire.example")) is None


def test_a_full_mailbox_is_suspended_the_third_time_in_ten_days():
    assert [note("4.2.2"), note("5.2.2", days=5)] == [None, None]
    assert note("4.2.2", days=9).address == ADDRESS


def test_refusals_far_apart_suspend_nothing():
    assert [note("4.2.2", days=days) for days in (0, 6, 12, 18)] == [None] * 4


@pytest.mark.parametrize("status", ["5.7.1", "5.2.3", "5.3.4", "5.6.1", "2.0.0", ""])
def test_what_speaks_of_us_or_of_nothing_counts_for_nothing(status):
    assert [note(status) for _ in range(4)] == [None] * 4
    assert not SoftBounce.objects.exists()


def test_lifting_forgets_past_refusals():
    for _ in range(3):
        note("4.2.2")
    acts.lift_suspension(Suspension.objects.get(), by=make.make_coordinator(), now=make.NOW)
    assert (Suspension.objects.count(), SoftBounce.objects.count()) == (0, 0)


def test_refusals_too_old_to_count_are_not_kept():
    note("4.2.2")
    forget_old_letters(make.NOW + timedelta(days=11))
    assert not SoftBounce.objects.exists()


def test_only_the_platform_notes_them():
    with pytest.raises(NotAllowed):
        acts.note_bounce(by=make.make_coordinator(), now=make.NOW, address=ADDRESS, status="5.1.1")


def test_a_person_may_have_their_own_address_written_to_again_and_no_other():
    person = make.make_person(email=ADDRESS)
    mine, other = note("5.2.1"), note("5.1.1", address="autre@partenaire.example")
    acts.lift_suspension(mine, by=person, now=make.NOW)
    with pytest.raises(NotAllowed):
        acts.lift_suspension(other, by=person, now=make.NOW)
