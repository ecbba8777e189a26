"""What the page of an import shows at each step."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.acts import imports
from dialogue.contributions.forms.imports import DELIMITER_LABELS, ENCODING_LABELS, ColumnsForm, SourceForm, WordsForm
from dialogue.contributions.importing import tables
from dialogue.contributions.importing.fields import FIELDS
from dialogue.contributions.importing.places import Frame
from dialogue.contributions.importing.problems import FATAL, sentence, unreadable
from dialogue.contributions.models import ImportBatch
from dialogue.contributions.stages import ImportStage
from dialogue.formats.tables import Unreadable

PER_PAGE = 50
STEPS = ((1, _("Le fichier")), (2, _("Les colonnes")), (3, _("La vérification")), (4, _("L’import")))
KINDS = {"csv": "CSV", "xlsx": _("classeur Excel (XLSX)"), "ods": _("classeur LibreOffice (ODS)"), "json": "JSON"}
KIND_TITLES = (("themes", _("Thèmes")), ("territories", _("Territoires")), ("communes", _("Communes")))


def page_of(batch: ImportBatch, request: HttpRequest, *, source: Any = None, columns: Any = None, said: Any = None) -> dict[str, Any]:
    """The whole context; `source`, `columns`: forms with errors, to be shown again; `said`: answers on words."""
    step = _step(batch, request, columns=source or columns)
    context: dict[str, Any] = {
        "batch": batch,
        "here": "contributions",
        "part": "imports",
        "step": step,
        "steps": STEPS,
        "is_working": _is_working(batch),
        "percent": _percent(batch),
        "recognised": _recognised(batch),
        "words": None,
        "form": source or columns,
        "may_start": imports.start_import.offered(request.user, batch),
        "may_undo": imports.undo_import.offered(request.user, batch),
    }
    if step == 2 and not context["is_working"] and batch.stage in imports.OPEN:  # noqa: PLR2004
        context |= _columns_step(batch, source, columns)
    elif step == 3:  # noqa: PLR2004
        context |= _check_step(batch, request, said)
    return context


def _step(batch: ImportBatch, request: HttpRequest, *, columns: Any) -> int:
    if batch.stage not in imports.OPEN:
        return 4
    is_checked = batch.stage in {ImportStage.CHECKED, ImportStage.FAILED} and batch.rows is not None
    if columns is not None or request.GET.get("etape") == "colonnes":
        return 2
    return 3 if is_checked or _is_working(batch) else 2


def _is_working(batch: ImportBatch) -> bool:
    return batch.beat_at is not None and batch.stage in {ImportStage.UPLOADED, ImportStage.RUNNING}


def _percent(batch: ImportBatch) -> int | None:
    return min(99, batch.done_rows * 100 // batch.rows) if batch.rows else None


def _recognised(batch: ImportBatch) -> dict[str, Any]:
    source = batch.source
    return {
        "kind": KINDS.get(source.get("kind", ""), ""),
        "encoding": ENCODING_LABELS.get(source.get("encoding", ""), source.get("encoding", "")),
        "delimiter": DELIMITER_LABELS.get(source.get("delimiter", ""), source.get("delimiter", "")),
        "sheet": source.get("sheet", ""),
    }


def _columns_step(batch: ImportBatch, source: Any, columns: Any) -> dict[str, Any]:
    try:
        with batch.file.open("rb") as file:
            look = tables.look(file, batch.source)
    except (Unreadable, OSError, ValueError) as problem:
        words = unreadable(problem) if isinstance(problem, Unreadable) else _("Le fichier a été effacé : déposez-le de nouveau.")
        return {"unreadable": words}
    form = columns or ColumnsForm(batch=batch)
    lines = []
    for field, bound in zip(FIELDS, form.columns, strict=True):
        guess = look.guesses.get(field.code)
        place = batch.mapping.get(field.code)
        lines.append(
            {
                "field": field,
                "bound": bound,
                "guessed": guess is not None and guess[0] == place,
                "is_sure": guess is not None and guess[1],
                "samples": look.samples[place] if place is not None and place < len(look.samples) else [],
            }
        )
    others = [
        {"name": name or tables.letter(place), "samples": look.samples[place]}
        for place, name in enumerate(look.header)
        if place not in batch.mapping.values()
    ]
    return {
        "source_form": source or SourceForm(batch=batch),
        "columns_form": form,
        "lines": lines,
        "others": others,
        "is_decidim": look.is_decidim,
    }


def _check_step(batch: ImportBatch, request: HttpRequest, said: Any) -> dict[str, Any]:
    shown = request.GET.get("problemes", "")
    rows = batch.problems.order_by("-is_fatal", "line", "pk")
    counts = batch.source.get("found", {})
    if shown in counts:
        rows = rows.filter(code=shown)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for problem in page.object_list:
        problem.sentence = sentence(problem.code)  # type: ignore[attr-defined]
    # The last answer on a word stays: it is asked again only while nobody knows the word.
    asked = any(batch.source.get("words", {}).values()) and not _is_working(batch)
    words = WordsForm(said, batch=batch, frame=Frame(batch.campaign, batch.choices)) if asked else None
    found = [(code, count, code in FATAL, sentence(code)) for code, count in counts.items()]
    found.sort(key=lambda one: (not one[2], -one[1]))
    return {
        "page": page,
        "shown": shown if shown in counts else "",
        "counts": found,
        "words": words,
        "kinds": [(title, words.rows(kind)) for kind, title in KIND_TITLES] if words else [],
        "form": words if said is not None else None,
    }
