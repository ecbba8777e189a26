"""The délibérations as open data: the exact columns, valid for frictionless, by the circle of each reader."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from frictionless import Dialect, Resource, Schema, formats

from dialogue.assembly.exports import HEADER, scdl
from dialogue.assembly.models import Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.stages import Stage
from dialogue.people.stages import Circle
from tests import factories as make

pytestmark = pytest.mark.django_db
S = PropositionStage
SCHEMA = json.loads((Path(__file__).parent / "schema_deliberations.json").read_text(encoding="utf-8"))


@pytest.fixture
def department():
    return make.make_department(siret="22330001300016")


def rows_of(data: bytes):
    return list(csv.DictReader(io.StringIO(data.decode())))


def voted(**fields):
    circle = fields.pop("circle", Circle.PUBLIC)
    made = make.make_proposition(make.make_chantier(stage=Stage.DELIVERED, circle=circle), stage=fields.pop("stage", S.ADOPTED))
    Resolution.objects.filter(proposition=made).update(**fields)
    return made


def errors(data: bytes):
    report = Resource(
        data=data, format="csv", schema=Schema.from_descriptor(SCHEMA), control=None, dialect=Dialect(controls=[formats.CsvControl()])
    ).validate()
    return report.flatten(["rowNumber", "fieldName", "note"])


def test_the_columns_are_those_of_the_schema_in_its_order(department):
    assert [field["name"] for field in SCHEMA["fields"]] == list(HEADER)


def test_the_file_is_valid_and_says_what_was_recorded(department):
    voted(
        number="CD.2017.12.041", object="Ouvrir deux lieux de répit ; aider, former", members_count=66, budget_year=2018,
        budget_name="Budget principal", prefecture_id="033-41", prefecture_date=date(2017, 11, 2), url="https://gironde.example/41.pdf",
    )  # fmt: skip
    voted(stage=S.REJECTED, number="CD.2017.12.042")
    voted(stage=S.ADOPTED_AMENDED, number="CD.2017.12.043")
    voted(stage=S.ADJOURNED)
    data = b"".join(scdl(Resolution.objects.all(), department))
    assert errors(data) == []
    rows = {row["DELIB_ID"]: row for row in rows_of(data)}
    assert set(rows) == {"CD.2017.12.041", "CD.2017.12.042", "CD.2017.12.043"}  # an adjournment is no délibération
    first = rows["CD.2017.12.041"]
    assert {name: first[name] for name in ("COLL_NOM", "COLL_SIRET", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM")} == {
        "COLL_NOM": "Gironde", "COLL_SIRET": "22330001300016", "DELIB_MATIERE_CODE": "7.5",
        "DELIB_MATIERE_NOM": "Finances locales/Subventions",
    }  # fmt: skip
    assert [first[name] for name in HEADER[11:16]] == ["66", "64", "58", "4", "2"]
    assert (first["BUDGET_ANNEE"], first["BUDGET_NOM"], first["PREF_DATE"]) == ("2018", "Budget principal", "2017-11-02")


def test_the_check_sees_a_file_that_is_not_valid(department):
    data = b"".join(scdl(Resolution.objects.all(), department)) + b"Gironde,123,,hier,7.5,Nom,Objet,,,,,,,,,,\r\n"
    assert {name for _row, name, _note in errors(data)} == {"COLL_SIRET", "DELIB_ID", "DELIB_DATE"}


def test_each_reader_gets_what_their_circle_reads(department, client):
    voted(number="PUBLIC-1")
    voted(number="PARTNERS-1", circle=Circle.PARTNERS)
    url = reverse("assembly:deliberations")

    def numbers():
        return [row["DELIB_ID"] for row in rows_of(b"".join(client.get(url).streaming_content))]

    assert numbers() == ["PUBLIC-1"]
    client.force_login(make.make_person())
    assert sorted(numbers()) == ["PARTNERS-1", "PUBLIC-1"]


def test_one_session_alone_and_nothing_without_a_siret(client):
    made, _other = voted(number="A-1"), voted(number="B-1")
    url = reverse("assembly:deliberations")
    assert client.get(url).status_code == 404
    make.make_department(siret="22330001300016")
    body = b"".join(client.get(url, {"seance": made.session_id}).streaming_content)
    assert [row["DELIB_ID"] for row in rows_of(body)] == ["A-1"]
    assert client.get(url, {"seance": "x"}).status_code == 404


def test_what_a_spreadsheet_would_compute_is_harmless(department):
    voted(number="A-1", object="=1+1")
    assert rows_of(b"".join(scdl(Resolution.objects.all(), department)))[0]["DELIB_OBJET"] == "'=1+1"
