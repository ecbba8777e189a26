import csv
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialogue.demo.contributions import COMMUNES, Deposit, generate
from dialogue.demo.contributions_texts import read

#: The table shown in the design, row by row.
TABLE = {
    "alimentaire": (47, 41, 84, 32, 28, 41, 22, 72, 97),
    "mobilite": (43, 38, 91, 45, 56, 9, 66, 45, 88),
    "habitat": (6, 8, 42, 33, 19, 30, 102, 35, 30),
    "vieillissement": (79, 22, 49, 7, 39, 39, 86, 47, 22),
    "services": (23, 16, 16, 5, 37, 29, 27, 81, 71),
    "cooperation": (33, 31, 20, 17, 22, 77, 28, 30, 39),
    "petite-enfance": (3, 24, 16, 18, 9, 8, 16, 24, 25),
    "insertion": (19, 38, 33, 36, 33, 58, 19, 30, 18),
    "numerique": (12, 7, 13, 21, 94, 29, 29, 26, 21),
    "assistant-familial": (5, 3, 6, 8, 4, 4, 4, 3, 8),
    "europe": (19, 13, 29, 28, 68, 13, 19, 27, 18),
    "revitalisation": (12, 41, 44, 25, 19, 25, 22, 33, 12),
    "college": (11, 16, 22, 23, 10, 17, 29, 15, 20),
    "jeunesse": (31, 5, 26, 31, 20, 14, 13, 39, 25),
}
TERRITORIES = ("medoc", "haute-gironde", "libournais", "porte-du-medoc", "bordeaux", "hauts-de-garonne")
TERRITORIES += ("bassin-d-arcachon-val-de-l-eyre", "graves", "sud-gironde")
KINDS = {"plain", "copy", "paraphrase", "off_topic", "hostile", "caps", "too_short", "two_themes", "opposed"}
#: How many times one sentence may be read, places and numbers apart.
MOST_REPEATED = 18
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def deposits() -> list[Deposit]:
    return generate()


@pytest.fixture(scope="module")
def plain(deposits):
    return [one for one in deposits if one.kind == "plain"]


@pytest.fixture(scope="module")
def rows():
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digest(deposits) -> str:
    return hashlib.sha256(json.dumps([asdict(one) for one in deposits], default=str, ensure_ascii=False).encode()).hexdigest()


def test_numbers_run_from_1_to_3800_in_the_order_of_the_deposits(deposits):
    assert [one.number for one in deposits] == list(range(1, 3801))
    moments = [one.written_at for one in deposits]
    assert moments == sorted(moments)
    assert moments[0] >= datetime(2016, 10, 1, tzinfo=PARIS)
    assert moments[-1] < datetime(2017, 1, 1, tzinfo=PARIS)


def test_the_table_is_that_of_the_design(deposits):
    counts = Counter((one.filed_under, one.territory) for one in deposits)
    expected = {(theme, where): n for theme, row in TABLE.items() for where, n in zip(TERRITORIES, row, strict=True)}
    assert counts == expected
    assert sum(expected.values()) == 3800


def test_nothing_off_topic_is_filed_in_a_quoted_cell(deposits):
    quoted = read("frame.toml")["quoted"]
    assert all(one.theme == one.filed_under for one in deposits if one.kind != "off_topic")
    assert not [one for one in deposits if one.kind == "off_topic" and one.territory in quoted.get(one.filed_under, ())]


def test_subjects_quoted_by_the_pages_have_their_count(deposits):
    counts = Counter((one.subject, one.territory) for one in deposits)
    assert counts["guichet-itinerant", "sud-gironde"] == 26
    assert counts["trajets-colleges", "bassin-d-arcachon-val-de-l-eyre"] == 31
    assert deposits[1283].title == "Une seule cuisine pour trois villages"
    assert deposits[2050].title == "Personne pour éplucher"
    assert deposits[3376].title == "Le mercredi, la cantine à tous"
    assert deposits[3401].title == "Former les cuisiniers sur place"


def test_the_same_seed_gives_the_same_bytes_in_another_process(deposits):
    assert digest(generate()) == digest(deposits)
    code = "import tests.demo.test_contributions as t; print(t.digest(t.generate()))"
    told = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == digest(deposits)


def test_another_seed_gives_other_texts(deposits):
    other = generate(seed=1)
    assert len({one.text for one in other} & {one.text for one in deposits}) < 600
    assert Counter((one.filed_under, one.territory) for one in other) == Counter(
        (one.filed_under, one.territory) for one in deposits
    )


