"""The brand: its style sheet, its logo, the screen that sets both."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from dialogue.territories import brand
from dialogue.territories.models import Department

A_YEAR = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
IMAGE_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


@require_GET
def brand_css(request: HttpRequest) -> HttpResponse:
    """The six settings; kept a year by browsers when asked with its version."""
    department = get_object_or_404(Department)
    response = HttpResponse(brand.stylesheet(department.brand_settings), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = A_YEAR if request.GET.get("v") == department.brand_version else A_MINUTE
    return response


@require_GET
def logo(request: HttpRequest) -> Any:
    department = get_object_or_404(Department)
    if not department.logo or not department.logo.storage.exists(department.logo.name):
        raise Http404
    kind = department.logo.name.rpartition(".")[2]
    response = FileResponse(department.logo.open("rb"), content_type=IMAGE_TYPES.get(kind, "application/octet-stream"))
    response["Cache-Control"] = A_YEAR if request.GET.get("v") == department.logo_version else A_MINUTE
    return response
