"""What every page shows of the Département."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dialogue.territories.models import Department


def department(request: HttpRequest) -> dict[str, Any]:
    """`department`: the one row, read once a request and only if a template asks; None before the frame is loaded."""
    if not hasattr(request, "_department"):
        request._department = SimpleLazyObject(Department.objects.first)  # type: ignore[attr-defined]
    return {"department": request._department}  # type: ignore[attr-defined]
