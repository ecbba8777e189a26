"""What is downloaded around an import: the model, the problems, the refused lines to correct."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dialogue.contributions.importing import tables
from dialogue.contributions.importing.fields import MODEL_HEADER
from dialogue.contributions.importing.problems import sentence
from dialogue.contributions.models import ImportBatch
from dialogue.contributions.views.imports_door import batch_of, for_imports
from dialogue.formats import csv
from dialogue.formats.tables import Unreadable

#: One line that says how each column is filled.
EXAMPLE = (
    "A-001",
    "Des légumes du canton à la cantine",
    "Trois écoles cherchent des légumes frais. Une camionnette manque.",
    "Besoin",
    "Libourne",
    "",
    "",
    "",
    "Association des parents",
    "Camille Dupuy",
    "camille@exemple.fr",
    "14/11/2016",
)


def _download(lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@for_imports
@require_GET
def model(request: HttpRequest) -> HttpResponseBase:
    return _download(csv.rows(MODEL_HEADER, [EXAMPLE]), "modele-contributions.csv")


@for_imports
@require_GET
def problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the dry run named, line by line."""
    found = batch_of(request, pk)
    header = [_("ligne"), _("colonne"), _("valeur"), _("problème"), _("ligne prise")]
    lines = (
        [row.line, row.column, row.value, sentence(row.code), _("non") if row.is_fatal else _("oui")]
        for row in found.problems.iterator(chunk_size=2000)
    )
    return _download(csv.rows(header, lines), f"import-{pk}-problemes.csv")


@for_imports
@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused lines as they are in the file, with a column that says why: to correct, then to import."""
    found = batch_of(request, pk)
    if not found.file:
        raise Http404
    why: dict[int, list[str]] = {}
    for line, column, code in found.problems.filter(is_fatal=True).values_list("line", "column", "code"):
        why.setdefault(line, []).append(f"{column} : {sentence(code)}" if column else sentence(code))
    header = [*(name or tables.letter(place) for place, name in enumerate(found.header)), _("problème")]
    return _download(csv.rows(header, _lines(found, why)), f"import-{pk}-a-corriger.csv")


def _lines(found: ImportBatch, why: dict[int, list[str]]) -> Iterator[list[str]]:
    width = len(found.header)
    left = set(why)
    with found.file.open("rb") as file:
        try:
            for row in tables.rows(file, found.source):
                if row.number in left:
                    left.discard(row.number)
                    yield [*row.cells[:width], " ".join(why[row.number])]
                    if not left:
                        return
        except Unreadable:
            return
