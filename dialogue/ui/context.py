"""What every page needs of the site itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

#: The choice of the reader → condition of the dark sheet; 'clair' does not link it (design.md §2).
DARK_SHEET = {"auto": "(prefers-color-scheme: dark)", "sombre": "all", "clair": ""}
THEME_COOKIE = "theme"


def site(request: HttpRequest) -> dict[str, Any]:
    """`DEMO`; `theme` (auto, clair, sombre) and `dark_media`, the condition of the dark sheet ("" when it is not linked)."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    if theme not in DARK_SHEET:
        theme = "auto"
    return {"DEMO": settings.DEMO, "theme": theme, "dark_media": DARK_SHEET[theme]}
