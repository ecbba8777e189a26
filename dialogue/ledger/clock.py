"""The one clock of domain time.

Acts and queries take `now` as an argument; only the outermost doors (a request, a command, a background task) ask this
clock. In the demo it starts on the reference date and runs from there (`settings.CLOCK_OFFSET`); everywhere else it is
real time. Security (sessions, tokens, throttling, delivery of mail) never uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def now() -> datetime:
    """Domain time: an aware datetime."""
    return timezone.now() + settings.CLOCK_OFFSET


def local_date(moment: datetime) -> date:
    """The calendar day of `moment` in the Département's time zone."""
    return timezone.localtime(moment).date()


class ClockMiddleware:
    """Reads the clock once a request: `request.now` (aware datetime) and `request.today` (date)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        moment = now()
        request.now = moment  # type: ignore[attr-defined]
        request.today = local_date(moment)  # type: ignore[attr-defined]
        return self.get_response(request)
