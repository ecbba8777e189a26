"""What a published evaluation says, as data: made from the rows once, frozen in a version, read by page, table and PDF.

Content (JSON): `chantier`, `number`, `theme`, `territories` [names]; `baseline_on` (ISO); `objectives` [{title, indicator, start,
target, measured, measured_on, rating, why}]; `deliverables` [{title, due_on, published_on, days, given_up, rating, why}]; `worked`,
`fell_short`, `differently`; `figures` [{code, label, definition, how, said, value, of, unit, parts}]; `survey` {asked, answered,
questions [{code, counts}]} or null.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.evaluation.baseline import Baseline, baseline_of
from dialogue.evaluation.governance import Figure, governance_figures
from dialogue.evaluation.models import Evaluation, Survey
from dialogue.evaluation.results import as_content, results_of

Content = dict[str, Any]


def content_of(evaluation: Evaluation, today: date) -> Content:
    """The evaluation as the rows stand now; its words are those of the language of the site, whoever publishes."""
    chantier = evaluation.chantier
    baseline = baseline_of(chantier)
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "chantier": chantier.title,
            "number": chantier.number,
            "theme": chantier.theme.name,
            "territories": [territory.name for territory in chantier.territories.all()],
            "baseline_on": _iso(baseline.roadmap.adopted_on) if baseline else "",
            **_lines(baseline),
            "worked": evaluation.worked,
            "fell_short": evaluation.fell_short,
            "differently": evaluation.differently,
            "figures": figures_content(figures_of(chantier, today)),
            "survey": as_content(results_of(survey)) if (survey := survey_of(chantier)) else None,
        }


def survey_of(chantier: Chantier) -> Survey | None:
    return Survey.objects.filter(chantier=chantier).first()


def figures_of(chantier: Chantier, today: date) -> list[Figure]:
    """The drafted figures of one chantier: from its opening to today, without those that say nothing of a single group."""
    if chantier.opened_on is None or chantier.opened_on > today:
        return []
    with translation.override(settings.LANGUAGE_CODE):
        found = governance_figures(chantier.opened_on, today, chantiers=[chantier])
    return [figure for figure in found if figure.code != "weather"]


def figures_content(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    with translation.override(settings.LANGUAGE_CODE):
        return [
            {
                "code": figure.code,
                "label": figure.label,
                "definition": figure.definition,
                "how": figure.how,
                "said": figure.said,
                "value": figure.value,
                "of": figure.of,
                "unit": figure.unit,
                "parts": [list(part) for part in figure.parts],
            }
            for figure in figures
        ]


def _lines(baseline: Baseline | None) -> Content:
    if baseline is None:
        return {"objectives": [], "deliverables": []}
    objectives = [
        {
            "title": line.item.title,
            "indicator": line.item.indicator,
            "start": line.item.start_value,
            "target": line.item.target_value,
            "measured": line.item.measured_value,
            "measured_on": _iso(line.measured_on),
            "rating": line.item.rating,
            "why": line.why,
        }
        for line in baseline.objectives
    ]
    deliverables = [
        {
            "title": line.item.title,
            "due_on": _iso(line.item.due_on),
            "published_on": _iso(line.published_on),
            "days": line.days,
            "given_up": line.motive or (_("Retiré de la feuille de route en cours de travail.") if line.is_dropped else ""),
            "rating": line.item.rating,
            "why": line.why,
        }
        for line in baseline.deliverables
    ]
    return {"objectives": objectives, "deliverables": deliverables}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
