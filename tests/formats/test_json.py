import io
import json
from datetime import UTC, date, datetime

import pytest

from dialogue.formats import tables
from dialogue.formats.json import document, objects
from dialogue.formats.tables import Row, Source, Unreadable


def test_a_document_is_metadata_then_items_one_a_line():
    items = [{"titre": "Élu « x »", "le": date(2016, 11, 14)}, {"titre": None, "à": datetime(2016, 11, 14, 18, 5, tzinfo=UTC)}]
    assert b"".join(document({"licence": "ODbL"}, items)).decode() == (
        '{"licence": "ODbL", "items": [\n'
        '{"titre": "Élu « x »", "le": "2016-11-14"},\n'
        '{"titre": null, "à": "2016-11-14T18:05:00+00:00"}\n'
        "]}\n"
    )


def test_a_document_without_metadata_nor_items_is_a_document():
    assert json.loads(b"".join(document({}, [], name="contributions"))) == {"contributions": []}


def test_items_come_one_by_one():
    def endless():
        while True:
            yield {"n": 1}

    found = document({}, endless())
    assert [next(found) for _ in range(3)] == [b'{"items": [', b'\n{"n": 1}', b',\n{"n": 1}']


def test_what_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="items"):
        list(document({"items": 1}, []))
    with pytest.raises(TypeError, match="set is not written"):
        list(document({}, [{"a": {1}}]))
    with pytest.raises(ValueError):
        list(document({}, [{"a": float("nan")}]))


def test_objects_are_read_one_by_one_across_blocks():
    made = [{"n": n, "texte": "é" * 5_000} for n in range(100)]
    assert list(objects(io.BytesIO(json.dumps(made, ensure_ascii=False, indent=2).encode("utf-8-sig")))) == made


def rows(data: bytes) -> list[Row]:
    file = io.BytesIO(data)
    source = tables.detect(file)
    assert source == Source("json", encoding="utf-8")
    return [tables.header(file, source), *tables.read(file, source)]


def test_an_array_of_objects_is_a_table():
    data = b'[{"id": 1, "title": {"fr": "Titre"}, "ids": [1, null, 2]}, {}, {"id": 2.0, "ok": true, "title": {"fr": null, "en": "T"}}]'
    assert rows(data) == [
        Row(0, ["id", "title/fr", "ids", "ok", "title/en"]),
        Row(1, ["1", "Titre", "1, 2", "", ""]),
        Row(3, ["2", "", "", "oui", "T"]),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[]", "empty"),
        (b"[{}]", "empty"),
        (b'{"items": []}', "not_a_table"),
        (b'[{"a": 1}', "damaged"),
        (b'[{"a": 1} {"a": 1}]', "damaged"),
        (b'[{"a": 1}, 3]', "damaged"),
        (b'[{"a": ' + b"[" * 100_000, "damaged"),
        (b"[{" + b",".join(b'"%d": 1' % n for n in range(501)) + b"}]", "too_many_columns"),
    ],
)
def test_another_json_is_refused_with_a_code(data, code):
    with pytest.raises(Unreadable) as refused:
        rows(data)
    assert refused.value.code == code
