"""Whether the colours of a brand can be read: every pair of the design's tokens, light and dark, measured as WCAG 2 does.

The tokens are read from the style sheets themselves (dialogue/ui/css: tokens.css, sombre.css), so that the rule follows
the design. Colours are oklch; their conversion to linear sRGB is that of https://bottosson.github.io/posts/oklab/, clipped
as browsers clip. Ratios: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Rgb = tuple[float, float, float]
INKS = ("texte", "texte-2", "marque", "accent", "erreur")
#: text (or line), background, least ratio. The design's own list (design.md §2).
PAIRS: list[tuple[str, str, float]] = [
    *((ink, ground, 4.5) for ink in INKS for ground in ("fond", "surface", "terre", "eau")),
    ("sur-marque", "marque", 4.5), ("sur-marque", "marque-2", 4.5), ("sur-profond", "profond", 7), ("sur-ajonc", "ajonc", 7),
    ("trait-fort", "surface", 3), ("trait-fort", "fond", 3), ("trait-fort", "terre", 3),
    ("sur-c13", "c1", 4.5), ("sur-c13", "c2", 4.5), ("sur-c13", "c3", 4.5), ("sur-c45", "c4", 4.5), ("sur-c45", "c5", 4.5),
    ("accent", "accent-pale", 4.5), ("texte", "ajonc", 3), ("marque", "eau-2", 3),
    ("texte", "eau-2", 4.5), ("texte", "terre-2", 4.5),
    *((meaning, f"{meaning}-pale", 4.5) for meaning in ("ok", "attention", "erreur", "vote", "neutre")),
    *((meaning, "surface", 4.5) for meaning in ("ok", "attention", "vote", "neutre")),
]  # fmt: skip
#: On the dark theme the gorse yellow carries its own ink only.
LIGHT_ONLY = {("texte", "ajonc")}
THEMES = {"light": ("tokens.css",), "dark": ("tokens.css", "sombre.css")}
LABELS: dict[str, str | Promise] = {
    "light": gettext_lazy("thème clair"),
    "dark": gettext_lazy("thème sombre"),
}
NAMES: dict[str, str | Promise] = {
    "texte": gettext_lazy("texte"),
    "texte-2": gettext_lazy("texte secondaire"),
    "marque": gettext_lazy("couleur principale"),
    "marque-2": gettext_lazy("couleur principale foncée"),
    "accent": gettext_lazy("accent"),
    "accent-pale": gettext_lazy("accent pâle"),
    "fond": gettext_lazy("fond de page"),
    "surface": gettext_lazy("fond de carte"),
    "terre": gettext_lazy("bandeau chaud"),
    "terre-2": gettext_lazy("bandeau chaud soutenu"),
    "eau": gettext_lazy("bandeau froid"),
    "eau-2": gettext_lazy("bandeau froid soutenu"),
    "trait-fort": gettext_lazy("bord des champs"),
    "sur-marque": gettext_lazy("texte des boutons"),
    "profond": gettext_lazy("pied de page"),
    "sur-profond": gettext_lazy("texte du pied de page"),
}
HUES = ("hue", "accent_hue", "earth_hue")
VARIABLES = {"h": "hue", "ha": "accent_hue", "ht": "earth_hue", "v": "vividness"}


@dataclass(frozen=True)
class Measure:
    """A pair of tokens in a theme: its ratio, and the least that is readable."""

    theme: str
    ink: str
    ground: str
    ratio: float
    least: float

    @property
    def passes(self) -> bool:
        return self.ratio >= self.least

    @property
    def label(self) -> str:
        ink, ground = NAMES.get(self.ink, self.ink), NAMES.get(self.ground, self.ground)
        return _("%(ink)s sur %(ground)s, %(theme)s") % {"ink": ink, "ground": ground, "theme": LABELS[self.theme]}


def measures(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Every pair in both themes, for the settings of `Department.brand_settings` (three hues and the vividness count)."""
    for theme, sheets in THEMES.items():
        tokens = read_tokens(*sheets)
        colours = {name: luminance(colour(tokens, name, settings)) for pair in PAIRS for name in pair[:2]}
        for ink, ground, least in PAIRS:
            if theme == "light" or (ink, ground) not in LIGHT_ONLY:
                yield Measure(theme, ink, ground, ratio(colours[ink], colours[ground]), least)


