"""Imports of files: the list, the steps of one, its progress, its undoing; for the coordination alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.contributions import tasks_imports
from dialogue.contributions.acts import imports
from dialogue.contributions.forms.imports import ColumnsForm, SourceForm, UploadForm
from dialogue.contributions.imports_pages import page_of
from dialogue.contributions.models import Campaign, ImportBatch
from dialogue.contributions.stages import ImportStage
from dialogue.contributions.views.imports_door import batch_of, for_imports
from dialogue.ledger.acts import Refused

PER_PAGE = 20


@for_imports
@require_GET
def imports_list(request: HttpRequest) -> HttpResponse:
    rows = ImportBatch.objects.visible_to(request.user).select_related("campaign", "by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "contributions/imports.html", {"page": page})


@for_imports
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The campaign and the file; the first look is taken at once."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = imports.upload_batch(
                    form.cleaned_data["campaign"], by=request.user, now=request.now, file=file.file, filename=file.name
                )
            except Refused as refusal:
                form.add_error("file", str(refusal))
            else:
                _tell_twins(request, batch)
                return redirect("contributions:import", batch.pk)
        return render(request, "contributions/import_new.html", {"form": form}, status=422)
    form = UploadForm(initial={"campaign": request.GET.get("campagne") or Campaign.objects.open_on(request.today).first()})
    return render(request, "contributions/import_new.html", {"form": form})


def _tell_twins(request: HttpRequest, batch: ImportBatch) -> None:
    twins = ImportBatch.objects.filter(campaign=batch.campaign, sha256=batch.sha256, stage=ImportStage.DONE)
    if twins.exists():
        messages.info(request, _("Ce fichier a déjà été importé dans cette campagne. Rien ne sera doublé."))


@for_imports
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The step where it stands, or the one asked for."""
    found = batch_of(request, pk)
    return render(request, "contributions/import.html", page_of(found, request))


@for_imports
@require_POST
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Encoding, separator or sheet corrected: the columns are guessed anew."""
    found = batch_of(request, pk)
    form = SourceForm(request.POST, batch=found)
    if form.is_valid():
        try:
            imports.map_batch(found, by=request.user, now=request.now, source=form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le fichier est relu ainsi. Vérifiez les colonnes."))
            return redirect("contributions:import", pk)
    found = batch_of(request, pk)
    return render(request, "contributions/import.html", page_of(found, request, source=form), status=422)


@for_imports
@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Columns and options; then the dry run."""
    found = batch_of(request, pk)
    form = ColumnsForm(request.POST, batch=found)
    if form.is_valid():
        try:
            imports.map_batch(found, by=request.user, now=request.now, mapping=form.mapping, choices=form.choices)
            tasks_imports.check(found, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("contributions:import", pk)
    found = batch_of(request, pk)
    return render(request, "contributions/import.html", page_of(found, request, columns=form), status=422)


@for_imports
@require_POST
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Words that are not ours → ours; then the dry run again."""
    found = batch_of(request, pk)
    context = page_of(found, request, said=request.POST)
    form = context["words"]
    if form is not None and form.is_valid():
        kinds = ("themes", "territories", "communes")
        choices = {kind: found.choices.get(kind, {}) | form.said.get(kind, {}) for kind in kinds}
        try:
            imports.map_batch(found, by=request.user, now=request.now, choices=choices)
            tasks_imports.check(found, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("contributions:import", pk)
    return render(request, "contributions/import.html", context, status=422)


@for_imports
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen, then the import."""
    found = batch_of(request, pk)
    if request.method == "POST":
        try:
            tasks_imports.launch(found, by=request.user, now=request.now, may_publish=bool(found.choices.get("may_publish")))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("contributions:import", pk)
    if not imports.start_import.offered(request.user, found):
        return redirect("contributions:import", pk)
    obstacles = imports.start_import.obstacles(found, by=request.user, now=request.now)
    context = {"batch": found, "obstacles": obstacles, "due": found.campaign.due_on(request.today)}
    return render(request, "contributions/import_start.html", context)


@for_imports
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that moves; once the work is over, the whole page."""
    found = batch_of(request, pk)
    context = page_of(found, request)
    if not context["is_working"]:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "contributions/_import_progress.html", context)


@for_imports
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go, what forbids it; then nothing of it is left but its line."""
    found = batch_of(request, pk)
    if request.method == "POST":
        try:
            imports.undo_import(found, by=request.user, now=request.now)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("L’import est annulé : ses contributions sont retirées."))
        return redirect("contributions:import", pk)
    if not imports.undo_import.offered(request.user, found):
        return redirect("contributions:import", pk)
    obstacles = imports.undo_import.obstacles(found, by=request.user, now=request.now)
    return render(request, "contributions/import_undo.html", {"batch": found, "obstacles": obstacles})


