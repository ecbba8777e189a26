# ruff: noqa: E501 — a sentence beside what causes it reads best on one line
"""Frame files: what is accepted, and the place and sentence of every kind of error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dialogue.ledger.acts import Refused
from dialogue.territories import frame
from dialogue.territories.frame.schema import schema

CSV = "code_insee;nom;territoire;population\n99001;Aulnes;nord;300\n99002;Bruyères;sud;1 200\n"


def reasons(path: Path) -> list[str]:
    with pytest.raises(Refused) as caught:
        frame.read(path)
    return caught.value.reasons


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_frame_of_2017_has_the_counts_of_the_guide() -> None:
    found = frame.read(frame.GIRONDE_2017)
    assert (len(found.territories), len(found.communes), len(found.themes), len(found.chantiers), len(found.dates)) == (
        9,
        534,
        14,
        26,
        6,
    )
    people: dict[str, int] = {}
    places: dict[str, int] = {}
    for commune in found.communes:
        people[commune["territory"]] = people.get(commune["territory"], 0) + commune["population"]
        places[commune["territory"]] = places.get(commune["territory"], 0) + 1
    assert people == {
        "medoc": 100654,
        "haute-gironde": 96249,
        "libournais": 158678,
        "porte-du-medoc": 269589,
        "bordeaux": 267991,
        "hauts-de-garonne": 216605,
        "bassin-d-arcachon-val-de-l-eyre": 165952,
        "graves": 285098,
        "sud-gironde": 129677,
    }
    assert places["libournais"] == 134
    assert places["sud-gironde"] == 185
    assert places["bordeaux"] == 1


def test_the_pairs_of_the_26_chantiers_are_those_of_the_guide() -> None:
    pairs: dict[str, int] = {}
    for row in frame.read(frame.GIRONDE_2017).chantiers:
        pairs[row["theme"]] = pairs.get(row["theme"], 0) + len(row["territories"])
    assert list(pairs.values()) == [4, 3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]


def test_the_tiles_of_2017_fill_three_rows_of_three() -> None:
    tiles = {row["code"]: (row["tile_row"], row["tile_column"]) for row in frame.read(frame.GIRONDE_2017).territories}
    assert sorted(tiles.values()) == [(row, column) for row in (1, 2, 3) for column in (1, 2, 3)]
    assert tiles["medoc"] == (1, 1)
    assert tiles["bordeaux"] == (2, 2)
    assert tiles["sud-gironde"] == (3, 3)


def test_every_theme_of_2017_has_eight_to_fifteen_keywords() -> None:
    for theme in frame.read(frame.GIRONDE_2017).themes:
        assert 8 <= len(theme["keywords"]) <= 15, theme["code"]


def test_a_small_frame_is_read_into_fields(small: dict[str, Any], write: Callable[..., Path]) -> None:
    found = frame.read(write(small))
    assert found.department == {
        "code": "99",
        "name": "Littoral",
        "contact_service": "Mission des territoires",
        "contact_email": "mission@littoral.example",
    }
    assert found.communes[1] == {
        "epci_name": "CC du Sud",
        "insee_code": "99002",
        "name": "Bruyères",
        "territory": "sud",
        "population": 1200,
    }
    assert [(row["starts_on"], row["ends_on"], row["precision"]) for row in found.dates] == [
        (date(2017, 3, 1), None, "month"),
        (date(2017, 12, 14), None, "time"),
        (date(2017, 6, 1), date(2018, 2, 28), "month"),
    ]
    assert found.dates[1]["starts_at"] == time(9, 30)
    assert found.themes[1]["icon"] == "doc"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [";", ","])
def test_the_csv_may_be_in_utf_8_or_windows_with_either_separator(
    small: dict[str, Any], write: Callable[..., Path], encoding: str, sign: str
) -> None:
    write(CSV.replace(";", sign), "communes.csv", encoding)
    found = frame.read(write(small | {"communes": "communes.csv"}, encoding=encoding))
    assert [(row["name"], row["population"]) for row in found.communes] == [("Aulnes", 300), ("Bruyères", 1200)]


WRONG: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("a missing section", lambda d: d.pop("themes"), "cadre.json, themes : il manque cette information."),
    ("a missing key", lambda d: d["territories"][1].pop("name"), "cadre.json, territories[1].name : il manque cette information."),
    ("a wrong type", lambda d: d["territories"][0].update(name=3), "cadre.json, territories[0].name : il faut un texte entre guillemets."),
    ("a number as text", lambda d: d["communes"][0].update(population="300"), "cadre.json, communes[0].population : il faut un nombre entier."),
    ("a yes for a number", lambda d: d["communes"][0].update(population=True), "cadre.json, communes[0].population : il faut un nombre entier."),
    ("an empty text", lambda d: d["themes"][0].update(name=""), "cadre.json, themes[0].name : ce texte est vide."),
    ("spaces alone", lambda d: d["themes"][0].update(name="  \n"), "cadre.json, themes[0].name : ce texte est vide."),
    ("a long text", lambda d: d["themes"][0].update(name="x" * 121), "cadre.json, themes[0].name : ce texte a 121 signes, 120 au plus."),
    (
        "a bad code",
        lambda d: d["themes"][1].update(code="Été"),
        ("cadre.json, themes[1].code : « Été » ne convient pas. Il faut minuscules sans accent, chiffres et tirets, par exemple "
        "haute-gironde."),
    ),
    (
        "an unknown kind",
        lambda d: d["dates"][0].update(kind="fête"),
        "cadre.json, dates[0].kind : « fête » n’est pas dans la liste : council, conference, assembly, phase.",
    ),
    (
        "an unknown reason",
        lambda d: d["chantiers"][0].update(reason="because"),
        "cadre.json, chantiers[0].reason : « because » n’est pas dans la liste : many, few, structuring.",
    ),
    (
        "an unknown key",
        lambda d: d["territories"][0].update(nom="Nord"),
        "cadre.json, territories[0].nom : cette clé n’existe pas. Clés connues : code, description, name, short_name, tile.",
    ),
    ("a tile below one", lambda d: d["territories"][0]["tile"].update(row=0), "cadre.json, territories[0].tile.row : « 0 » est trop petit : 1 au moins."),
    ("an empty list", lambda d: d.update(themes=[]), "cadre.json, themes : cette liste est vide."),
    (
        "a repeated keyword",
        lambda d: d["themes"][0].update(keywords=["bus", "bus"]),
        "cadre.json, themes[0].keywords : un élément de cette liste est écrit deux fois.",
    ),
    (
        "a repeated code",
        lambda d: (d["territories"][1].update(code="nord"), d["chantiers"][0].update(territories=["nord"])),
        "cadre.json, territories[1].code : « nord » est déjà pris par territories[0].",
    ),
    (
        "a repeated name, accents aside",
        lambda d: d["themes"][1].update(name="MOBILITE"),
        "cadre.json, themes[1].name : « MOBILITE » est déjà pris par themes[0].",
    ),
    (
        "two territories on a tile",
        lambda d: d["territories"][1]["tile"].update(row=1),
        "cadre.json, territories[1].tile : cette tuile est déjà prise par territories[0].",
    ),
    (
        "a commune nowhere",
        lambda d: d["communes"][0].update(territory="est"),
        "cadre.json, communes[0].territory : aucun territoire ne s’appelle « est ».",
    ),
    (
        "a commune twice",
        lambda d: d["communes"][1].update(insee_code="99001"),
        "cadre.json, communes[1].insee_code : la commune 99001 est écrite deux fois.",
    ),
    (
        "a bad address",
        lambda d: d["department"]["contact"].update(email="mission"),
        "cadre.json, department.contact.email : « mission » n’est pas une adresse électronique.",
    ),
    ("no date at all", lambda d: d["dates"][0].pop("month"), "cadre.json, dates[0].day : donnez « month » ou « day », l’un des deux."),
    (
        "a day that does not exist",
        lambda d: d["dates"][1].update(day="2017-02-30"),
        "cadre.json, dates[1].day : « 2017-02-30 » n’existe pas dans le calendrier.",
    ),
    ("an end before", lambda d: d["dates"][2].update(until_month="2017-05"), "cadre.json, dates[2].until_month : la fin précède le début."),
    ("an hour of a month", lambda d: d["dates"][0].update(time="10:00"), "cadre.json, dates[0].time : une heure demande un jour : « day »."),
    (
        "an end of another precision",
        lambda d: d["dates"][1].update(until_month="2018-01"),
        "cadre.json, dates[1].until_month : la fin s’écrit comme le début : « until_day ».",
    ),
    (
        "a date nowhere",
        lambda d: d["dates"][0].update(territory="est"),
        "cadre.json, dates[0].territory : aucun territoire n’a le code « est ».",
    ),
    (
        "a chantier without theme",
        lambda d: d["chantiers"][0].update(theme="mer"),
        "cadre.json, chantiers[0].theme : aucun thème n’a le code « mer ».",
    ),
    (
        "a chantier nowhere",
        lambda d: d["chantiers"][0].update(territories=["nord", "est"]),
        "cadre.json, chantiers[0].territories[1] : aucun territoire n’a le code « est ».",
    ),
    (
        "a council that is none",
        lambda d: d["chantiers"][0].update(council="vote"),
        "cadre.json, chantiers[0].council : aucun conseil de territoire n’a le code « vote » dans « dates ».",
    ),
    (
        "a repeated number",
        lambda d: d["chantiers"].append(dict(d["chantiers"][0])),
        "cadre.json, chantiers[1].number : « 1 » est déjà pris par chantiers[0].",
    ),
    (
        "an invisible sign",
        lambda d: d["themes"][0].update(name="Mobi\x00lité"),
        "cadre.json, themes[0].name : ce texte contient un signe invisible interdit. Retapez-le.",
    ),
    (
        "another folder",
        lambda d: d.update(communes="../communes.csv"),
        ("cadre.json, communes : « ../communes.csv » ne convient pas. Il faut le nom d’un fichier CSV posé à côté, ou la liste des "
        "communes."),
    ),
    ("a file that is not there", lambda d: d.update(communes="absent.csv"), "absent.csv : le fichier ne peut pas être lu. Vérifiez son nom et sa place."),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_each_kind_of_error_is_named_with_its_place(
    small: dict[str, Any], write: Callable[..., Path], spoil: Callable[[dict[str, Any]], Any], sentence: str
) -> None:
    spoil(small)
    assert reasons(write(small)) == [sentence]


def test_an_unknown_icon_is_named_with_those_that_exist(small: dict[str, Any], write: Callable[..., Path]) -> None:
    small["themes"][0]["icon"] = "licorne"
    [sentence] = reasons(write(small))
    assert sentence.startswith("cadre.json, themes[0].icon : l’icône « licorne » n’existe pas. Icônes connues : pomme, bus,")


def test_all_errors_are_told_at_once(small: dict[str, Any], write: Callable[..., Path]) -> None:
    small["territories"][0]["name"] = ""
    small["communes"][1]["territory"] = "est"
    small["dates"][1]["day"] = "2017-02-30"
    small["chantiers"][0]["theme"] = "mer"
    assert [sentence.split(" : ")[0] for sentence in reasons(write(small))] == [
        "cadre.json, territories[0].name",
        "cadre.json, communes[1].territory",
        "cadre.json, dates[1].day",
        "cadre.json, chantiers[0].theme",
    ]


def test_after_fifty_errors_their_number_is_enough(small: dict[str, Any], write: Callable[..., Path]) -> None:
    small["communes"] = [{"insee_code": f"990{n:02}", "name": "", "territory": "nord", "population": 1} for n in range(73)]
    found = reasons(write(small))
    assert len(found) == 51
    assert found[-1] == "Et 23 autres erreurs, à voir quand celles-ci seront corrigées."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code_insee;nom;territoire\n99001;Aulnes;nord\n", "communes.csv, ligne 1 : il manque la colonne « population ». Séparez les colonnes par un point-virgule ou une virgule."),
        (CSV + "99003;Cèdres;nord\n", "communes.csv, ligne 4 : 3 colonnes au lieu de 4."),
        (CSV + "99003;Cèdres;nord;douze\n", "communes.csv, ligne 4, colonne « population » : il faut un nombre entier."),
        (CSV + "99003;;nord;12\n", "communes.csv, ligne 4, colonne « nom » : ce texte est vide."),
        (CSV + "9903;Cèdres;nord;12\n", "communes.csv, ligne 4, colonne « code_insee » : « 9903 » ne convient pas. Il faut le code INSEE, cinq signes, par exemple 33063."),
        (CSV + "99003;Cèdres;ouest;12\n", "communes.csv, ligne 4, colonne « territoire » : aucun territoire ne s’appelle « ouest »."),
        (CSV + "99001;Cèdres;sud;12\n", "communes.csv, ligne 4, colonne « code_insee » : la commune 99001 est écrite deux fois."),
        (CSV + '99003;"Cèdres;nord;12\n', "communes.csv, ligne 4 : les guillemets de cette ligne ne se referment pas."),
        (CSV + "99003;Cè\x07dres;nord;12\n", "communes.csv, ligne 4, colonne « nom » : ce texte contient un signe invisible interdit. Retapez-le."),
        ("code_insee;nom;territoire;population\n", "communes.csv : aucune commune."),
    ],
)  # fmt: skip
def test_each_error_of_the_csv_is_named_with_its_line(
    small: dict[str, Any], write: Callable[..., Path], text: str, sentence: str
) -> None:
    write(text, "communes.csv")
    assert reasons(write(small | {"communes": "communes.csv"})) == [sentence]


def test_corsican_communes_have_their_codes(small: dict[str, Any], write: Callable[..., Path]) -> None:
    write("code_insee,nom,territoire,population\n2A004,Ajaccio,nord,70000\n", "communes.csv")
    assert frame.read(write(small | {"communes": "communes.csv"})).communes[0]["insee_code"] == "2A004"


def test_broken_json_is_named_with_its_line_and_column(write: Callable[..., Path]) -> None:
    assert reasons(write('{\n "department": {,}\n}')) == [
        "cadre.json, ligne 2, colonne 17 : ce n’est pas du JSON. Il manque peut-être une virgule, un guillemet ou une accolade."
    ]


@pytest.mark.parametrize("text", ["[]", '"cadre"', "3"])
def test_json_that_is_no_object_is_refused(write: Callable[..., Path], text: str) -> None:
    assert reasons(write(text)) == ["cadre.json : il faut un objet entre accolades."]


def test_a_key_written_twice_is_refused(write: Callable[..., Path], small: dict[str, Any]) -> None:
    text = json.dumps(small)[:-1] + ', "themes": []}'
    assert "cadre.json : la clé « themes » est écrite deux fois dans le même objet." in reasons(write(text))


def test_endless_nesting_is_refused(write: Callable[..., Path]) -> None:
    assert reasons(write("[" * 200_000)) == [
        "cadre.json : ce n’est pas du JSON lisible : trop de niveaux, ou un nombre démesuré."
    ]


def test_ten_megabytes_are_refused_without_being_read(write: Callable[..., Path]) -> None:
    assert reasons(write(b"{" + b" " * 10_000_000)) == ["cadre.json : le fichier pèse 10,0 Mo, la limite est de 4 Mo."]


def test_bytes_that_are_no_text_are_refused(write: Callable[..., Path]) -> None:
    assert reasons(write(b"PK\x03\x04\x00\x00\x81\x8d")) == [
        "cadre.json : ce n’est pas du texte en UTF-8 ni en Windows-1252. Enregistrez-le en UTF-8."
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert reasons(tmp_path / "rien.json") == ["rien.json : le fichier ne peut pas être lu. Vérifiez son nom et sa place."]


def spoilt(value: Any) -> Iterator[Any]:
    """Every document that differs from `value` by one part, replaced or taken away."""
    yield from (None, [], {}, "", "x" * 5000, -1, 1.5, True, [None], {"code": 3})
    if isinstance(value, (dict, list)):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            for inner in spoilt(value[key]):
                copied = value.copy()
                copied[key] = inner
                yield copied
            copied = value.copy()
            del copied[key]
            yield copied


def test_whatever_is_spoilt_the_answer_is_a_frame_or_sentences(small: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "cadre.json"
    told: list[list[str]] = []
    for document in spoilt(small):
        path.write_text(json.dumps(document), encoding="utf-8")
        try:
            frame.read(path)
        except Refused as refused:
            told.append(refused.reasons)
    assert all(told)
    assert len(told) > 500
