"""The last touch on each page: the icons it uses, French spaces, and what a demonstration says to search engines."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dialogue.ui.icons import drawn_in_place, sprite
from dialogue.ui.typography import spaced_page

PLACE = "<!--sprite-->"


class FinishMiddleware:
    """Fills `<!--sprite-->`, places French non-breaking spaces, keeps a demonstration out of search engines.

    Only whole HTML pages are touched: files, exports and streams pass through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.DEMO:
            response["X-Robots-Tag"] = "noindex, nofollow"
        if not response.streaming and response.get("Content-Type", "").startswith("text/html") and response.content:
            page = response.content.decode(response.charset)
            response.content = self.finished(page, response.get("Content-Language", "fr")).encode(response.charset)
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response

    @staticmethod
    def finished(page: str, language: str) -> str:
        page = page.replace(PLACE, sprite(page), 1) if PLACE in page else drawn_in_place(page)
        return spaced_page(page) if language.startswith("fr") else page
