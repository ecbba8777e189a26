"""What an edition of the year's evaluation freezes: the words, the public rows, the figures of governance, what the surveys say together.

Content (JSON): `year`, `starts_on`, `ends_on`, `introduction`, `lessons`, `rows` (table.Row), `reserved` (chantiers that the public
does not read), `figures` (content.figures_content), `surveys` {chantiers, asked, answered, questions [{code, counts}]} or null.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import translation

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.models.chantier import ever_opened
from dialogue.evaluation.content import Content, figures_content
from dialogue.evaluation.governance import governance_figures
from dialogue.evaluation.models import Evaluation, EvaluationVersion, ProcessEvaluation
from dialogue.evaluation.results import from_content
from dialogue.evaluation.stages import QUESTIONS
from dialogue.evaluation.table import as_content, rows_for
from dialogue.people.circles import Glance

#: An edition is public: it is made with the eyes of the public.
PUBLIC = Glance()


def edition_content(process: ProcessEvaluation) -> Content:
    with translation.override(settings.LANGUAGE_CODE):
        rows = rows_for(PUBLIC)
        return {
            "year": process.year,
            "starts_on": process.starts_on.isoformat(),
            "ends_on": process.ends_on.isoformat(),
            "introduction": process.introduction,
            "lessons": process.lessons,
            "rows": as_content(rows),
            "reserved": Chantier.objects.filter(ever_opened()).count() - len(rows),
            "figures": figures_content(governance_figures(process.starts_on, process.ends_on)),
            "surveys": surveys_together(PUBLIC),
        }


def surveys_together(reader: Any) -> dict[str, Any] | None:
    """The surveys that the reader's published versions show, added up: each had its five answers."""
    versions = EvaluationVersion.objects.filter(evaluation__in=Evaluation.objects.published_to(reader)).order_by("number")
    last: dict[int, Content] = dict(versions.values_list("evaluation_id", "content"))
    shown = [found for content in last.values() if (found := from_content(content["survey"])) and found.is_shown]
    if not shown:
        return None
    counts: dict[str, Counter[str]] = {question.code: Counter() for question in QUESTIONS}
    for results in shown:
        for each in results.questions:
            counts[each.question.code].update(each.counts)
    return {
        "chantiers": len(shown),
        "asked": sum(results.asked for results in shown),
        "answered": sum(results.answered for results in shown),
        "questions": [{"code": code, "counts": dict(found)} for code, found in counts.items()],
    }
