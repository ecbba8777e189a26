"""The demonstration at the third departmental conference: the groups that ended are evaluated, with honest shortfalls."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Rating, Stage
from dialogue.demo.evaluation import script
from dialogue.evaluation.models import Evaluation, ProcessEdition, Survey, SurveyToken
from dialogue.evaluation.results import results_of
from dialogue.evaluation.stages import Choice

pytestmark = pytest.mark.django_db


def test_the_script_says_nothing_that_the_forms_would_refuse():
    for row in script()["chantier"]:
        assert set(row["choices"]) <= set(Choice.values)
        assert all(rating in Rating.values and len(value) <= 80 for rating, value, _day, _why in row["objectives"])
        assert all(rating in Rating.values for rating, _why in row["deliverables"])
        assert all(len(row[name]) <= 4000 for name in ("worked", "fell_short", "differently"))
        assert len(row["kept"]) <= row["answers"]


@pytest.mark.slow
def test_on_31_march_2018_every_completed_chantier_is_evaluated_and_the_year_is_published(
    settings: Any, tmp_path: Path, client_for: Any
) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    call_command("load_demo", stdout=StringIO(), date=date(2018, 3, 31))
    told = {row["n"] for row in script()["chantier"]}
    evaluated = set(Evaluation.objects.filter(stage="published").values_list("chantier__number", flat=True))
    assert {12, 17} <= evaluated <= told
    assert set(Chantier.objects.filter(number__in=told, stage=Stage.COMPLETED).values_list("number", flat=True)) == set()
    answered = Counter(results_of(survey).is_shown for survey in Survey.objects.filter(stage="closed"))
    assert answered[True] >= 5
    assert answered[False] == 1
    assert not SurveyToken.objects.exists()
    assert Evaluation.objects.get(chantier__number=12).versions.count() == 2
    edition = ProcessEdition.objects.get()
    verdicts = Counter(row["verdict"] for row in edition.content["rows"])
    assert verdicts["partly"] >= 1
    assert sum(verdicts.values()) + edition.content["reserved"] == Chantier.objects.count()
    page = client_for().get(reverse("evaluation:process"), follow=True)
    assert "Deux objectifs sont manqués" in page.content.decode()
