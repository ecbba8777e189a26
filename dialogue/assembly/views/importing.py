"""Votes from a table: the file is read, each line judged and shown, then recorded; nothing is kept in between."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dialogue.assembly import importing
from dialogue.assembly.acts.importing import Report, import_votes
from dialogue.assembly.forms.votes import FileForm, MappingForm
from dialogue.contributions.importing.problems import unreadable
from dialogue.formats.tables import Unreadable


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The file, or the table that was read from it with its columns: a dry run, then the recording."""
    if not import_votes.allows(request.user):
        raise PermissionDenied
    if request.method == "POST" and "content" in request.POST:
        return _mapped(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = importing.read(form.cleaned_data["file"])
        except Unreadable as problem:
            form.add_error("file", unreadable(problem))
        except importing.TooMany:
            form.add_error("file", _("Plus de %(n)d lignes : partagez le fichier.") % {"n": importing.MOST})
        else:
            return _dry_run(request, table)
    context = {"form": form, "names": sorted({str(label) for label in importing.LABELS.values()})}
    return render(request, "assembly/import.html", context, status=422 if form.is_bound else 200)


def _written(table: importing.Table) -> str:
    return json.dumps({"header": table.header, "rows": table.rows}, ensure_ascii=False)


def _table_of(content: str) -> importing.Table | None:
    """The table that the page carries; None when it is not one of ours any more."""
    try:
        data = json.loads(content)
        header = [str(cell) for cell in data["header"]]
        rows = [(int(number), [str(cell) for cell in cells]) for number, cells in data["rows"][: importing.MOST]]
    except (ValueError, TypeError, KeyError):
        return None
    return importing.Table(header, rows, importing.guess(header))


def _dry_run(request: HttpRequest, table: importing.Table, form: MappingForm | None = None) -> HttpResponse:
    cells = [(number, table.cells(row)) for number, row in table.rows]
    lines = importing.examine(cells)
    if form is None:
        initial = {"content": _written(table)} | {f"c_{name}": place for name, place in table.mapping.items()}
        form = MappingForm(None, header=table.header, initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "lines": lines,
        "report": Report(lines),
        "counts": {state: sum(line.state == state for line in lines) for state in ("ready", "known", "ignored", "problem")},
    }
    return render(request, "assembly/import_check.html", context)


def _mapped(request: HttpRequest) -> HttpResponse:
    table = _table_of(request.POST.get("content", ""))
    if table is None:
        messages.error(request, _("Cette page est trop ancienne : choisissez de nouveau le fichier."))
        return redirect("assembly:import")
    form = MappingForm(request.POST, header=table.header)
    if not form.is_valid():
        return _dry_run(request, table)
    table = importing.Table(table.header, table.rows, form.mapping())
    if "record" not in request.POST:
        return _dry_run(request, table, form)
    rows = [(number, table.cells(row)) for number, row in table.rows]
    report = import_votes(None, by=request.user, now=request.now, rows=rows)
    words = ngettext("%(n)d vote enregistré.", "%(n)d votes enregistrés.", report.recorded) % {"n": report.recorded}
    if report.recorded:
        messages.success(request, " ".join((words, _("Les groupes et les auteurs des contributions sont prévenus."))))
    else:
        messages.info(request, _("Aucun vote nouveau à enregistrer."))
    left = report.count("problem")
    if left:
        return render(request, "assembly/import_done.html", {"report": report, "left": left})
    return redirect("assembly:desk")
