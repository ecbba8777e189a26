"""The calendar of the process, kept by the coordination."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.territories import acts
from dialogue.territories.forms import DateForm
from dialogue.territories.models import CalendarDate
from dialogue.territories.views.doors import door_of

PER_PAGE = 30


@require_GET
@door_of(acts.add_date)
def dates_page(request: HttpRequest) -> HttpResponse:
    rows = CalendarDate.objects.visible_to(request.user).select_related("territory")
    past = request.GET.get("quand") == "passees"
    coming = rows.upcoming(request.today)
    rows = rows.exclude(pk__in=coming.values("pk")).order_by("-starts_on", "-pk") if past else coming
    context = {"here": "dates", "past": past, "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "territories/dates.html", context)


@require_http_methods(["GET", "POST"])
@door_of(acts.add_date)
def new_date_page(request: HttpRequest) -> HttpResponse:
    form = DateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_date(None, by=request.user, now=request.now, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("La date est ajoutée au calendrier."))
            return redirect("territories:dates")
    context = {"form": form, "here": "dates", "title": _("Ajouter une date"), "button": _("Ajouter cette date")}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.change_date)
def date_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CalendarDate.objects.visible_to(request.user), pk=pk)
    title = row.title
    form = DateForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_date(row, by=request.user, now=request.now, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("La date est modifiée. Les agendas abonnés la verront changer."))
            return redirect("territories:dates")
    context = {"form": form, "here": "dates", "title": title, "remove_url": reverse("territories:remove_date", args=[pk])}
    return render(request, "territories/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door_of(acts.remove_date)
def remove_date_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CalendarDate.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            acts.remove_date(row, by=request.user, now=request.now)
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("La date est retirée du calendrier."))
        return redirect("territories:dates")
    context = {
        "title": _("Retirer « %(title)s » ?") % {"title": row.title},
        "consequence": _("La date disparaît du calendrier et des agendas abonnés. C’est définitif."),
        "button": _("Retirer cette date"),
        "back_url": reverse("territories:date", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)