def test_natures_and_kinds(deposits):
    natures = Counter(one.nature for one in deposits)
    assert set(natures) == {"need", "idea", "initiative"}
    assert 0.44 < natures["need"] / 3800 < 0.54
    assert 0.27 < natures["idea"] / 3800 < 0.36
    assert 0.16 < natures["initiative"] / 3800 < 0.22
    kinds = Counter(one.kind for one in deposits)
    assert set(kinds) == KINDS
    assert {kind: kinds[kind] for kind in KINDS - {"plain"}} == {
        "copy": 142,
        "paraphrase": 87,
        "off_topic": 60,
        "two_themes": 40,
        "too_short": 30,
        "hostile": 25,
        "opposed": 20,
        "caps": 15,
    }
    assert all((one.theme == "") == (one.kind == "off_topic") for one in deposits)
    assert all((one.second_theme != "") == (one.kind == "two_themes") for one in deposits)


def test_opposed_views_go_by_two(deposits):
    families = Counter(one.family for one in deposits if one.kind == "opposed")
    assert len(families) == 10
    assert set(families.values()) == {2}


def test_addresses_cannot_belong_to_anyone(deposits):
    assert not [one for one in deposits if not re.fullmatch(r"[a-z0-9.\-]+@[a-z0-9\-]+\.example", one.author_email)]
    assert 2800 < len({one.author_email for one in deposits}) < 3100


def test_copies_come_after_an_original(deposits):
    by_number = {one.number: one for one in deposits}
    copies = [one for one in deposits if one.copy_of != ""]
    assert all(one.kind == "copy" for one in copies)
    for one in copies:
        original = by_number[one.copy_of]
        assert original.kind == "plain"
        assert original.number < one.number
        assert (original.theme, original.territory, original.family) == (one.theme, one.territory, one.family)


def test_forty_people_send_the_same_mailing(deposits):
    mailing = [one for one in deposits if one.family == "mailing-1"]
    assert len(mailing) == len({one.author_email for one in mailing}) == 40
    stubborn = [one for one in deposits if one.family == "mailing-11"]
    assert len(stubborn) == 9
    assert len({one.author_email for one in stubborn}) == 1


def test_french_typography(deposits):
    neat = [one for one in deposits if not one.rough and one.kind not in {"copy", "caps"}]
    texts = "\n".join(f"{one.title}\n{one.text}" for one in neat)
    assert "'" not in texts
    assert not re.findall(r"[\u00a0\u202f{}\[\]|~+]|  | ,| \.(?!\.)|\.\.(?!\.)", texts)
    assert not re.findall(r"\w[;:?](?!\d)|«\S|\S»", texts)
    assert not re.findall(r"\b(?:de|à) Les? [A-Z]", texts)
    assert not re.findall(r"\bde (?:[AEIOUÉÈÊY]|Hos|Hour)\w+", texts)
    assert not re.findall(
        r"\b(?:à (?:à|au|aux|le|les)|de (?:à|au|aux|de|du|le)|(?:du|au|aux|des) (?:à|de|du|des|un|une)) ", texts
    )
    assert not [
        one
        for one in neat
        if one.kind == "plain" and not one.text[0].isupper() and not one.text[0].isdigit() and one.text[0] != "«"
    ]


def test_plain_texts_are_their_own(plain):
    assert len({one.text for one in plain}) / len(plain) >= 0.99


def test_no_sentence_comes_back_too_often(plain, rows):
    names = [row["nom"].replace("'", "’") for row in rows] + read("frame.toml")["places"]["districts"]
    bare = sorted({re.sub(r"^(?:Les? |la )", "", name) for name in names}, key=len, reverse=True)
    place = re.compile(rf"\b(?:(?:Les?|la|à|à la|au|aux|de|de la|du|des) |d’)?(?:{'|'.join(map(re.escape, bare))})\b")
    number = re.compile(
        r"\b(?:\d[\d ]*\d|\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
        r"|lundi|mardi|mercredi|jeudi|vendredi)\b"
    )
    counts: Counter[str] = Counter()
    for one in plain:
        counts.update(number.sub("#", place.sub("@", part)) for part in re.split(r"(?<=[.!?])\s+|\n+", one.text) if part)
    assert counts.most_common(1)[0][1] <= MOST_REPEATED


def test_communes_belong_to_their_territory_unless_marked(deposits, rows):
    territory = {row["code_insee"]: row["territoire"] for row in rows}
    given = [one for one in deposits if one.commune]
    assert 0.8 < len(given) / 3800 < 0.9
    assert [one.number for one in given if territory[one.commune] != one.territory] == [
        one.number for one in given if one.misplaced
    ]
    assert sum(one.misplaced for one in deposits) == 38


def test_bodies_write_in_office_hours(deposits):
    bodies = [one for one in deposits if one.organisation and not one.author_email.endswith("@partenaire.example")]
    assert all(one.written_at.weekday() < 5 and 8 <= one.written_at.hour < 18 for one in bodies)
    assert all(one.organisation_kind for one in bodies)


def test_who_refuses_is_not_shown(deposits):
    assert all(bool(one.shown_as) == one.consent for one in deposits)
    assert 100 < sum(not one.consent for one in deposits) < 200
