"""Plain text as people write it."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.language.paragraphs import Bullets, Paragraph, parse


def test_a_blank_line_parts_two_paragraphs_and_a_line_break_stays():
    assert parse("Bonjour,\nà demain.\n\nMerci.") == [Paragraph(("Bonjour,", "à demain.")), Paragraph(("Merci.",))]


def test_lines_that_begin_with_a_dash_are_a_list():
    assert parse("Il faut :\n- du pain\n– des pommes\nMerci") == [
        Paragraph(("Il faut :",)),
        Bullets(("du pain", "des pommes")),
        Paragraph(("Merci",)),
    ]


def test_an_empty_text_has_no_block():
    assert parse(" \r\n \r\n") == []


@given(st.text(alphabet="ab -\n\r•", max_size=60))
def test_no_letter_is_lost(text):
    kept = "".join("".join(block.lines if isinstance(block, Paragraph) else block.entries) for block in parse(text))
    assert [c for c in kept if c in "ab"] == [c for c in text if c in "ab"]
