"""Template tags and filters of the design system (builtins: no `{% load %}` needed)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dialogue.language.paragraphs import Block, Bullets, parse
from dialogue.ui import dates
from dialogue.ui.devices import device_name
from dialogue.ui.icons import FALLBACK, ICONS

register = template.Library()

#: code of the circle → class, icon, words. The words repeat people.stages.Circle: this room knows no other.
CIRCLES = {
    "group": ("g", "cg", _("Groupe seulement")),
    "partners": ("p", "cp", _("Tous les partenaires")),
    "public": ("u", "cu", _("Public")),
}
WEATHERS = {
    "clear": ("m-c", "soleil", _("Temps clair")),
    "cloudy": ("m-n", "nuage", _("Nuageux")),
    "gale": ("m-v", "vent", _("Avis de vent")),
}
LAST_MARK = 6


@register.simple_tag
def ic(name: str, css: str = "") -> SafeString:
    """An icon, decorative: a word always goes with it. An unknown name draws a sheet of paper."""
    name = name if name in ICONS else FALLBACK
    return format_html('<svg class="ic{}" aria-hidden="true"><use href="#i-{}"/></svg>', f" {css}" if css else "", name)


@register.simple_tag
def etat(state: Any, css: str = "") -> SafeString:
    """The shown state of a chantier: anything with `k` (0–6), `icon` and `label`. `css`: 'fort' on the page's head."""
    css = f" {css}" if css else ""
    return (
        format_html('<span class="etat e{}{}">{}{}</span>', state.k, css, ic(state.icon), state.label) if state else SafeString()
    )


@register.simple_tag
def cercle(circle: str, words: str = "") -> SafeString:
    """Who reads this: one chip per block. `circle` is a code of people.stages.Circle."""
    if circle not in CIRCLES:
        return SafeString()
    css, icon, label = CIRCLES[circle]
    return format_html('<span class="cercle {}">{}{}</span>', css, ic(icon), words or label)


@register.simple_tag
def meteo(weather: str) -> SafeString:
    """The weather of a chantier, from its code (chantiers.stages.Weather); nothing when it was never given."""
    if weather not in WEATHERS:
        return SafeString()
    css, icon, label = WEATHERS[weather]
    return format_html('<span class="meteo {}">{}{}</span>', css, ic(icon), label)


@register.simple_tag
def jalon(mark: Any) -> SafeString:
    """Progress in six marks, decorative: write 'étape 3 sur 6' beside. `mark`: 0 to 6, or a shown state."""
    number = max(0, min(LAST_MARK, int(getattr(mark, "k", mark) or 0)))
    return format_html('<span class="jalon j{}" aria-hidden="true"></span>', number)


@register.simple_tag
def feuille(moment: date | datetime | None, precision: str = "") -> SafeString:
    """The leaf of a calendar; `precision='month'` when the day is not known yet."""
    if not moment:
        return SafeString()
    day = dates.local_date(moment)
    if precision == "month":
        return format_html(
            '<time class="feuille mois" datetime="{}"><b>{}</b>{}</time>', f"{day:%Y-%m}", dates.short_month(day), day.year
        )
    number = SafeString("1<sup>er</sup>") if dates.day_number(day) == "1er" else day.day
    return format_html('<time class="feuille" datetime="{}"><b>{}</b>{}</time>', day.isoformat(), number, dates.short_month(day))


@register.filter
def texte(words: str | None) -> SafeString:
    """Plain text as paragraphs and lists (language/paragraphs.py), its addresses as links; everything in it is escaped."""
    return format_html_join("\n", "{}", ((_block(block),) for block in parse(words or "")))


def _block(block: Block) -> SafeString:
    # urlize escapes what it is given.
    if isinstance(block, Bullets):
        entries = ((mark_safe(urlize(entry, nofollow=True, autoescape=True)),) for entry in block.entries)  # noqa: S308
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", entries))
    lines = ((mark_safe(urlize(line, nofollow=True, autoescape=True)),) for line in block.lines)  # noqa: S308
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", lines))


@register.filter
def jour_iso(day: str) -> str:
    """7 novembre, of "2017-11-07" as frozen contents write it."""
    return dates.short_day(date.fromisoformat(day)) if day else ""


