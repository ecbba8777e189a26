"""What people read of the open data: the data sets, one of them, the documentation of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dialogue.opendata import files, sets, version
from dialogue.opendata.api import MOST, USUAL, api
from dialogue.opendata.problems import TITLES
from dialogue.opendata.resources import Resource, absolute

#: Above, weighing the file would take longer than reading the page.
MOST_WEIGHED = 2_000


@dataclass(frozen=True)
class Measure:
    """`rows`: of the resource; `size`: bytes of its CSV, None when it was not weighed."""

    rows: int
    size: int | None


@version.remembered(256)
def _measure(code: str, _version: str) -> Measure:
    """Once for each change of anything."""
    resource = sets.BY_CODE[code]
    count = resource.rows().order_by().count()
    if count > MOST_WEIGHED:
        return Measure(count, None)
    made = files.body(resource, "csv", made_at=None, publisher="")  # type: ignore[arg-type]  (a CSV says neither)
    return Measure(count, sum(map(len, made)))


@version.remembered(8)
def _counts(_version: str) -> dict[str, int]:
    return {resource.code: resource.rows().order_by().count() for resource in sets.ALL}


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """All that is open, in one page."""
    known = version.current()
    counts = _counts(known.key)
    context = {
        "lines": [(resource, counts[resource.code]) for resource in sets.ALL],
        "changed_at": known.at,
        "licence": files.LICENCE,
    }
    return render(request, "opendata/datasets.html", context)


@require_safe
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    """One data set: what it says, under which licence, column by column, and its files."""
    resource = sets.BY_CODE.get(code)
    if resource is None:
        raise Http404
    known = version.current()
    measure = _measure(code, f"{known.key} {get_language()}")
    context = {
        "resource": resource,
        "measure": measure,
        "changed_at": known.at,
        "licence": files.LICENCE,
        "distributions": [(extension, files.NAMES[extension]) for extension in resource.formats],
        "api_url": absolute(resource.api_path()),
        "example": example_of(resource),
    }
    return render(request, "opendata/dataset.html", context)


def example_of(resource: Resource) -> str:
    """A request that narrows, with the first filter that has a known value."""
    for each in resource.filters:
        if each.name in {"depuis", "modifie_apres"}:
            value = "2017-03-01" if each.name == "depuis" else "2017-03-01T00:00:00Z"
            return absolute(f"{resource.api_path()}?{each.name}={value}")
    return absolute(f"{resource.api_path()}?limit=5")


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The API in plain French, with examples; the machine's own description is beside."""
    context: dict[str, Any] = {
        "resources": sets.ALL,
        "base": absolute("/api/v1/"),
        "version": api.version,
        "usual": USUAL,
        "most": MOST,
        "errors": [(status, title) for status, title in TITLES.items()],
        "has_votes": "votes" in sets.BY_CODE,
        "rate": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "opendata/documentation.html", context)
