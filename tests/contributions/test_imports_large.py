"""Large files, and the real ones of elsewhere: as many contributions as lines, nothing lost, the bad ones named exactly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogue.contributions.models import Contribution
from tests.contributions.imports_made import HEADER, MAPPING, check, frame, line, upload, whole
from tests.factories import make_campaign, make_theme

pytestmark = pytest.mark.django_db
CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data" / "corpora"
FIELDS = ("id", "title", "text", "theme", "place")


@pytest.mark.slow
def test_of_200_000_lines_the_dry_run_names_exactly_the_three_bad_ones():
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(HEADER)
    bad = {7: {"date": "31/02/2016"}, 100_001: {"courriel": "personne"}, 199_999: {"titre": "", "texte": ""}}
    for number in range(1, 200_001):
        writer.writerow(line(number, **bad.get(number, {})))
    batch = check(upload(frame(), file.getvalue().encode()), mapping=MAPPING)
    assert list(batch.problems.values_list("line", "column", "code", "value")) == [
        (8, "date", "bad_date", "31/02/2016"),
        (100_002, "courriel", "bad_email", "personne"),
        (200_000, "texte", "empty", ""),
    ]
    assert (batch.rows, batch.created, batch.refused) == (200_000, 199_997, 3)


def lines_of(name: str, most: int) -> Iterator[dict[str, str]]:
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"the corpora are absent: {path}")
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file):
            if number == most:
                return
            yield json.loads(text)


@pytest.mark.slow
@pytest.mark.corpora
@pytest.mark.parametrize("name", ["paris_budget_participatif.jsonl", "vrai_debat_titres.jsonl", "makeorg_mieux_informer.jsonl"])
@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("cp1252", ";")])
def test_a_real_file_enters_whole_and_a_second_time_adds_nothing(name, encoding, delimiter, tmp_path):
    rows = list(lines_of(name, 2_000))
    path = tmp_path / "contributions.csv"
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["Identifiant", "Titre", "Texte", "Thématique", "Lieu"])
        for row in rows:
            writer.writerow([row.get(field, "") for field in FIELDS])
    for theme in sorted({row.get("theme", "") for row in rows[:50]} - {""}):
        make_theme(name=theme[:40])
    campaign = make_campaign()
    batch = whole(campaign, path.read_bytes())
    ids = {row["id"] for row in rows}
    assert (batch.rows, batch.created + batch.refused) == (len(rows), len(rows))
    assert batch.created == len(ids)
    kept = dict(Contribution.objects.values_list("external_id", "text"))
    assert kept.keys() == ids
    if encoding == "utf-8-sig":
        said = {row["id"]: "\n".join(row["text"].replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip() for row in rows}
        assert sum(kept[key] != said[key] for key in ids) <= len(ids) // 100
    again = check(upload(campaign, path.read_bytes()))
    assert (again.created, again.known) == (0, len(ids))
