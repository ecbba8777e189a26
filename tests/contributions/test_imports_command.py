"""manage.py import_contributions: the same way, from a terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dialogue.contributions.models import Contribution, ImportBatch
from tests.contributions.imports_made import csv_of, frame, line, numbered

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return frame()


def run(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_contributions", str(path), "--campaign", "concertation", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "contributions.csv"
    path.write_bytes(csv_of(*numbered(3)))
    return path


def test_a_file_is_imported_and_told_in_a_sentence(campaign, file):
    said = run(file, "--may-publish", "--naming", "name")
    assert "3 lignes : 3 à prendre, 0 déjà là, 0 refusées." in said
    assert "3 contributions entrées dans la campagne « Concertation 2016 » (import n° " in said
    assert set(Contribution.objects.values_list("shown_name", "circle", "stage")) == {("Camille Dupuy", "public", "received")}
    assert "Rien de nouveau à importer." in run(file)
    assert Contribution.objects.count() == 3


def test_a_dry_run_writes_nothing_at_all(campaign, file):
    assert "Rien n’est écrit : c’était une vérification." in run(file, "--dry-run")
    assert not ImportBatch.objects.exists()


def test_refused_lines_stop_everything_unless_one_says_to_skip_them(campaign, tmp_path):
    path = tmp_path / "contributions.csv"
    path.write_bytes(csv_of(*numbered(9), line(10, date="hier")))
    with pytest.raises(CommandError, match="Rien n’est importé"):
        run(path)
    with pytest.raises(CommandError, match="1 lignes refusées"):
        run(path, "--dry-run")
    assert not Contribution.objects.exists()
    said = run(path, "--skip-refused")
    assert "✗ ligne 11, colonne date : hier — Cette date ne se lit pas" in said
    assert Contribution.objects.count() == 9


def test_columns_words_and_defaults_are_said_on_the_command_line(campaign, tmp_path):
    path = tmp_path / "contributions.csv"
    path.write_bytes(csv_of(("Un banc", "Cadre", "Lib."), header=("Quoi", "Sujet du jour", "Lieu ?")))
    said = run(
        path, "--map", "titre=Quoi", "theme=b", "commune=Lieu ?", "--theme", "Cadre=sante", "--commune", "Lib.=33243",
        "--date", "2 mai 2016", "--nature", "need",
    )  # fmt: skip
    assert "title ← Quoi" in said
    row = Contribution.objects.get()
    assert (row.title, row.theme.code, row.commune_id, row.nature, f"{row.written_at:%Y-%m-%d}") == (
        "Un banc",
        "sante",
        "33243",
        "need",
        "2016-05-02",
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--map", "bidule=titre"], "Champ inconnu"),
        (["--map", "titre=Rien"], "Colonne inconnue : Rien"),
        (["--date", "jamais"], "Date illisible"),
        (["--campaign", "ailleurs"], "Campagne inconnue : ailleurs. Il y a : concertation."),
    ],
)
def test_what_is_wrong_on_the_command_line_is_said(campaign, file, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(file, *options)


def test_a_file_that_is_no_table_or_is_absent_ends_with_an_error(campaign, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError, match="demandez le tableau d’origine"):
        run(path)
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "absent.csv")
