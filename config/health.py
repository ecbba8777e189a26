"""For machines: is it up, does the database answer; and, for the bench alone, a page that does nothing."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dialogue.mailer.worker import heartbeat_age


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the site can serve, 503 when its database does not answer.

    `worker`: seconds since a background process last said that it lives (every ten), null when none does.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        age = heartbeat_age()
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "error"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "worker": None if age is None else round(age)})


@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    """What Django and this server cost before we do anything (tools/bench.py)."""
    return HttpResponse("<!doctype html><title>.</title>")
