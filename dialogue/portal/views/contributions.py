"""The contributions: exploring them, reading one, the map by commune, taking a selection away."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from dialogue.portal import contribution as one
from dialogue.portal import contributions_candidates as candidates
from dialogue.portal import contributions_export as files
from dialogue.portal import contributions_list as results
from dialogue.portal import contributions_map as communes
from dialogue.portal.contributions import Scope, Selection
from dialogue.portal.contributions_counts import Counts
from dialogue.portal.contributions_matrix import matrix_of
from dialogue.portal.contributions_words import facets_of, pills_of


@require_GET
def contributions(request: HttpRequest) -> HttpResponse:
    """Who speaks of what, where, and what became of it."""
    scope, counts = _read(request)
    page = results.page_of(scope, counts, request.GET.get("page"))
    context = {
        "scope": scope,
        "counts": counts,
        "page": page,
        "matrix": matrix_of(scope, counts),
        "candidates": candidates.groups_for(scope),
        "facets": facets_of(scope, counts),
        "pills": pills_of(scope),
        "clusters": results.clusters_of(scope, counts),
        "sort": results.sort_of(scope, counts.total),
    }
    return _answer(request, "portal/contributions.html", context)


@require_GET
def contributions_map(request: HttpRequest) -> HttpResponse:
    """Where they come from: territory by territory, commune by commune."""
    scope, counts = _read(request)
    context = {"scope": scope, "counts": counts, "map": communes.map_of(scope, counts), "pills": pills_of(scope)}
    return _answer(request, "portal/contributions_map.html", context)


@require_safe
def contributions_export(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The selection as a file, with all that classifies each contribution."""
    if extension not in files.CONTENT_TYPES:
        raise Http404
    scope, counts = _read(request)
    export = files.Export(scope, counts, request.now)
    if extension == "xlsx" and counts.total > files.MOST_IN_A_SHEET:
        return redirect(f"{reverse('portal:contributions_export', args=['csv'])}{scope.selection.url()}")
    response = StreamingHttpResponse(export.body(extension), content_type=files.CONTENT_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="contributions-{request.today.isoformat()}.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def contribution(request: HttpRequest, number: int) -> HttpResponse:
    """One of them: what it says, where, on what, and what became of it."""
    page = one.gather(number, request.user)
    if page is None:
        kept = one.kept_for(number, request.user)
        if kept is None:
            raise Http404
        return redirect(f"{kept.get_absolute_url()}?regroupee={number}")
    page.came_from = one.merged_here(page.row, request.GET.get("regroupee", ""), request.user)
    return render(request, "portal/contribution.html", {"page": page, "contribution": page.row})


def _read(request: HttpRequest) -> tuple[Scope, Counts]:
    scope = Scope(request.user, Selection.read(request.GET, request.user))
    return scope, Counts(scope)


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    if request.GET:
        # Selections are without number: the page itself is enough for those who index.
        response["X-Robots-Tag"] = "noindex"
    return response
