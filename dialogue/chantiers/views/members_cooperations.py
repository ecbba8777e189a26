"""The register of the new cooperations, in the space of the group."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers.acts import cooperations as acts
from dialogue.chantiers.forms.members import CooperationForm
from dialogue.chantiers.models import Cooperation
from dialogue.chantiers.views.members_doors import group_or_403, show_reasons
from dialogue.ledger.acts import NotAllowed, Refused


@require_GET
@login_required
def cooperations(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = group_or_403(request, slug)
    rows = Cooperation.objects.visible_to(request.user).filter(chantier=chantier).prefetch_related("organisations")
    context = {
        "chantier": chantier,
        "here": "cooperations",
        "cooperations": rows,
        "may_record": acts.record_cooperation.offered(request.user, chantier),
        "may_change": acts.change_cooperation.allows(request.user, chantier),
    }
    return render(request, "chantiers/cooperations.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def record(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = group_or_403(request, slug)
    if not acts.record_cooperation.allows(request.user, chantier):
        raise NotAllowed("chantiers.record_cooperation")
    form = CooperationForm(request.POST if request.method == "POST" else None, by=request.user, chantier=chantier)
    if request.method == "POST" and form.is_valid():
        try:
            acts.record_cooperation(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("La coopération est notée au registre."))
            return redirect("chantiers:cooperations", slug)
    context = {"chantier": chantier, "here": "cooperations", "form": form}
    return render(request, "chantiers/cooperation_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    cooperation = _cooperation_or_404(request, slug, pk)
    if not acts.change_cooperation.allows(request.user, cooperation):
        raise NotAllowed("chantiers.change_cooperation")
    if request.method == "POST":
        form = CooperationForm(
            request.POST, by=request.user, chantier=cooperation.chantier, cooperation=cooperation
        )
    else:
        form = CooperationForm.of(cooperation, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_cooperation(cooperation, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("La coopération est corrigée."))
            return redirect("chantiers:cooperations", slug)
    context = {"chantier": cooperation.chantier, "here": "cooperations", "form": form, "cooperation": cooperation}
    return render(request, "chantiers/cooperation_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    cooperation = _cooperation_or_404(request, slug, pk)
    if not acts.remove_cooperation.allows(request.user, cooperation):
        raise NotAllowed("chantiers.remove_cooperation")
    if request.method == "POST":
        try:
            acts.remove_cooperation(cooperation, by=request.user, now=request.now, chantier=cooperation.chantier)
        except Refused as refused:
            messages.error(request, " ".join(refused.reasons))
        else:
            messages.success(request, _("La ligne est effacée du registre."))
        return redirect("chantiers:cooperations", slug)
    context = {
        "title": _("Effacer une ligne du registre"),
        "about": cooperation.title,
        "consequence": _("« %(title)s » sera effacée pour de bon. Seul le groupe pouvait la lire.")
        % {"title": cooperation.title},
        "button": _("Effacer la ligne"),
        "back_url": reverse("chantiers:cooperations", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


def _cooperation_or_404(request: HttpRequest, slug: str, pk: int) -> Cooperation:
    rows = Cooperation.objects.visible_to(request.user).select_related("chantier")
    return get_object_or_404(rows, pk=pk, chantier=group_or_403(request, slug))