def failures(settings: Mapping[str, Any]) -> list[Measure]:
    return [measure for measure in measures(settings) if not measure.passes]


def worst(settings: Mapping[str, Any]) -> dict[str, Measure]:
    """The pair nearest to its limit, in each theme."""
    found = list(measures(settings))
    return {theme: min((m for m in found if m.theme == theme), key=lambda m: m.ratio / m.least) for theme in THEMES}


def reasons(settings: Mapping[str, Any]) -> list[str]:
    """Why these colours are refused, pair by pair, then what could be taken instead; empty when all can be read."""
    failed = failures(settings)
    if not failed:
        return []
    sentence = _("Contraste insuffisant : %(pair)s. Il est de %(ratio)s, il faut %(least)s.")
    told = [sentence % {"pair": m.label, "ratio": _figure(m.ratio), "least": _figure(m.least)} for m in failed]
    near = nearest(settings)
    if near:
        told.append(
            _(
                "Le choix lisible le plus proche : couleur principale %(hue)s, accent %(accent)s, fonds %(earth)s, vivacité %(vivid)s."
            )
            % {
                "hue": near["hue"],
                "accent": near["accent_hue"],
                "earth": near["earth_hue"],
                "vivid": _figure(near["vividness"]),
            }
        )
    else:
        told.append(_("Aucune couleur voisine n’est lisible."))
    return told


def nearest(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """The nearest settings that pass: less vivid first, by steps of a tenth, then turning one hue by steps of 5 degrees."""
    vividness = float(settings["vividness"])
    for tenth in range(1, 13):
        lower = round(vividness - tenth / 10, 2)
        if lower >= 0.5 and not failures(dict(settings) | {"vividness": lower}):  # noqa: PLR2004 — the design's least
            return dict(settings) | {"vividness": lower}
    for turn in range(5, 185, 5):
        for name in HUES:
            for side in (turn, -turn):
                other = dict(settings) | {name: (int(settings[name]) + side) % 360}
                if not failures(other):
                    return other
    return None


# Colours --------------------------------------------------------------------


@cache
def read_tokens(*sheets: str) -> dict[str, str]:
    """The custom properties of the sheets that are colours, later ones over earlier ones, as written."""
    folder = Path(apps.get_app_config("ui").path) / "css"
    tokens: dict[str, str] = {}
    for sheet in sheets:
        text = re.sub(r"/\*.*?\*/", "", (folder / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
        tokens |= dict(re.findall(r"--([\w-]+):\s*(oklch\([^;]*\)|var\([^;]*\));", text.split("@supports not")[0]))
    return tokens


def colour(tokens: Mapping[str, str], name: str, settings: Mapping[str, Any]) -> Rgb:
    """A token as linear sRGB. Raises KeyError for a token that the sheets do not have."""
    value = tokens[name]
    while value.startswith("var("):
        value = tokens[value[6:-1]]
    inner = value[6:-1].split("/")[0]
    inner = re.sub(r"calc\(([\d.]+) \* var\(--v\)\)", lambda found: str(float(found[1]) * float(settings["vividness"])), inner)
    inner = re.sub(r"var\(--(h[at]?)\)", lambda found: str(settings[VARIABLES[found[1]]]), inner)
    lightness, chroma, hue = map(float, inner.split())
    return linear_rgb(lightness, chroma, hue)


def linear_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """oklch (hue in degrees) to linear sRGB, clipped to 0–1."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short
    return min(1.0, max(0.0, red)), min(1.0, max(0.0, green)), min(1.0, max(0.0, blue))


def luminance(rgb: Rgb) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def ratio(one: float, other: float) -> float:
    """The contrast of two luminances, from 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _figure(number: float) -> str:
    rounded = math.floor(round(float(number) * 100, 6)) / 100
    return str(localize(int(rounded) if rounded.is_integer() else rounded))
