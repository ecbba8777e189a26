"""The brand of a Département as a style sheet: the six `--dep-*` custom properties of the design (design.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogue.territories.stages import TitleFont

FONTS = {
    TitleFont.SERIF: ('"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Noto Serif",Georgia,serif'),
    TitleFont.SANS: "var(--police)",
    TitleFont.ROUND: 'ui-rounded,"SF Pro Rounded","Arial Rounded MT Bold",Nunito,Quicksand,Comfortaa,var(--police)',
}


def stylesheet(settings: Mapping[str, Any], selector: str = ":root,.dep") -> str:
    """The six settings as CSS, in the layer of the tokens; `settings` as `Department.brand_settings`, already checked."""
    return (
        f"@layer jetons{{{selector}{{--dep-teinte:{int(settings['hue'])};--dep-teinte-accent:{int(settings['accent_hue'])};"
        f"--dep-teinte-terre:{int(settings['earth_hue'])};--dep-vivacite:{float(settings['vividness']):g};"
        f"--dep-rayon:{float(settings['radius']):g}rem;--dep-titre:{FONTS[TitleFont(settings['title_font'])]}}}}}\n"
    )
