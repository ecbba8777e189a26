"""French says the singular for zero, English the plural."""

from django.utils import translation
from django.utils.translation import ngettext


def test_zero_is_singular_in_french_and_plural_in_english():
    said = "%(n)d demande pour rejoindre un groupe", "%(n)d demandes pour rejoindre un groupe"
    with translation.override("fr"):
        assert [ngettext(*said, n) % {"n": n} for n in (0, 1, 2)] == [
            "0 demande pour rejoindre un groupe",
            "1 demande pour rejoindre un groupe",
            "2 demandes pour rejoindre un groupe",
        ]
    with translation.override("en"):
        assert [ngettext(*said, n) % {"n": n} for n in (0, 1, 2)] == [
            "0 requests to join a group",
            "1 request to join a group",
            "2 requests to join a group",
        ]
