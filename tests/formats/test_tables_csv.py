import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.formats import csv, tables
from dialogue.formats.tables import Problem, Row, Source, Unreadable


def table(data: bytes) -> list[tuple[int, list[str]]]:
    """The number and cells of the heading and of each row."""
    file = io.BytesIO(data)
    source = tables.detect(file)
    return [(row.number, row.cells) for row in (tables.header(file, source), *tables.read(file, source))]


def rows(data: bytes) -> list[Row]:
    file = io.BytesIO(data)
    return list(tables.read(file, tables.detect(file)))


def source(data: bytes) -> Source:
    return tables.detect(io.BytesIO(data))


def refusal(data: bytes) -> tuple[str, dict]:
    with pytest.raises(Unreadable) as refused:
        rows(data)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        ("Titre;Coût\r\nÉcole de l’œuvre;1,5 €\r\n".encode("cp1252"), "cp1252", ";"),
        ("\ufeffTitre,Coût\nÉcole de l’œuvre,1.5 €\n".encode(), "utf-8-sig", ","),
        ("Titre\tCoût\rÉcole de l’œuvre\t1.5 €\r".encode(), "utf-8", "\t"),
        ("Titre|Coût\nÉcole de l’œuvre|1.5 €".encode("mac_roman"), "mac_roman", "|"),
        ("Titre\tCoût\r\nÉcole de l’œuvre\t1.5 €\r\n".encode("utf-16"), "utf-16", "\t"),
        ("Titre;Coût\r\nÉcole de l’œuvre;1.5 €\r\n".encode("utf-16-le"), "utf-16-le", ";"),
        ("Titre;Coût\r\nÉcole de l’œuvre;1.5 €\r\n".encode("utf-16-be"), "utf-16-be", ";"),
    ],
)
def test_a_file_is_read_in_the_encoding_and_with_the_separator_that_it_has(data, encoding, delimiter):
    assert source(data) == Source("csv", encoding, delimiter)
    assert table(data) == [(1, ["Titre", "Coût"]), (2, ["École de l’œuvre", "1,5 €" if b"1,5" in data else "1.5 €"])]


def test_accents_far_below_the_first_lines_are_seen():
    data = b"Titre;Texte\n" + b"a;b\n" * 100_000 + "Élu;Château\n".encode("cp1252")
    assert source(data).encoding == "cp1252"
    assert rows(data)[-1] == Row(100_002, ["Élu", "Château"])


def test_a_damaged_sign_does_not_make_windows_of_a_file_in_utf_8():
    data = b"Titre;Texte\n" + "Élu;é\n".encode() * 100 + b"Ch\xe2teau;b\n"
    assert source(data).encoding == "utf-8"
    assert rows(data)[-1] == Row(102, ["Ch\ufffdteau", "b"], (Problem("lost_characters", 0),))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Titre;Coût\nCantines;1,5\nPistes;2,25\n", ";"),
        ('"Nom, prénom";Commune;Texte\n"Petit, Anne";Bègles;"oui, mais"\n', ";"),
        ('Titre,Texte\n"un; deux; trois","a;b"\nquatre,cinq\n', ","),
        ("Titre|Texte\nOui, bien|Non; pas\n", "|"),
        ("Contributions du forum\n\nTitre,Texte,Commune\na,b,c\nd,e,f\n", ","),
        ("Une seule colonne\nUn avis, long\nUn autre\n", ";"),
    ],
)
def test_the_separator_is_the_one_that_makes_even_rows(text, delimiter):
    assert source(text.encode()).delimiter == delimiter


def test_excel_may_say_the_separator_on_the_first_line():
    assert table(b"sep=|\r\na|b,c;d\r\n1|2\r\n") == [(2, ["a", "b,c;d"]), (3, ["1", "2"])]
    assert table(b"sep=\t\r\na\tb,c;d\r\n1\t2\r\n") == [(2, ["a", "b,c;d"]), (3, ["1", "2"])]


def test_a_quoted_cell_keeps_its_lines_its_separators_and_its_quotes():
    data = b'Titre;Texte;Fin\r\n1;"Une ligne\r\nune ""autre"" ; et encore\r\n\r\nla fin";x\r\n2;y;z\r\n'
    assert table(data) == [
        (1, ["Titre", "Texte", "Fin"]),
        (2, ["1", 'Une ligne\nune "autre" ; et encore\n\nla fin', "x"]),
        (6, ["2", "y", "z"]),
    ]


def test_quotes_inside_a_cell_are_only_quotes():
    assert rows(b'a;b\n12" de long;l"eau\n"dit" fort;z\n') == [Row(2, ['12" de long', 'l"eau']), Row(3, ["dit fort", "z"])]


