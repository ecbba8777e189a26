"""The frame on screen: territories, themes, communes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.territories import acts
from dialogue.territories.forms import MoveCommuneForm, TerritoryForm, ThemeForm
from dialogue.territories.models import Commune, Department, Outline, Territory, Theme
from dialogue.territories.queries import find_communes
from dialogue.territories.views.doors import door_of

PER_PAGE = 20


@require_GET
@door_of(acts.change_territory)
def frame_page(request: HttpRequest) -> HttpResponse:
    if not Department.objects.exists():
        return render(request, "territories/no_frame.html", {"here": "frame"})
    typed = request.GET.get("commune", "").replace("\x00", " ")[:80].strip()
    communes = find_communes(typed)
    context = {
        "here": "frame",
        "territories": Territory.objects.annotate(communes_count=Count("communes"), inhabitants=Sum("communes__population")),
        "themes": Theme.objects.all(),
        "typed": typed,
        "page": Paginator(communes, PER_PAGE).get_page(request.GET.get("page")) if typed else None,
        "outlines": Outline.objects.count(),
    }
    return render(request, "territories/frame.html", context)


@require_http_methods(["GET", "POST"])
@door_of(acts.change_territory)
def territory_page(request: HttpRequest, code: str) -> HttpResponse:
    territory = get_object_or_404(Territory, code=code)
    title = territory.name
    form = TerritoryForm(request.POST or None, instance=territory)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_territory(territory, by=request.user, now=request.now, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Le territoire est modifié."))
            return redirect("territories:frame")
    context = {"form": form, "here": "frame", "title": title, "lead": _("L’adresse de ses pages ne change pas.")}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.change_theme)
def theme_page(request: HttpRequest, code: str) -> HttpResponse:
    theme = get_object_or_404(Theme, code=code)
    title = theme.name
    form = ThemeForm(request.POST or None, instance=theme)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_theme(theme, by=request.user, now=request.now, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Le thème est modifié."))
            return redirect("territories:frame")
    context = {"form": form, "here": "frame", "title": title, "lead": _("L’adresse de ses pages ne change pas.")}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.add_theme)
def new_theme_page(request: HttpRequest) -> HttpResponse:
    form = ThemeForm(request.POST or None, instance=Theme(order=Theme.objects.count()))
    if request.method == "POST" and form.is_valid():
        try:
            theme = acts.add_theme(None, by=request.user, now=request.now, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Le thème « %(name)s » est ajouté.") % {"name": theme.name})
            return redirect("territories:frame")
    context = {"form": form, "here": "frame", "title": _("Ajouter un thème"), "button": _("Ajouter ce thème")}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.move_commune)
def commune_page(request: HttpRequest, insee_code: str) -> HttpResponse:
    commune = get_object_or_404(Commune.objects.select_related("territory"), insee_code=insee_code)
    form = MoveCommuneForm(request.POST or None, commune=commune)
    if request.method == "POST" and form.is_valid():
        territory = form.cleaned_data["territory"]
        try:
            acts.move_commune(territory, by=request.user, now=request.now, commune=commune)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            words = {"commune": commune.name, "territory": territory.name}
            messages.success(request, _("%(commune)s fait maintenant partie du territoire %(territory)s.") % words)
            return redirect("territories:frame")
    lead = _("Aujourd’hui dans le territoire %(territory)s.") % {"territory": commune.territory.name}
    context = {"form": form, "here": "frame", "title": commune.name, "lead": lead, "button": _("Changer de territoire")}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)
