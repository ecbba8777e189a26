"""The contrast rule: known figures, every hue of the design, what is refused and what is proposed."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.territories import contrast
from dialogue.territories.models import Department

DEFAULTS: dict[str, Any] = {"hue": 218, "accent_hue": 6, "earth_hue": 82, "vividness": 1}


def srgb(linear: float) -> int:
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


def test_the_defaults_of_the_department_are_those_of_the_style_sheet() -> None:
    settings = Department().brand_settings
    assert {name: settings[name] for name in DEFAULTS} == DEFAULTS
    assert not Department().has_own_brand


def test_black_on_white_is_21() -> None:
    assert contrast.ratio(contrast.luminance((0, 0, 0)), contrast.luminance((1, 1, 1))) == pytest.approx(21)


@pytest.mark.parametrize(
    ("lch", "rgb"),
    [
        # Primaries of sRGB in oklch, from the CSS Color 4 specification.
        ((0.62796, 0.25768, 29.234), (255, 0, 0)),
        ((0.86644, 0.29483, 142.495), (0, 255, 0)),
        ((0.45201, 0.31321, 264.052), (0, 0, 255)),
        ((1, 0, 0), (255, 255, 255)),
        ((0, 0, 0), (0, 0, 0)),
    ],
)
def test_oklch_is_converted_as_css_says(lch: tuple[float, float, float], rgb: tuple[int, int, int]) -> None:
    assert tuple(srgb(part) for part in contrast.linear_rgb(*lch)) == rgb


def test_the_pairs_of_the_design_are_all_measured_in_both_themes() -> None:
    found = list(contrast.measures(DEFAULTS))
    assert len(contrast.PAIRS) == 46
    assert [sum(m.theme == theme for m in found) for theme in ("light", "dark")] == [46, 45]


@pytest.mark.parametrize(
    ("hue", "theme", "ink", "ground", "ratio"),
    [
        # What the design's own check answers.
        (218, "light", "marque", "fond", 8.268),
        (218, "light", "texte", "fond", 15.281),
        (218, "light", "trait-fort", "surface", 4.237),
        (218, "dark", "marque", "fond", 10.556),
        (218, "dark", "accent", "terre", 8.119),
        (0, "light", "marque", "fond", 8.861),
        (120, "dark", "trait-fort", "surface", 4.536),
        (300, "dark", "texte", "fond", 15.469),
    ],
)
def test_ratios_are_exact_on_several_hues(hue: int, theme: str, ink: str, ground: str, ratio: float) -> None:
    found = {(m.theme, m.ink, m.ground): m.ratio for m in contrast.measures(DEFAULTS | {"hue": hue})}
    assert found[theme, ink, ground] == pytest.approx(ratio, abs=0.0006)


@pytest.mark.parametrize("vividness", [0.5, 1, 1.2])
def test_every_hue_can_be_read_at_every_vividness(vividness: float) -> None:
    for hue in range(0, 360, 24):
        settings = {"hue": hue, "accent_hue": (hue + 120) % 360, "earth_hue": (hue * 5) % 360, "vividness": vividness}
        assert contrast.failures(settings) == []
        assert contrast.reasons(settings) == []


@pytest.fixture
def vivid_design(monkeypatch: pytest.MonkeyPatch) -> None:
    """A design whose main colour is so vivid that it can be read only when subdued, or in some hues."""
    real = contrast.read_tokens
    monkeypatch.setattr(
        contrast, "read_tokens", lambda *sheets: real(*sheets) | {"marque": "oklch(.43 calc(.25 * var(--v)) var(--h))"}
    )
    monkeypatch.setattr(contrast, "THEMES", {"light": ("tokens.css",)})


@pytest.mark.usefixtures("vivid_design")
@pytest.mark.parametrize(("least", "found"), [(7.0, {"vividness": 0.7}), (8.7, {"hue": 265})])
def test_a_choice_that_cannot_be_read_is_refused_with_the_pair_and_the_nearest_that_can(
    monkeypatch: pytest.MonkeyPatch, least: float, found: dict[str, Any]
) -> None:
    monkeypatch.setattr(contrast, "PAIRS", [("marque", "fond", least)])
    settings = DEFAULTS | {"hue": 145, "vividness": 1.2}
    near = settings | found
    assert contrast.nearest(settings) == near
    figures = [f"{number:g}".replace(".", ",") for number in (least, near["hue"], near["vividness"])]
    assert contrast.reasons(settings) == [
        f"Contraste insuffisant : couleur principale sur fond de page, thème clair. Il est de 6,1, il faut {figures[0]}.",
        f"Le choix lisible le plus proche : couleur principale {figures[1]}, accent 6, fonds 82, vivacité {figures[2]}.",
    ]


def test_when_nothing_near_can_be_read_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "PAIRS", [("marque", "fond", 22.0)])
    assert contrast.nearest(DEFAULTS) is None
    assert contrast.reasons(DEFAULTS)[-1] == "Aucune couleur voisine n’est lisible."
