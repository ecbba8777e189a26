"""The name of a device, from what its browser says of itself: enough for someone to recognise their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The order counts: Edge and Opera also say "Chrome", Chrome also says "Safari", phones also say "Linux" or "Mac OS X".
BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]


def device_name(user_agent: str) -> str:
    """'Firefox, Windows'; 'Navigateur inconnu' when nothing is recognised."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Navigateur inconnu")
