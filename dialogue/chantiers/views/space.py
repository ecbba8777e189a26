"""The group's space: what to do now, the settings, the history. Members and the coordination read it, nobody else."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers import history as told
from dialogue.chantiers import pages
from dialogue.chantiers.acts import life, links, weather
from dialogue.chantiers.forms.life import DescriptionForm, WeatherForm
from dialogue.chantiers.forms.moves import MOVES, moves_for
from dialogue.chantiers.models import Chantier, WeatherReport
from dialogue.chantiers.rules.members import is_officer
from dialogue.chantiers.rules.predicates import enters_space
from dialogue.ledger.acts import Refused

HISTORY_PAGE = 40


def space_of(request: HttpRequest, slug: str) -> Chantier:
    """The chantier whose space is asked: 404 when its page cannot be read, 403 when the reader is not of the group."""
    rows = Chantier.objects.visible_to(request.user).select_related("theme").prefetch_related("territories")
    chantier = get_object_or_404(pages.for_space(rows, request.user), slug=slug)
    if not enters_space(request.user, chantier):
        raise PermissionDenied(_("Cet espace est réservé aux membres du groupe."))
    return chantier


def refuse(request: HttpRequest, refusal: Refused) -> None:
    """Shows why an act was refused, where there is no form to show it in."""
    for reason in refusal.reasons:
        messages.error(request, reason)


@login_required
@require_GET
def space(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    page = pages.space_page(chantier, request, request.today, request.now)
    return render(request, "chantiers/space.html", {"chantier": chantier, "here": "space", "page": page})


@login_required
@require_GET
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    offered = [
        {"move": move, "missing": move.act.obstacles(chantier, by=request.user, now=request.now)}
        for move in moves_for(chantier, request.user)
    ]
    return render(
        request,
        "chantiers/settings.html",
        {
            "chantier": chantier,
            "here": "settings",
            "offered": offered,
            "may_describe": life.change_description.offered(request.user, chantier),
            "may_link": links.attach_contribution.allows(request.user, chantier),
            "may_report": weather.report_weather.offered(request.user, chantier),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One turn of its life: a page that says the consequence, then the act."""
    chantier = space_of(request, slug)
    if code not in MOVES:
        raise Http404
    chosen = MOVES[code]
    if not chosen.act.allows(request.user, chantier):
        raise PermissionDenied
    # A day that is asked for is most often this one.
    today = {name: request.today for name, field in chosen.form.base_fields.items() if isinstance(field, DateField)}
    form = chosen.form(request.POST or None, initial=today)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.act(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("« %(what)s » : c’est fait.") % {"what": chosen.label})
            return redirect("chantiers:settings", slug=slug)
    context = {"chantier": chantier, "here": "settings", "move": chosen, "form": form, "told": pages.told(chantier)}
    return render(request, "chantiers/settings_move.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, reason, territories; objective and deliverable until the roadmap is adopted."""
    chantier = space_of(request, slug)
    if not life.change_description.allows(request.user, chantier):
        raise PermissionDenied
    form = DescriptionForm(request.POST or None, instance=copy(chantier), promises=pages.promises_open(chantier))
    if request.method == "POST" and form.is_valid():
        try:
            life.change_description(chantier, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La présentation est à jour."))
            return redirect("chantiers:settings", slug=slug)
    context = {"chantier": chantier, "here": "settings", "form": form}
    return render(request, "chantiers/settings_describe.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Météo: its history, and the form for those who give it."""
    chantier = space_of(request, slug)
    form = WeatherForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            weather.report_weather(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La météo est à jour."))
            return redirect("chantiers:weather", slug=slug)
    reports = WeatherReport.objects.visible_to(request.user).filter(chantier=chantier).select_related("by")
    context = {
        "chantier": chantier,
        "here": "space",
        "form": form,
        "may_report": weather.report_weather.offered(request.user, chantier),
        "page": Paginator(reports, HISTORY_PAGE).get_page(request.GET.get("page")),
        "stale_after": weather.STALE_AFTER,
    }
    return render(request, "chantiers/space_weather.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    page = Paginator(told.entries_of(chantier), HISTORY_PAGE).get_page(request.GET.get("page"))
    lines = told.lines(page.object_list, names_outsiders=is_officer(request.user, chantier))
    context = {"chantier": chantier, "here": "history", "page": page, "lines": lines}
    return render(request, "chantiers/history.html", context)
