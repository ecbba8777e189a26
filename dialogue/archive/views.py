"""The year ahead, for the coordination; the archives of closed years, for everyone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.archive import acts, years
from dialogue.archive.forms import CloseForm, OpenForm, next_year
from dialogue.archive.models import ProcessYear
from dialogue.archive.stages import YearStage
from dialogue.archive.still import still_public
from dialogue.chantiers.stages import Stage
from dialogue.formats.json import is_whole
from dialogue.ledger.acts import Act, Refused
from dialogue.territories.models import CalendarDate


def _may(request: HttpRequest, act: Act) -> None:
    if not act.allows(request.user):
        raise PermissionDenied


@require_GET
def archives(request: HttpRequest) -> HttpResponse:
    """Closed years, latest first."""
    rows = ProcessYear.objects.visible_to(request.user).filter(stage=YearStage.CLOSED)
    return render(request, "archive/archives.html", {"years": rows})


def _closed(request: HttpRequest, year: int) -> ProcessYear:
    return get_object_or_404(ProcessYear.objects.visible_to(request.user), year=year, stage=YearStage.CLOSED)


@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """What a year was, as it was frozen the day it closed."""
    found = _closed(request, year)
    context = {"year": found, "content": still_public(found.content), "is_whole": is_whole(found.content, found.seal, found)}
    return render(request, "archive/year.html", context)


@require_GET
def year_json(request: HttpRequest, year: int) -> HttpResponse:
    """`sha256`: the seal of what was frozen, before anything was `withdrawn`; without it when it does not hold any more."""
    found = _closed(request, year)
    sealed = {"sha256": found.seal} if is_whole(found.content, found.seal, found) else {}
    answer = JsonResponse(still_public(found.content) | sealed, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="annee-{found.year}.json"'
    return answer


@login_required
@require_GET
def pilot(request: HttpRequest) -> HttpResponse:
    """The year under way and what it still owes; the years before."""
    _may(request, acts.close_year)
    rows = list(ProcessYear.objects.visible_to(request.user))
    current = next((row for row in rows if row.stage == YearStage.OPEN), None)
    context = {
        "current": current,
        "left": years.left(current, request.today) if current else [],
        "closed": [row for row in rows if row.stage == YearStage.CLOSED],
        "last": rows[0] if rows else None,
    }
    return render(request, "archive/pilot.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_next(request: HttpRequest) -> HttpResponse:
    """One form for all that a year begins with."""
    _may(request, acts.open_year)
    if ProcessYear.objects.filter(stage=YearStage.OPEN).exists():
        messages.error(
            request, _("Une année est encore ouverte : closez-la d’abord, ses chantiers se poursuivront dans la suivante.")
        )
        return redirect("archive:pilot")
    series = CalendarDate.objects.aggregate(last=Max("series"))["last"] or 0
    form = OpenForm(request.POST or None, initial=next_year(ProcessYear.objects.first(), series, request.today))
    if request.method == "POST" and form.is_valid() and _done(request, form, acts.open_year, None, **form.facts()):
        messages.success(request, _("L’année %(year)d est ouverte.") % {"year": form.cleaned_data["year"]})
        return redirect("archive:pilot")
    return render(request, "archive/open.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    """What is left, what goes on, the word of the year; then it is frozen."""
    _may(request, acts.close_year)
    found = get_object_or_404(ProcessYear.objects.visible_to(request.user), year=year, stage=YearStage.OPEN)
    living = years.living()
    going_on = [row.pk for row in living if row.stage != Stage.EVALUATED]
    form = CloseForm(request.POST or None, living=living, initial={"word": found.word, "carried": going_on})
    if request.method == "POST" and form.is_valid():
        facts = {"word": form.cleaned_data["word"], "carried": list(form.cleaned_data["carried"])}
        if _done(request, form, acts.close_year, found, **facts):
            messages.success(request, _("L’année %(year)d est close : sa page est publiée.") % {"year": found.year})
            return redirect("archive:year", year=found.year)
    context = {"year": found, "form": form, "left": years.left(found, request.today), "living": living}
    return render(request, "archive/close.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, year: int) -> HttpResponse:
    _may(request, acts.reopen_year)
    found = _closed(request, year)
    if request.method == "POST":
        try:
            acts.reopen_year(found, by=request.user, now=request.now)
        except Refused as refusal:
            messages.error(request, refusal.reasons[0])
        else:
            messages.success(request, _("L’année %(year)d est rouverte.") % {"year": found.year})
        return redirect("archive:pilot")
    context = {
        "title": _("Rouvrir l’année %(year)d ?") % {"year": found.year},
        "consequence": _("Sa page publique disparaît jusqu’à la prochaine clôture. Les chantiers archivés le restent."),
        "button": _("Rouvrir cette année"),
        "back_url": reverse("archive:pilot"),
    }
    return render(request, "ui/confirm.html", context)


def _done(request: HttpRequest, form: Any, act: Act, thing: Any, **facts: Any) -> bool:
    try:
        act(thing, by=request.user, now=request.now, **facts)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    return True
