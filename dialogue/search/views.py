"""The page of the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.fulltext.query import parse
from dialogue.search.finding import MOST_CONTRIBUTIONS, Choice, Finding


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything that this reader may read, and nothing else, wherever it is."""
    query = parse(request.GET.get("q", ""))
    finding = Finding(request.user, query, Choice.read(request.GET, query.typed), request.now)
    page = finding.page(request.GET.get("page"))
    response = render(request, "search/search.html", {"finding": finding, "query": query, "page": page, "most": MOST_CONTRIBUTIONS})
    # Other people's words in an address are no page of ours.
    response["X-Robots-Tag"] = "noindex"
    return response
