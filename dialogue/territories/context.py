"""What every page shows of the Département."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dialogue.territories.models import Department


def department(request: HttpRequest) -> dict[str, Any]:
    """`department`: the one row, read once a page and only if the template asks; None before the frame is loaded."""
    return {"department": SimpleLazyObject(lambda: Department.objects.first())}
