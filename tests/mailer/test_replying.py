"""The signed addresses of replies."""

import pytest

from dialogue.mailer import replying
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_an_address_says_who_may_speak_and_about_what():
    person = make_person()
    address = replying.address(person, "thread", 12)
    assert replying.read(address) == replying.Target(person.pk, "thread", 12)
    assert replying.read(replying.address(person, "meeting", 2**40)) == replying.Target(person.pk, "meeting", 2**40)


def test_a_server_that_changes_the_case_changes_nothing():
    person = make_person()
    assert replying.read(replying.address(person, "thread", 12).upper()) == replying.Target(person.pk, "thread", 12)


def test_the_local_part_is_short_enough_for_every_server():
    local = replying.address(make_person(), "thread", 2**63).partition("@")[0]
    assert len(local) <= 64


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("reply+", "reply+a"),
        lambda a: a[:-20] + ("b" if a[-20] == "a" else "a") + a[-19:],
        lambda _a: "reply+@x",
    ],
)
def test_an_address_that_was_touched_is_nobodys(change):
    assert replying.read(change(replying.address(make_person(), "thread", 12))) is None


def test_an_address_of_another_domain_is_nobodys():
    address = replying.address(make_person(), "thread", 12)
    assert replying.read(address.partition("@")[0] + "@ailleurs.example") is None


def test_a_replaced_key_still_reads_the_old_addresses(settings):
    address = replying.address(make_person(), "thread", 12)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une autre clé"
    assert replying.read(address) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert replying.read(address) is None
