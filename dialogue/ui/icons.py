"""Line icons, 24 × 24, drawn for this design system. A page carries only those it uses (see `sprite`)."""

from __future__ import annotations

import re

ICONS: dict[str, str] = {
    # themes
    "pomme": (
        '<path d="M12 8c-1.5-1.6-4-2-5.6-.4C4.2 9.8 5 14 6.6 17c1 1.9 2.2 3.3 3.6 2.9 1-.3 1.4-.6 1.8-.6s.8.3 '
        '1.8.6c1.4.4 2.6-1 3.6-2.9 1.6-3 2.4-7.2.2-9.4C16 6 13.5 6.4 12 8Zm0 0c0-2.5 1-4 3-5"/>'
    ),
    "bus": '<path d="M5 5h14a1 1 0 0 1 1 1v11H4V6a1 1 0 0 1 1-1Zm-1 7h16M12 5v7M7 17v2.5m10-2.5v2.5M7.5 14.5h1m7 0h1"/>',
    "maison": '<path d="m3.5 11.5 8.5-7.5 8.5 7.5M6 9.5V20h12V9.5M10 20v-5h4v5"/>',
    "canne": (
        '<circle cx="10" cy="4.5" r="2"/><path d="M9.5 9C7.5 10 7 12.5 7 15l2.5 1.5V21m-2.5-6-1.5 6M9.5 9l2.5 3.5h3M16 '
        '21v-9a1.7 1.7 0 0 1 3.4 0"/>'
    ),
    "porte": '<path d="M3 20h18M6 20V4h8v16m0-14 4 1.5V20M11 12v1"/>',
    "anneaux": '<circle cx="8.8" cy="12" r="5.3"/><circle cx="15.2" cy="12" r="5.3"/>',
    "landau": (
        '<path d="M4 11h16c0 4-3.5 6-8 6s-8-2-8-6Zm8 0V4a7.5 7.5 0 0 1 8 7M4 11 3 8H1.5"/><circle cx="8.5" cy="20" '
        'r="1.3"/><circle cx="15.5" cy="20" r="1.3"/>'
    ),
    "mallette": '<path d="M4 8h16v11H4zm5 0V5h6v3M4 13h16m-8-1v2"/>',
    "ecran": '<path d="M5 5h14v10H5zm0 10h14l2.5 4h-19z"/>',
    "foyer": (
        '<path d="m3.5 11.5 8.5-7.5 8.5 7.5M6 9.5V20h12V9.5"/><path d="M12 17.5c-2-1.4-3-2.4-3-3.6a1.5 1.5 0 0 1 3-.4 '
        '1.5 1.5 0 0 1 3 .4c0 1.2-1 2.2-3 3.6Z"/>'
    ),
    "etoiles": (
        '<path stroke-width="2.8" d="M12 3.5h0M18 6h0M20.5 12h0M18 18h0M12 20.5h0M6 18h0M3.5 12h0M6 6h0"/><circle '
        'cx="12" cy="12" r="3"/>'
    ),
    "clocher": '<path d="M9 21V9l3-6 3 6v12M3 21v-7l6-3m6 0 6 3v7M2 21h20m-10-9v2"/>',
    "livre": '<path d="M12 6C10 4.5 7 4 4 4.5V18c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V4.5C17 4 14 4.5 12 6Zm0 0v13.5"/>',
    "famille": (
        '<circle cx="8" cy="7" r="2.7"/><circle cx="16.8" cy="9" r="2.2"/><path d="M2.8 20v-2.5a5.2 5.2 0 0 1 10.4 '
        '0V20m.8-4.5a4 4 0 0 1 7.2 2.5v2"/>'
    ),
    # states of a chantier: the water rises
    "n1": '<circle cx="12" cy="12" r="9" stroke-dasharray="3 3.28"/>',
    "n2": (
        '<circle cx="12" cy="12" r="9"/><path fill="currentColor" stroke="none" d="M4.2 16.5q2-1.7 3.9 0t3.9 0 3.9 0 '
        '3.9 0a9 9 0 0 1-15.6 0Z"/>'
    ),
    "n3": (
        '<circle cx="12" cy="12" r="9"/><path fill="currentColor" stroke="none" d="M3 12q2.2-2.2 4.5 0t4.5 0 4.5 0 4.5 '
        '0a9 9 0 0 1-18 0Z"/>'
    ),
    "n4": (
        '<circle cx="12" cy="12" r="9"/><path fill="currentColor" stroke="none" d="M4.2 7.5q2-1.7 3.9 0t3.9 0 3.9 0 '
        '3.9 0a9 9 0 1 1-15.6 0Z"/>'
    ),
    "n5": (
        '<circle cx="12" cy="12" r="9" fill="currentColor"/><path stroke="var(--surface)" stroke-width="2" d="M12 '
        '17V8m-4 3.5L12 7.5l4 4"/>'
    ),
    "n6": (
        '<circle cx="12" cy="12" r="9" fill="currentColor"/><path stroke="var(--surface)" stroke-width="2.2" d="m7.5 '
        '12.5 3 3 6-6.5"/>'
    ),
    "n0": '<circle cx="12" cy="12" r="9"/><path stroke-width="2.2" d="M9.5 8.5v7m5-7v7"/>',
    # circles: ripples on the water
    "cg": '<circle cx="12" cy="12" r="4.5" fill="currentColor" stroke="none"/>',
    "cp": '<circle cx="12" cy="12" r="3.5" fill="currentColor" stroke="none"/><circle cx="12" cy="12" r="7.2"/>',
    "cu": (
        '<circle cx="12" cy="12" r="2.6" fill="currentColor" stroke="none"/><circle cx="12" cy="12" r="6.2"/><circle '
        'cx="12" cy="12" r="10"/>'
    ),
    # reasons to open a chantier
    "r1": '<path stroke-width="2.4" d="M4.5 20v-5m5 5V9.5m5 10.5V4m5 16v-8"/>',
    "r2": (
        '<circle cx="12" cy="12" r="9" stroke-dasharray="3 3.28"/><circle cx="12" cy="12" r="2.2" fill="currentColor" '
        'stroke="none"/>'
    ),
    "r3": '<path d="M2.5 8h19M4 8v11m16-11v11M4 19h3.5v-2a4.5 4.5 0 0 1 9 0v2H20M12 8v4.5"/>',
    # weather
    "soleil": (
        '<circle cx="12" cy="12" r="4.2"/><path d="M12 2.5v2.3m0 14.4v2.3M2.5 12h2.3m14.4 0h2.3M5.3 5.3l1.6 1.6m10.2 '
        '10.2 1.6 1.6m0-13.4-1.6 1.6M6.9 17.1l-1.6 1.6"/>'
    ),
    "nuage": '<path d="M7 18.5a4.3 4.3 0 0 1-.4-8.5 5.6 5.6 0 0 1 10.7-.6A4.6 4.6 0 0 1 17 18.5Z"/>',
    "vent": '<path d="M3 9h11a2.7 2.7 0 1 0-2.5-3.7M3 13h15.5a2.6 2.6 0 1 1-2.4 3.6M3 17h8a2.2 2.2 0 1 1-2 3"/>',
    # interface
    "loupe": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m20 20-4.8-4.8"/>',
    "fl": '<path d="M4 12h15m-6-6 6 6-6 6"/>',
    "cal": '<path d="M4 6h16v14H4zm0 5h16M8 3.5V7m8-3.5V7"/>',
    "lieu": (
        '<path d="M12 21c-4-4.5-6.5-7.7-6.5-11a6.5 6.5 0 0 1 13 0c0 3.3-2.5 6.5-6.5 11Z"/><circle cx="12" cy="10" r="2.2"/>'
    ),
    "doc": '<path d="M6 3h8l4.5 4.5V21H6zm8 0v5h4.5M9 13h6m-6 4h6"/>',
    "tele": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15"/>',
    "bulle": '<path d="M4 5h16v11h-8l-5 4v-4H4z"/>',
    "lettre": '<path d="M3.5 6h17v12h-17zm0 .5 8.5 7 8.5-7"/>',
    "heure": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "ok": '<path stroke-width="2.2" d="m5 12.5 4.5 4.5L19 7"/>',
    "croix": '<path stroke-width="2" d="M6 6l12 12M18 6 6 18"/>',
    "alerte": '<path d="M12 3.5 22 20.5H2zM12 10v5"/><path stroke-width="2.4" d="M12 17.7h0"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6"/><path stroke-width="2.4" d="M12 7.5h0"/>',
    "plus": '<path stroke-width="2" d="M12 5v14M5 12h14"/>',
    "pers": '<circle cx="12" cy="8" r="3.7"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "drap": '<path d="M6 21V4"/><path fill="currentColor" d="M6 4h12l-3 4 3 4H6z"/>',
    "crayon": '<path d="M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4"/>',
    "photo": '<path d="M3.5 7.5h4l1.5-3h6l1.5 3h4v12h-17z"/><circle cx="12" cy="13" r="3.5"/>',
    "guil": '<path d="M10 7c-3 1-5 3.2-5 6.5V17h5v-5H7.5M19 7c-3 1-5 3.2-5 6.5V17h5v-5h-2.5"/>',
    "menu": '<path stroke-width="2" d="M4 7h16M4 12h16M4 17h16"/>',
    "impr": '<path d="M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z"/>',
    "tel": '<path d="M5 4h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4c0 .6-.5 1-1 1A15 15 0 0 1 4 5c0-.5.4-1 1-1Z"/>',
    "cloche": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zm4 3.5h4"/>',
    "marteau": '<path d="m13 7 4 4M4 20l9-9m-2.5-4.5L14 3l7 7-3.5 3.5z"/>',
    "rejoindre": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M19 7v6m-3-3h6"/>',
    "rev": '<path d="M5 12a7 7 0 1 1 2 5m-2-1v4h4"/>',
    "grappe": '<circle cx="8" cy="8" r="3"/><circle cx="15.5" cy="9.5" r="3"/><circle cx="11" cy="15.5" r="3"/>',
}

#: What is drawn for a name that is not here (a theme's icon is a free field).
FALLBACK = "doc"
_USED = re.compile(r'<use href="#i-(\w+)"/>')
_DRAWN = re.compile(r'<svg class="(ic[^"]*)" aria-hidden="true"><use href="#i-(\w+)"/></svg>')


def sprite(page: str) -> str:
    """The hidden `<svg>` of the symbols that `page` uses, in the order of first use; empty when it uses none."""
    names = dict.fromkeys(_USED.findall(page))
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{ICONS[name]}</symbol>' for name in names if name in ICONS)
    return f'<svg width="0" height="0" class="sprite" aria-hidden="true">{symbols}</svg>' if symbols else ""


def drawn_in_place(fragment: str) -> str:
    """A piece of page fetched by htmx: its icons are drawn where they stand, since the page's sprite may lack them."""

    def draw(found: re.Match[str]) -> str:
        return f'<svg class="{found[1]}" viewBox="0 0 24 24" aria-hidden="true">{ICONS.get(found[2], "")}</svg>'

    return _DRAWN.sub(draw, fragment)
