import contextlib
import io
import struct
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import numbers

from dialogue.formats import tables, tables_xlsx, xlsx
from dialogue.formats.tables import Problem, Row, Source, Unreadable
from tests.formats import tables_made as made


def read(file: io.BytesIO, sheet: str | None = None) -> list[Row]:
    """The heading and the rows."""
    source = tables.detect(file, "table.csv")
    return [tables.header(file, source, sheet=sheet), *tables.read(file, source, sheet=sheet)]


def refusal(file: io.BytesIO) -> tuple[str, dict]:
    with pytest.raises(Unreadable) as refused:
        read(file)
    return refused.value.code, refused.value.facts


# Excel ------------------------------------------------------------------------
def test_a_workbook_is_read_as_text():
    file = made.xlsx(
        ["Titre", "Nombre", "Part", "Jour", "Moment", "Vrai", "Rien"],
        [" Cantines ", 3.0, 0.1 + 0.2, date(2016, 11, 14), datetime.fromisoformat("2016-11-14T18:05"), True, None],
        [],
        ["=n’est pas calculé", 33, None, None, None, False],
    )
    source = tables.detect(file, "contributions.csv")
    assert source == Source("xlsx", sheets=("Sheet",))
    assert read(file)[1:] == [
        Row(2, ["Cantines", "3", "0.3", "2016-11-14", "2016-11-14T18:05:00", "oui", ""]),
        Row(4, ["", "33", "", "", "", "non", ""], (Problem("formula_without_value", 0),)),
    ]


def test_a_formula_gives_the_value_that_was_stored():
    sheet = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>texte</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><f>WEBSERVICE("http://x")</f></c></row>'
        '<row r="4"><c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B4"><v>5</v></c></row>'
    )
    assert read(made.raw_xlsx(sheet))[1:] == [
        Row(2, ["2", "texte"]),
        Row(3, ["1", ""], (Problem("formula_without_value", 1),)),
        Row(4, ["", "5"], (Problem("error_value", 0),)),
    ]


def test_codes_of_communes_keep_their_zero_and_lengths_of_time_are_hours():
    book = Workbook()
    book.active.append(["Code", "Durée", "Jour"])
    book.active.append([1004, 1.5, -5])
    for place, code in ((1, "00000"), (2, "[h]:mm:ss"), (3, numbers.FORMAT_DATE_XLSX14)):
        book.active.cell(2, place).number_format = code
    file = io.BytesIO()
    book.save(file)
    assert read(file)[1] == Row(2, ["01004", "36:00:00", "-5"], (Problem("bad_date", 2),))


def test_hidden_sheets_are_not_offered_and_a_sheet_is_chosen_by_its_name():
    book = Workbook()
    book.active.title = "Caché"
    book.active.sheet_state = "hidden"
    for name in ("Forum", "Ateliers"):
        book.create_sheet(name).append([name, "x"])
    file = io.BytesIO()
    book.save(file)
    source = tables.detect(file)
    assert source.sheets == ("Forum", "Ateliers")
    assert tables.header(file, source).cells == ["Forum", "x"]
    assert tables.header(file, source, sheet="Ateliers").cells == ["Ateliers", "x"]
    with pytest.raises(Unreadable, match="no_such_sheet"):
        tables.header(file, source, sheet="Autre")


def test_shared_texts_are_found_in_memory_and_beyond(monkeypatch):
    monkeypatch.setattr(tables_xlsx, "HELD", 20)
    file = made.xlsx(["Élu", "b"], ["un texte assez long", "fin"], ["Élu", "un texte assez long"])
    assert [row.cells for row in read(file)] == [["Élu", "b"], ["un texte assez long", "fin"], ["Élu", "un texte assez long"]]


def test_an_empty_sheet_is_empty():
    assert refusal(made.xlsx()) == ("empty", {})
    assert read(made.xlsx(["Titre", "Texte"])) == [Row(1, ["Titre", "Texte"])]