@register.filter
def suivante(rows: list[Any], place: int) -> Any:
    """The row at `place`, counted from 0: after the one whose `forloop.counter` is `place`."""
    return rows[place]


@register.filter
def extension(filename: str) -> str:
    """PDF, of "plan.pdf"."""
    return filename.rpartition(".")[2].upper()


@register.filter
def jour(moment: date | datetime | None) -> str:
    """mardi 7 novembre 2017"""
    return dates.long_day(moment) if moment else ""


@register.filter
def jour_court(moment: date | datetime | None) -> str:
    """7 novembre"""
    return dates.short_day(moment) if moment else ""


@register.filter
def jour_annee(moment: date | datetime | None) -> str:
    """7 novembre 2017"""
    return dates.day_of_year(moment) if moment else ""


@register.filter
def mois(moment: date | datetime | None) -> str:
    """novembre 2017"""
    return dates.month(moment) if moment else ""


@register.filter
def heure(moment: datetime | time | None) -> str:
    """14 h 30"""
    return dates.hour(moment) if moment is not None and moment != "" else ""


@register.filter
def quand(moment: date | datetime | None) -> str:
    """mardi 7 novembre 2017 à 14 h 30"""
    return dates.when(moment) if moment else ""


@register.filter
def depuis(moment: date | datetime | None, today: date | datetime) -> str:
    """il y a 3 jours"""
    return dates.since(moment, today) if moment and today else ""


@register.filter
def mille(number: float | None) -> str:
    """12 345"""
    return "" if number is None or number == "" else dates.thousands(number)


@register.filter
def ordinal(number: int, gender: str = "") -> str:
    """2e; `|ordinal:"f"` for a feminine noun (1re)."""
    return dates.ordinal(int(number), feminine=gender == "f")


@register.filter
def appareil(user_agent: str) -> str:
    """Firefox, Windows"""
    return device_name(user_agent or "")


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The page's own query string with these parameters changed; an empty value takes the parameter away."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def entry(context: Context, door: str, label: str, icon: str = "", css: str = "") -> SafeString:
    """An entry of a menu: `<li><a>`, marked when one is on that page or below it.

    `door` is a URL name; a door that this installation does not have is not shown.
    """
    try:
        url = reverse(door)
    except NoReverseMatch:
        return SafeString()
    request = context.get("request")
    path = request.path if request else ""
    here = ' aria-current="page"' if path == url else ' aria-current="true"' if path.startswith(url) and url != "/" else ""
    return format_html(
        '<li><a{} href="{}"{}>{}{}</a></li>',
        format_html(' class="{}"', css) if css else "",
        url,
        SafeString(here),
        ic(icon) if icon else "",
        label,
    )


@register.simple_tag
def page_numbers(page: Page) -> list[tuple[int | None, str]]:
    """Numbers of the pages around `page`, as (number or None for a gap, text)."""
    return [
        (number if isinstance(number, int) else None, str(number))
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.simple_tag
def error_links(form: BaseForm) -> list[tuple[str, str]]:
    """What is to be corrected in `form`, as (anchor of the field or "", sentence); a sentence that several fields say is told
    with the name of each. The form then knows that its errors are summed up already, and does not draw the summary itself."""
    form.errors_summed_up = True  # type: ignore[attr-defined]
    links: list[tuple[str, Any, Any]] = [("", error, "") for error in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            field = form[name]
            anchor = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
            links += [(anchor, error, field.label) for error in field.errors]
    said = Counter(str(error) for _anchor, error, _label in links)
    several = {sentence for sentence, n in said.items() if n > 1}
    words = _("« %(field)s » : %(error)s")
    return [
        (anchor, words % {"field": label, "error": error} if label and str(error) in several else error)
        for anchor, error, label in links
    ]


@register.simple_tag
def without_placeholders(form: BaseForm) -> str:
    """Takes away the placeholders that a third party's form repeats its labels in (design.md §7: never a label in a field)."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return ""


#: Rooms above say how many things wait behind a door of the navigation: its name → `(request) -> int` (docs/adr/0011).
nav_counts: dict[str, Callable[[HttpRequest], int]] = {}


@register.simple_tag(takes_context=True)
def nav_count(context: Context, name: str) -> int:
    """How many things wait behind this door for the reader; asked once a page."""
    request = context.get("request")
    return nav_counts[name](request) if request is not None and name in nav_counts else 0
