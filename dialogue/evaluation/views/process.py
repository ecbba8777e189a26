"""The evaluation of the whole process: the published edition of a year, and the table of today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dialogue.evaluation import pages, pdf, table
from dialogue.evaluation.models import ProcessEdition, ProcessEvaluation
from dialogue.evaluation.still import still_public
from dialogue.evaluation.table import Row, Selection
from dialogue.formats import csv, xlsx
from dialogue.formats.json import is_whole, seal

LONGEST_NUMBER = 9


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The last published edition; as long as there is none, how the evaluation is made and where it stands."""
    process = ProcessEvaluation.objects.filter(published_at__isnull=False).order_by("-year").first()
    return redirect("evaluation:edition", year=process.year) if process else today(request)


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The chantiers side by side as they stand, for this reader."""
    rows = table.rows_for(request.user)
    years = list(ProcessEvaluation.objects.filter(published_at__isnull=False).order_by("-year").values_list("year", flat=True))
    context = {**_table(request, rows), "years": years, "csv_url": _url("export", "csv"), "xlsx_url": _url("export", "xlsx")}
    return render(request, "evaluation/today.html", context)


def _url(name: str, *args: Any) -> str:
    return reverse(f"evaluation:{name}", args=args)


def _table(request: HttpRequest, rows: list[Row]) -> dict[str, Any]:
    selection = Selection.of(request.GET)
    shown = selection.apply(rows)
    return {
        "selection": selection,
        "rows": shown,
        "total": len(rows),
        "choices": table.choices_of(rows),
        "summary": table.summary_of(shown),
        "query": request.GET.urlencode(),
    }


def _file(request: HttpRequest, rows: Iterable[Row], extension: str, name: str) -> HttpResponseBase:
    """The selection of the page, as a file: CSV (formulas made harmless) or XLSX."""
    lines = [table.line_of(row) for row in Selection.of(request.GET).apply(rows)]
    if extension == "csv":
        response = StreamingHttpResponse(csv.rows(table.header(), lines), content_type="text/csv; charset=utf-8")
    elif extension == "xlsx":
        response = StreamingHttpResponse(xlsx.rows(table.header(), lines, sheet="Évaluation"), content_type=xlsx.CONTENT_TYPE)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponseBase:
    return _file(request, table.rows_for(request.user), extension, f"evaluation-{request.today.isoformat()}")


# Editions ----------------------------------------------------------------------------------------------------------


def _edition(request: HttpRequest, year: int) -> tuple[ProcessEvaluation, list[ProcessEdition], ProcessEdition]:
    process = get_object_or_404(ProcessEvaluation.objects.filter(published_at__isnull=False), year=year)
    editions = list(process.editions.all())
    asked = request.GET.get("edition", "")
    if not asked:
        return process, editions, editions[0]
    number = int(asked) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else 0
    found = next((edition for edition in editions if edition.number == number), None)
    if found is None:
        raise Http404
    return process, editions, found


@require_GET
def edition(request: HttpRequest, year: int) -> HttpResponse:
    process, editions, shown = _edition(request, year)
    still = still_public(shown)
    years = list(ProcessEvaluation.objects.filter(published_at__isnull=False).order_by("-year").values_list("year", flat=True))
    context = {
        **_table(request, still.rows), "process": process, "editions": editions, "edition": shown, "content": shown.content,
        "withdrawn": still.withdrawn, "is_whole": is_whole(shown.content, shown.sha256, shown),
        "is_last": shown.number == editions[0].number, "years": years, "surveys": pages.surveys_page(shown.content["surveys"]),
        "csv_url": _url("edition_file", year, "csv"), "xlsx_url": _url("edition_file", year, "xlsx"),
        "pdf_url": _url("edition_file", year, "pdf"),
    }  # fmt: skip
    return render(request, "evaluation/edition.html", context)


@require_GET
def edition_file(request: HttpRequest, year: int, extension: str) -> HttpResponseBase:
    _process, _editions, shown = _edition(request, year)
    name, still = f"evaluation-{year}-edition-{shown.number}", still_public(shown)
    if extension != "pdf":
        return _file(request, still.rows, extension, name)
    # The document is in the language in which it was frozen, and changes when a chantier is withdrawn.
    told = seal({"rows": table.as_content(still.rows)})
    etag = f'"{shown.sha256[:32]}-{shown.number}-{told[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(pdf.of_edition(shown, still), content_type="application/pdf")
    response["Content-Language"] = settings.LANGUAGE_CODE
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["ETag"] = etag
    return response
