"""What a person wrote, apart from what their mail reader added."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogue.language.mail import split_reply, text_of_html
from dialogue.language.mime import read
from tests.mails.cases import CASES, HELD_OUT, Case

WORDS = re.compile(r"\w+")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_new_text_is_found_exactly(case: Case):
    assert split_reply(read(case.raw()).text).new == case.new


@pytest.mark.parametrize("case", [*CASES, *HELD_OUT], ids=lambda case: case.name)
def test_every_word_of_the_mail_stays_somewhere(case: Case):
    text = read(case.raw()).text
    split = split_reply(text)
    assert sorted(WORDS.findall(text)) == sorted(WORDS.findall(f"{split.new}\n{split.folded}"))


def test_the_rules_hold_on_mails_that_they_were_not_written_for():
    exact = [case.name for case in HELD_OUT if split_reply(read(case.raw()).text).new == case.new]
    assert len(exact) >= 9, sorted({case.name for case in HELD_OUT} - set(exact))


@given(st.text(max_size=300))
@example("> \n>")
@example("--\n")
def test_no_word_of_any_text_is_lost(text):
    split = split_reply(text)
    assert sorted(WORDS.findall(text)) == sorted(WORDS.findall(f"{split.new}\n{split.folded}"))


@given(st.text(alphabet="<>/=\"' abdivspantblockquoteltype!-&;#x0\n", max_size=200))
def test_no_html_breaks_the_reader(html):
    assert isinstance(text_of_html(html), str)
