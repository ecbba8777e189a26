"""The register of acts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.chantiers.models import Chantier
from dialogue.formats import csv
from dialogue.ledger.acts import REGISTRY
from dialogue.ledger.models import Entry
from dialogue.portal import register as book
from dialogue.portal import rules as _rules  # noqa: F401  (declares the permissions)


@require_GET
@login_required
@permission_required("portal.read_register", raise_exception=True)
def register(request: HttpRequest) -> HttpResponse:
    """Who did what, when, from which stage to which."""
    filters = book.Filters.read(request.GET)
    page = Paginator(filters.apply(Entry.objects.visible_to(request.user)), book.PER_PAGE).get_page(request.GET.get("page"))
    teller = book.Teller()
    context = {
        "filters": filters,
        "page": page,
        "lines": teller.lines(page.object_list),
        "rooms": list(book.rooms().items()),
        "export_query": filters.query(),
        "acts": sorted(((name, book.sentence_of(name, teller.told)) for name in REGISTRY), key=lambda pair: pair[1]),
        "chantiers": Chantier.objects.visible_to(request.user).only("slug", "title", "number").order_by("number"),
    }
    return render(request, "portal/register.html", context)


@require_GET
@login_required
@permission_required("portal.read_register", raise_exception=True)
def register_csv(request: HttpRequest) -> HttpResponseBase:
    """The same selection, for a spreadsheet."""
    rows = book.Filters.read(request.GET).apply(Entry.objects.visible_to(request.user))
    response = StreamingHttpResponse(csv.rows(book.HEADER, book.csv_lines(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="registre-{request.today.isoformat()}.csv"'
    return response