def test_a_column_too_far_is_refused():
    assert refusal(made.raw_xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>')) == ("too_many_columns", {"most": 500, "line": 1})


@pytest.mark.parametrize("number", ["99999999999999999999", "-3", "x"])
def test_a_row_number_that_lies_costs_nothing(number):
    started = time.monotonic()
    read(made.raw_xlsx(f'<row r="1"><c><v>1</v></c></row><row r="{number}"><c><v>1</v></c></row>'))
    assert time.monotonic() - started < 1


# Libre Office -----------------------------------------------------------------
def test_an_open_document_is_read_as_text():
    office = "office:value-type"
    rows = [
        made.row(*map(made.cell, ["Titre", "b", "c", "d", "e", "f", "g"])),
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>',
        made.row(
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
            "<text:p>Une<text:s text:c='2'/>ligne</text:p><text:p>et <text:span>une autre</text:span></text:p></table:table-cell>",
            f'<table:table-cell {office}="float" office:value="3"><text:p>3,00</text:p></table:table-cell>',
            f'<table:table-cell {office}="float" office:value="1004"><text:p>01004</text:p></table:table-cell>',
            f'<table:table-cell {office}="date" office:date-value="2016-11-14T18:05:00"><text:p>14/11</text:p></table:table-cell>',
            f'<table:table-cell {office}="boolean" office:boolean-value="true"><text:p>VRAI</text:p></table:table-cell>',
            f'<table:table-cell {office}="time" office:time-value="PT18H05M00S"><text:p>18:05</text:p></table:table-cell>',
            f'<table:table-cell {office}="percentage" office:value="0.25"><text:p>25 %</text:p></table:table-cell>',
        ),
        made.row(
            made.cell("x", 'table:number-columns-repeated="2"'),
            "<table:covered-table-cell/>",
            '<table:table-cell table:formula="of:=A1"/>',
            '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/D</text:p></table:table-cell>',
        ),
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>',
    ]
    file = made.ods(("Feuille1", "".join(rows)), ("Feuille2", made.row(made.cell("autre"))))
    assert tables.detect(file) == Source("ods", sheets=("Feuille1", "Feuille2"))
    assert read(file)[1:] == [
        Row(5, ["Une  ligne\net une autre", "3", "01004", "2016-11-14T18:05:00", "oui", "18:05:00", "0.25"]),
        Row(6, ["x", "x", "", "", "", "", ""], (Problem("formula_without_value", 3), Problem("error_value", 4))),
    ]
    assert [row.cells for row in read(file, "Feuille2")] == [["autre"]]


def test_a_row_said_once_stands_as_many_times_as_it_says_within_reason():
    row = '<table:table-row table:number-rows-repeated="{}"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
    assert [found.number for found in read(made.ods(("A", row.format(3))))] == [1, 2, 3]
    assert refusal(made.ods(("A", row.format(1_048_576)))) == ("bomb", {})


def test_an_open_document_under_a_password_is_said_so():
    assert refusal(made.ods(("A", ""), manifest="<m><manifest:encryption-data/></m>")) == ("password", {})


# What is no spreadsheet ---------------------------------------------------------
def test_a_bomb_is_refused_at_once_and_takes_no_memory():
    file = made.raw_xlsx("", more={"xl/media/a.bin": bytes(400_000_000)})
    tracemalloc.start()
    started = time.monotonic()
    assert refusal(file) == ("bomb", {})
    assert time.monotonic() - started < 1
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_sizes_that_lie_do_not_help():
    """The directory says 100 bytes where there are a hundred million."""
    file = made.raw_xlsx(" " * 100_000_000)
    data = bytearray(file.getvalue())
    directory = data.rindex(b"PK\x01\x02")
    assert data[directory + 46 :].startswith(b"xl/worksheets")
    data[directory + 24 : directory + 28] = struct.pack("<I", 100)
    tracemalloc.start()
    assert refusal(io.BytesIO(data)) == ("damaged", {})
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_what_unfolds_is_counted_while_it_is_read(monkeypatch):
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, 20_000))
    file = made.raw_xlsx(rows)
    source = tables.detect(file)
    monkeypatch.setattr("dialogue.formats.tables_package.Package.__init__", opened_blindly)
    monkeypatch.setattr("dialogue.formats.tables_package.LARGEST_OPEN", 200_000)
    with pytest.raises(Unreadable, match="bomb"):
        list(tables.read(file, source))


def opened_blindly(package, file):
    package._opened = 0
    package._archive = zipfile.ZipFile(file)
    package.names = set(package._archive.namelist())


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def test_entities_are_refused_in_both():
    assert refusal(made.raw_xlsx("<row><c><v>&b;</v></c></row>", before=LAUGHS)) == ("bomb", {})
    assert refusal(made.ods(("A", made.row(made.cell("&c;"))), before=LAUGHS)) == ("bomb", {})


def test_one_tag_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("dialogue.formats.tables_base.STEEPEST", 10**9)
    monkeypatch.setattr("dialogue.formats.tables_package.STEEPEST", 10**9)
    assert refusal(made.raw_xlsx(f'<row r="1"><c s="{"1" * 9_000_000}"/></row>')) == ("bomb", {})


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        (made.archive({"mimetype": "application/vnd.oasis.opendocument.text"}), ("not_a_table", {"found": "document"})),
        (made.archive({"[Content_Types].xml": "", "word/document.xml": ""}), ("not_a_table", {"found": "document"})),
        (made.archive({"lisez-moi.txt": "a;b"}), ("not_a_table", {"found": "archive"})),
        (made.archive({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ("old_xls", {})),
        (made.archive({"[Content_Types].xml": "", "xl/workbook.xml": "<workbook"}), ("damaged", {})),
        (io.BytesIO(made.xlsx(["a"]).getvalue()[:2000]), ("damaged", {})),
    ],
)
def test_other_archives_are_refused_with_a_code(file, refused):
    assert refusal(file) == refused


PIECES = [b"", b"\x00", b"9" * 6000, b"-1", b'"', b"<", b"nan", b"1e999", b"\xff", b"&x;", b"]]>", b"_xD800_"]


@given(st.sampled_from(["xlsx", "ods"]), st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(PIECES))
def test_a_damaged_spreadsheet_is_read_or_refused(kind, place, length, piece):
    whole = made.xlsx(["a", "b"], [date(2016, 11, 14), "x"]) if kind == "xlsx" else made.ods(("A", made.row(made.cell("a"))))
    entries = {}
    with zipfile.ZipFile(whole) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        place %= size
        for entry in archive.infolist():
            data = archive.read(entry)
            if 0 <= place < len(data):
                data = data[:place] + piece + data[place + length :]
            place -= entry.file_size
            entries[entry.filename] = data
    with contextlib.suppress(Unreadable):
        read(made.archive(entries))


@pytest.mark.slow
def test_two_hundred_thousand_rows_are_read_in_bounded_memory():
    file = io.BytesIO()
    xlsx.write(file, ["a", "b"], (["Une contribution", n] for n in range(200_000)))
    tracemalloc.start()
    source = tables.detect(file)
    assert sum(1 for _row in tables.read(file, source)) == 200_000
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()