def test_empty_rows_are_left_out_and_lines_keep_their_number():
    assert table(b"\n\na;b\n;\n\n  ; \n1;2\n") == [(3, ["a", "b"]), (7, ["1", "2"])]


def test_a_row_has_as_many_cells_as_the_heading():
    assert rows(b"a;b;c;;\n1\n1;2;3;;\n1;2;3;4;\n") == [
        Row(2, ["1", "", ""]),
        Row(3, ["1", "2", "3"]),
        Row(4, ["1", "2", "3", "4", ""], (Problem("extra_cells", 3),)),
    ]


def test_a_title_above_the_heading_is_not_the_heading():
    assert table(b"Contributions du forum;;;\n;;;\nTitre;Texte;Commune;Date\na;b;c;d\n") == [
        (3, ["Titre", "Texte", "Commune", "Date"]),
        (4, ["a", "b", "c", "d"]),
    ]


def test_spaces_nul_and_the_apostrophe_of_harmless_formulas_go():
    data = "a;b;c;d\n \u00a0x\x00y ;'=1+1;'tis;' -3\n".encode()
    assert rows(data) == [Row(2, ["xy", "=1+1", "'tis", "-3"])]


def test_a_quote_never_closed_swallows_nothing():
    lines = [b"Titre;Texte", b'1;"jamais fermee', *[b"%d;texte" % n for n in range(2, 100)]]
    found = rows(b"\n".join(lines))
    assert found[0] == Row(2, ["1", '"jamais fermee'], (Problem("broken_quote"),))
    assert found[1:] == [Row(n + 1, [str(n), "texte"]) for n in range(2, 100)]


def test_a_quote_closed_by_the_opening_of_another_swallows_nothing():
    data = b'Titre;Texte\n1;"jamais fermee\n2;texte\n3;"un; deux"\n4;fin\n'
    assert rows(data) == [
        Row(2, ["1", '"jamais fermee'], (Problem("broken_quote"),)),
        Row(3, ["2", "texte"]),
        Row(4, ["3", "un; deux"]),
        Row(5, ["4", "fin"]),
    ]


def test_a_file_full_of_quotes_never_closed_is_given_up_soon():
    started = time.monotonic()
    assert refusal(b"a;b\n" + b'x"";"y\n' * 300_000) == ("broken_quotes", {"line": 2})
    assert time.monotonic() - started < 10


def test_a_cell_is_cut_where_nobody_would_read_on():
    assert rows(b"a;b\n" + b"x" * 200_001 + b";y\n") == [Row(2, ["x" * 200_000, "y"], (Problem("cell_cut", 0),))]


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", ("empty", {})),
        (b"\xef\xbb\xbf \r\n\r\n", ("empty", {})),
        (b";;;\n;;\n", ("empty", {})),
        (b"%PDF-1.7\n%\xe2\xe3", ("not_a_table", {"found": "pdf"})),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ("not_a_table", {"found": "image"})),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", ("not_a_table", {"found": "image"})),
        (b"<!DOCTYPE html><html><table><tr><td>a;b", ("not_a_table", {"found": "html"})),
        (b"<?xml version='1.0'?><rss></rss>", ("not_a_table", {"found": "xml"})),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", ("old_xls", {})),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 10, ("not_a_table", {"found": "binary"})),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook\0".encode("utf-16-le"), ("old_xls", {})),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument\0".encode("utf-16-le"), ("not_a_table", {})),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), ("password", {})),
        (b"a;b\n" + b"x" * 2_000_001, ("line_too_long", {"line": 2, "most": 2_000_000})),
        (b"a;b\n" + b"x;" * 501 + b"x\n", ("too_many_columns", {"line": 2, "most": 500})),
    ],
)
def test_what_is_no_table_is_refused_with_a_code(data, refused):
    assert refusal(data) == refused


def test_a_heading_alone_is_a_table_without_rows():
    assert table(b"Titre;Texte\r\n") == [(1, ["Titre", "Texte"])]


def test_one_row_more_than_the_most_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    assert len(rows(b"a;b\n" + b"1;2\n" * 3)) == 3
    assert refusal(b"a;b\n" + b"1;2\n" * 4) == ("too_many_rows", {"most": 3})


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\ufffe\uffff\ufffd'"), max_size=30)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=5))
def test_what_we_write_is_what_we_read(lines):
    written = b"".join(csv.rows(["un", "deux", "trois"], lines))
    expected = [[cell.strip() for cell in line] for line in lines]
    assert [row.cells for row in rows(written)] == [line for line in expected if any(line)]


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(data):
    try:
        for row in rows(data):
            assert row.number >= 1
    except Unreadable:
        pass
