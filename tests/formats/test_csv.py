import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.formats.csv import FORMULA, cell, rows


def read(document: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_opens_in_a_french_spreadsheet():
    document = b"".join(rows(["Titre", "Date"], [["Circuits courts ; cantines", date(2017, 11, 6)]]))
    assert document == '\ufeffTitre;Date\r\n"Circuits courts ; cantines";2017-11-06\r\n'.encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "1"),
        (-3, "-3"),
        (2.5, "2.5"),
        (datetime(2017, 11, 6, 9, 0, tzinfo=UTC), "2017-11-06T09:00:00+00:00"),
        ("=1+1", "'=1+1"),
        ("-3", "'-3"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("Élu", "Élu"),
    ],
)
def test_a_value_is_written_as(value, written):
    assert cell(value) == written


def test_lines_come_one_by_one():
    def endless():
        while True:
            yield ["x"]

    found = rows(["a"], endless())
    assert [next(found) for _ in range(3)] == [b"\xef\xbb\xbf", b"a\r\n", b"x\r\n"]


def test_a_line_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 cells under 1 headings"):
        list(rows(["a"], [["x", "y"]]))


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30), min_size=2, max_size=2))
def test_no_text_becomes_a_formula_and_none_is_lost(values):
    table = read(b"".join(rows(["a", "b"], [values])))
    assert len(table) == 2
    for given_text, found in zip(values, table[1], strict=True):
        assert not found.startswith(FORMULA)
        assert found.removeprefix("'") == given_text.replace("\x00", "").removeprefix("'")
