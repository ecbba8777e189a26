"""The coordination's dashboard."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.formats import csv
from dialogue.portal import pilot as dashboard
from dialogue.portal import rules as _rules  # noqa: F401  (declares the permissions)


@require_GET
@login_required
@permission_required("portal.pilot", raise_exception=True)
def pilot(request: HttpRequest) -> HttpResponse:
    """What is stuck; each alert filters the table below (`?alerte=`)."""
    page = dashboard.gather(request.user, request.now, request.GET.get("alerte", ""))
    return render(request, "portal/pilot.html", {"page": page, "alert_label": dashboard.ALERTS.get(page.alert, "")})


@require_GET
@login_required
@permission_required("portal.pilot", raise_exception=True)
def chantiers_csv(request: HttpRequest) -> HttpResponseBase:
    """The table, for a spreadsheet, with the same filter."""
    alert = request.GET.get("alerte", "")
    lines = [line for line in dashboard.lines_for(request.user, request.now) if alert not in dashboard.ALERTS or alert in line.alerts]
    body = csv.rows(dashboard.HEADER, (dashboard.csv_line(line) for line in lines))
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chantiers-{request.today.isoformat()}.csv"'
    return response
