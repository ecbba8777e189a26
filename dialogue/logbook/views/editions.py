"""An edition on the table: presented, laid out, looked at as readers will, published, corrected."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.views.space import refuse as refuse_act
from dialogue.ledger.acts import Refused
from dialogue.logbook import pages, pdf
from dialogue.logbook.acts import layout as acts
from dialogue.logbook.acts import publishing
from dialogue.logbook.figures import governance_figures
from dialogue.logbook.forms.edition import EditionForm, FigureFormSet, layouts_of
from dialogue.logbook.models import Edition
from dialogue.logbook.stages import EditionStage
from dialogue.logbook.views.members import confirmed
from dialogue.logbook.views.public import page_of
from dialogue.logbook.views.table import for_editors
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage


def edition_of(request: HttpRequest, pk: int, *, is_draft: bool = False) -> Edition:
    """Raises Http404."""
    rows = Edition.objects.visible_to(request.user).select_related("replaces")
    return get_object_or_404(rows.filter(stage=EditionStage.DRAFT) if is_draft else rows, pk=pk)


@for_editors
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Opens the next carnet."""
    form = EditionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.draft_edition(None, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Le carnet n° %(n)d est ouvert : ajoutez sa première escale.") % {"n": made.number})
            return redirect("logbook:layout", pk=made.pk)
    context = {"here": "carnet", "form": form, "edition": None}
    return render(request, "logbook/describe.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(request, pk, is_draft=True)
    form = EditionForm(request.POST if request.method == "POST" else None, edition=edition)
    if request.method == "POST" and form.is_valid():
        try:
            acts.describe_edition(edition, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La présentation est à jour."))
            return redirect("logbook:layout", pk=pk)
    context = {"here": "carnet", "form": form, "edition": edition}
    return render(request, "logbook/describe.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_GET
def layout(request: HttpRequest, pk: int) -> HttpResponse:
    """The chapters in order, what stands in them, what waits to be placed."""
    edition = edition_of(request, pk)
    is_draft = edition.stage == EditionStage.DRAFT
    chapters = list(edition.chapters.select_related("chantier").prefetch_related("placements__entry__chantier"))
    for chapter in chapters:
        chapter.rows = [(placed, layouts_of(placed.entry.kind)) for placed in chapter.placements.all()]
    context = {
        "here": "carnet",
        "edition": edition,
        "is_draft": is_draft,
        "chapters": chapters,
        "waiting": list(pages.to_place(edition)[:100]) if is_draft else [],
        "figures": list(edition.figures.all()),
        "files": list(edition.files.all()),
        "obstacles": publishing.publish_edition.obstacles(edition, by=request.user, now=request.now) if is_draft else [],
    }
    return render(request, "logbook/layout.html", context)


@for_editors
@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures of governance: gathered for a year, corrected by hand."""
    edition = edition_of(request, pk, is_draft=True)
    rows = [{"value": f.value, "title": f.title, "source": f.source} for f in edition.figures.all()]
    year = request.GET.get("annee", "")
    if re.fullmatch(r"2\d{3}", year, re.ASCII):
        known = {row["title"] for row in rows}
        found = [{"value": f.value, "title": f.title, "source": f.source} for f in governance_figures(int(year))]
        rows += [row for row in found if row["title"] not in known]
    formset = FigureFormSet(request.POST if request.method == "POST" else None, initial=rows, prefix="f")
    if request.method == "POST" and formset.is_valid():
        given = [form.cleaned_data for form in formset.forms if form.cleaned_data]
        try:
            acts.set_figures(edition, by=request.user, now=request.now, rows=given)
            messages.success(request, _("Les chiffres sont à jour."))
        except Refused as refusal:
            refuse_act(request, refusal)
        return redirect("logbook:layout", pk=pk)
    context = {"here": "carnet", "edition": edition, "formset": formset, "year": request.today.year, "gathered": year}
    return render(request, "logbook/figures.html", context, status=422 if formset.is_bound else 200)


@for_editors
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As readers will see it."""
    edition = edition_of(request, pk)
    return render(request, "logbook/edition.html", page_of(edition) | {"is_preview": True})


@for_editors
@require_GET
def preview_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(request, pk)
    response = HttpResponse(pdf.of_edition(edition), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="apercu-carnet-{edition.number}.pdf"'
    response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'"
    return response


@for_editors
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what is missing, or how many will be told; then publishes for everybody."""
    edition = edition_of(request, pk, is_draft=True)
    missing = publishing.publish_edition.obstacles(edition, by=request.user, now=request.now)
    if missing:
        for reason in missing:
            messages.warning(request, reason)
        return redirect("logbook:layout", pk=pk)
    context: dict[str, Any] = {
        "title": _("Publier le carnet"),
        "about": edition.title,
        "consequence": _consequence(edition),
        "button": _("Publier pour tout le monde"),
        "back_url": reverse("logbook:layout", args=[pk]),
    }
    return confirmed(request, publishing.publish_edition, edition, context, _("Le carnet est publié. Ses fichiers se préparent."))


def _consequence(edition: Edition) -> str:
    """Who will read it, who will be told, and that it is for good."""
    if edition.replaces_id:
        told = _(
            "Cette édition prend la place de la précédente, qui reste lisible avec un avertissement. "
            "Les auteurs de ce qu’elle contient sont prévenus."
        )
    else:
        people = Person.objects.active().filter(stage=AccountStage.VALIDATED).count()
        told = _(
            "Tout le monde pourra le lire. Les auteurs de ce qu’il contient reçoivent un courriel, "
            "les %(n)d partenaires le verront dans leur résumé."
        ) % {"n": people}
    return " ".join((told, _("Une fois publié, il ne se modifie plus : on le corrige par une autre édition.")))


@for_editors
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft that begins as the published one."""
    edition = edition_of(request, pk)
    try:
        made = publishing.correct_edition(edition, by=request.user, now=request.now)
    except Refused as refusal:
        refuse_act(request, refusal)
        return redirect("logbook:layout", pk=pk)
    messages.success(request, _("Une édition corrigée est en préparation. Dites d’abord ce qu’elle corrige."))
    return redirect("logbook:describe", pk=made.pk)


@for_editors
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(request, pk, is_draft=True)
    context = {
        "title": _("Abandonner ce carnet"),
        "about": edition.title,
        "consequence": _("Ses escales et leur ordre sont perdus ; ce que les groupes ont recueilli reste retenu."),
        "button": _("Abandonner ce carnet"),
        "back_url": reverse("logbook:table"),
    }
    return confirmed(request, acts.drop_draft, edition, context, _("Le carnet en préparation est abandonné."))


@for_editors
@require_POST
def bind_again(request: HttpRequest, pk: int) -> HttpResponse:
    """When a file could not be made."""
    edition = edition_of(request, pk)
    try:
        publishing.bind_again(edition, by=request.user, now=request.now)
        messages.success(request, _("Le PDF et l’EPUB se préparent de nouveau."))
    except Refused as refusal:
        refuse_act(request, refusal)
    return redirect("logbook:layout", pk=pk)
