import io
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from dialogue.formats import tables
from dialogue.formats.xlsx import rows


def book(header, lines, **more):
    return load_workbook(io.BytesIO(b"".join(rows(header, lines, **more))))


def cells(*values):
    return book([f"c{n}" for n in range(len(values))], [values]).active[2]


def test_a_workbook_opens_on_a_heading_in_bold_that_stays_in_sight():
    page = book(["Titre", "Déposée le"], [["x" * 300, date(2016, 11, 14)]], sheet="Contributions [2016]/1").active
    assert page.title == "Contributions  2016  1"
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == ["Titre", "Déposée le"]
    assert all(cell.font.bold for cell in page[1])
    assert [page.column_dimensions[letter].width for letter in "AB"] == [60, 12]


def test_values_keep_their_kind():
    moment = datetime.fromisoformat("2016-11-14T18:05")
    found = cells(None, 3, 2.5, True, date(2016, 11, 14), moment, moment.replace(tzinfo=UTC), time(18, 5), float("nan"), "Élu")
    assert [cell.value for cell in found] == [
        None,
        3,
        2.5,
        True,
        datetime.fromisoformat("2016-11-14"),
        moment,
        moment,
        time(18, 5),
        None,
        "Élu",
    ]
    assert [cell.number_format for cell in found[4:6]] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


@pytest.mark.parametrize("text", ["=1+1", "+33 5 56", "-3", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", "#N/A", "＝1"])
def test_a_text_is_never_a_formula(text):
    (found,) = cells(text)
    assert (found.value, found.data_type, found.quotePrefix) == (text, "s", True)


def test_a_heading_is_never_a_formula():
    found = book(["=1+1"], []).active["A1"]
    assert (found.value, found.data_type) == ("=1+1", "s")


def test_signs_that_xml_refuses_go_and_a_long_text_is_cut():
    found = cells("a\x00b\x0bc\ud800d\uffff", "x" * 40_000, "y" * 32_767)
    assert found[0].value == "abcd"
    assert (len(found[1].value), found[1].value[-2:]) == (32_767, "x…")
    assert found[2].value == "y" * 32_767


def test_a_day_before_excel_s_first_is_a_text():
    assert cells(date(1789, 7, 14))[0].value == "1789-07-14"


def test_a_line_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 cells under 1 headings"):
        list(rows(["a"], [["x", "y"]]))


texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\ufffe\uffff"), min_size=1, max_size=20
)


@settings(max_examples=30)
@given(st.lists(st.lists(texts | st.just("_x0041_") | st.integers(-9999, 9999), min_size=2, max_size=2), max_size=4))
def test_what_we_write_is_what_we_read(lines):
    file = io.BytesIO(b"".join(rows(["un", "deux"], lines)))
    expected = [[str(value).strip() for value in line] for line in lines]
    expected = [
        [
            cell[1:].strip() if cell.startswith("'") and cell[1:].lstrip(" \u00a0").startswith(tuple("=+-@＝＋－＠")) else cell
            for cell in line
        ]
        for line in expected
    ]
    assert [row.cells for row in tables.read(file, tables.detect(file))] == [line for line in expected if any(line)]
