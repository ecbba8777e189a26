"""A frame file to a checked `Frame`: syntax, schema, then what the schema cannot say (references, repeats, dates)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from dialogue.language.text import normalise
from dialogue.territories.frame import schema
from dialogue.territories.frame.files import MAX_BYTES, load_communes, load_json
from dialogue.territories.frame.problems import Problems, json_path, shown
from dialogue.territories.stages import DateKind, Precision
from dialogue.ui.icons import ICONS

__all__ = ["MAX_BYTES", "Frame", "read"]

BRAND_KEYS = ("site_name", "tagline", "publisher", "host", "privacy_contact", "presentation", "attribution")


@dataclass
class Frame:
    """A checked frame: field values of the models, by section. Communes, dates and priorities name theirs by code."""

    file: str
    department: dict[str, Any] = field(default_factory=dict)
    territories: list[dict[str, Any]] = field(default_factory=list)
    communes: list[dict[str, Any]] = field(default_factory=list)
    themes: list[dict[str, Any]] = field(default_factory=list)
    dates: list[dict[str, Any]] = field(default_factory=list)
    priorities: list[dict[str, Any]] = field(default_factory=list)
    chantiers: list[dict[str, Any]] = field(default_factory=list)


def read(path: Path | str) -> Frame:
    """Reads and checks a frame file and the CSV it names. Raises Refused with every error (fifty at most) and its place."""
    path = Path(path)
    problems = Problems(path.name)
    document = load_json(path, problems)
    if document is None:
        problems.refuse()
    document = _stripped(document)
    schema.check(document, problems)
    if not isinstance(document, dict):
        problems.refuse()
    communes = document.get("communes")
    rows = load_communes(path.with_name(communes), problems) if isinstance(communes, str) and _plain(communes) else None
    sound = {section: _sound(document, section, problems) for section in ("territories", "themes", "dates", "priorities", "chantiers")}
    codes = {section: _codes(document, section) for section in ("territories", "themes", "dates")}
    for section in codes:
        _repeats(section, sound[section], ("code",), problems)
    _repeats("territories", sound["territories"], ("name",), problems)
    _repeats("themes", sound["themes"], ("name",), problems)
    _tiles(sound["territories"], problems)
    frame = Frame(file=path.name)
    frame.department = _department(document, problems)
    frame.territories = [_territory(rank, item) for rank, item in sound["territories"]]
    frame.communes = _communes(rows, document, problems)
    frame.themes = [_theme(rank, item, problems) for rank, item in sound["themes"]]
    frame.dates = [_date(rank, item, codes["territories"], problems) for rank, item in sound["dates"]]
    frame.priorities = _priorities(sound["priorities"], codes, problems)
    frame.chantiers = [item for _rank, item in sound["chantiers"]]
    _chantiers(sound["chantiers"], document, codes, problems)
    problems.refuse()
    return frame


def _stripped(value: Any) -> Any:
    """The document without spaces around its texts: a text of spaces alone is an empty text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_stripped(inner) for inner in value]
    return {key: _stripped(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def _plain(name: str) -> bool:
    """A file beside, never elsewhere on the machine."""
    return Path(name).name == name and name.endswith(".csv")


def _sound(document: dict[str, Any], section: str, problems: Problems) -> list[tuple[int, dict[str, Any]]]:
    """The items of a section that have no error of their own yet, with their rank."""
    items = document.get(section, [])
    return [
        (rank, item)
        for rank, item in enumerate(items if isinstance(items, list) else [])
        if (section, rank) not in problems.spoilt
    ]


def _codes(document: dict[str, Any], section: str) -> set[str] | None:
    """The codes of every item that has one, sound or not; None when the section holds none: that is said already."""
    items = document.get(section)
    if section == "dates" and items is None:
        return set()
    found = {item["code"] for item in _objects(items) if isinstance(item.get("code"), str)}
    return found or None


def _objects(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _names(document: dict[str, Any]) -> dict[str, str]:
    """Code or normalised name of a territory → its code."""
    rows = [item for item in _objects(document.get("territories")) if isinstance(item.get("code"), str)]
    named = {normalise(item["name"]): item["code"] for item in rows if isinstance(item.get("name"), str)}
    return named | {item["code"]: item["code"] for item in rows}


def _repeats(section: str, items: Iterable[tuple[int, dict[str, Any]]], keys: tuple[str, ...], problems: Problems) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for rank, item in items:
        value = tuple(normalise(str(item[key])) for key in keys)
        if value in seen:
            sentence = _("%(value)s est déjà pris par %(other)s.")
            other = json_path([section, seen[value]])
            problems.at([section, rank, keys[0]], sentence % {"value": shown(item[keys[0]]), "other": other})
        seen.setdefault(value, rank)


def _tiles(items: Iterable[tuple[int, dict[str, Any]]], problems: Problems) -> None:
    seen: dict[tuple[int, int], int] = {}
    for rank, item in items:
        tile = (int(item["tile"]["row"]), int(item["tile"]["column"]))
        if tile in seen:
            sentence = _("cette tuile est déjà prise par %(other)s.")
            problems.at(["territories", rank, "tile"], sentence % {"other": json_path(["territories", seen[tile]])})
        seen.setdefault(tile, rank)


def _department(document: dict[str, Any], problems: Problems) -> dict[str, Any]:
    given = document.get("department")
    if not isinstance(given, dict) or not isinstance(given.get("contact"), dict) or not isinstance(given.get("brand", {}), dict):
        return {}
    contact = given["contact"]
    try:
        if isinstance(contact.get("email"), str):
            validate_email(contact["email"])
    except ValidationError:
        problems.at(
            ["department", "contact", "email"],
            _("%(value)s n’est pas une adresse électronique.") % {"value": shown(contact.get("email"))},
        )
    fields = {key: given[key] for key in ("code", "name", *BRAND_KEYS) if key in given}
    fields |= {f"contact_{key}": contact[key] for key in ("service", "email", "phone") if key in contact}
    brand = given.get("brand", {})
    # Decimals, as the database gives them back: a second load must see no difference.
    return fields | {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in brand.items()}


def _territory(rank: int, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": item["code"],
        "name": item["name"],
        "short_name": item.get("short_name", item["name"][:40]),
        "order": rank,
        "tile_row": int(item["tile"]["row"]),
        "tile_column": int(item["tile"]["column"]),
        "description": item.get("description", ""),
    }


def _theme(rank: int, item: dict[str, Any], problems: Problems) -> dict[str, Any]:
    icon = item.get("icon", "doc")
    if icon not in ICONS:
        sentence = _("l’icône %(icon)s n’existe pas. Icônes connues : %(known)s.")
        problems.at(["themes", rank, "icon"], sentence % {"icon": shown(icon), "known": ", ".join(ICONS)})
    return {
        "code": item["code"],
        "name": item["name"],
        "short_name": item.get("short_name", item["name"][:40]),
        "icon": icon,
        "keywords": item.get("keywords", []),
        "description": item.get("description", ""),
        "order": rank,
    }


def _communes(rows: list[dict[str, Any]] | None, document: dict[str, Any], problems: Problems) -> list[dict[str, Any]]:
    """Communes of the CSV (`rows`) or of the JSON, with the code of their territory."""
    territories = _names(document)
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    if rows is None:
        given = document.get("communes")
        sound = _sound(document, "communes", problems) if isinstance(given, list) else []
        rows = [
            item | {"place": {key: f"{problems.file}, {json_path(['communes', rank, key])}" for key in item}}
            for rank, item in sound
        ]
    for row in rows:
        place = row.pop("place")
        errors = list(schema.commune_validator().iter_errors(row))
        for error in errors:
            for path, sentence in schema.say(error):
                problems.add(place.get(path[0], ""), sentence)
        if schema.FORBIDDEN.search("".join(str(value) for value in row.values())):
            problems.add(place["name"], _("ce texte contient un signe invisible interdit. Retapez-le."))
            continue
        if errors:
            continue
        if row["insee_code"] in seen:
            problems.add(place["insee_code"], _("la commune %(code)s est écrite deux fois.") % {"code": row["insee_code"]})
        seen.add(row["insee_code"])
        code = territories.get(row["territory"]) or territories.get(normalise(row["territory"]))
        if code is None and territories:
            problems.add(place["territory"], _("aucun territoire ne s’appelle %(name)s.") % {"name": shown(row["territory"])})
        found.append({"epci_name": ""} | row | {"territory": code})
    return found


def _date(rank: int, item: dict[str, Any], territories: set[str] | None, problems: Problems) -> dict[str, Any]:
    def wrong(key: str, sentence: str) -> None:
        problems.at(["dates", rank, key], sentence)

    if ("month" in item) == ("day" in item):
        wrong("day", _("donnez « month » ou « day », l’un des deux."))
        return {}
    unit = "month" if "month" in item else "day"
    if f"until_{'day' if unit == 'month' else 'month'}" in item:
        wrong(
            f"until_{'day' if unit == 'month' else 'month'}",
            _("la fin s’écrit comme le début : « until_%(unit)s ».") % {"unit": unit},
        )
    if "time" in item and unit == "month":
        wrong("time", _("une heure demande un jour : « day »."))
    if territories and "territory" in item and item["territory"] not in territories:
        wrong("territory", _("aucun territoire n’a le code %(code)s.") % {"code": shown(item["territory"])})
    starts_on, ends_on = _day(item[unit]), _day(item.get(f"until_{unit}", ""), last=True)
    for key, day in ((unit, starts_on), (f"until_{unit}", ends_on)):
        if key in item and day is None:
            wrong(key, _("%(value)s n’existe pas dans le calendrier.") % {"value": shown(item[key])})
    if starts_on and ends_on and ends_on < starts_on:
        wrong(f"until_{unit}", _("la fin précède le début."))
    return {
        "code": item["code"],
        "kind": DateKind(item["kind"]),
        "series": item.get("series"),
        "title": item["title"],
        "territory": item.get("territory"),
        "precision": Precision.TIME if "time" in item else Precision(unit),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "starts_at": time.fromisoformat(item["time"]) if "time" in item else None,
        "place": item.get("place", ""),
        "description": item.get("description", ""),
        "circle": item.get("circle", "public"),
    }


def _day(text: str, *, last: bool = False) -> date | None:
    """2017-11-14, or the first (or last) day of 2017-11; None when there is no such day."""
    try:
        numbers = [int(part) for part in text.split("-")]
        if len(numbers) == 2:  # noqa: PLR2004 — a year and a month
            numbers.append(calendar.monthrange(*numbers)[1] if last else 1)
        return date(*numbers)
    except (ValueError, TypeError):
        return None


def _priorities(
    items: list[tuple[int, dict[str, Any]]], codes: dict[str, set[str] | None], problems: Problems
) -> list[dict[str, Any]]:
    seen: dict[tuple[str, str], int] = {}
    for rank, item in items:
        for key, section in (("territory", "territories"), ("theme", "themes")):
            known = codes[section]
            if known and item[key] not in known:
                sentence = _("aucun territoire n’a le code %(code)s.") if key == "territory" else _("aucun thème n’a le code %(code)s.")
                problems.at(["priorities", rank, key], sentence % {"code": shown(item[key])})
        pair = (item["territory"], item["theme"])
        if pair in seen:
            sentence = _("cette priorité est déjà écrite en %(other)s.")
            problems.at(["priorities", rank, "theme"], sentence % {"other": json_path(["priorities", seen[pair]])})
        seen.setdefault(pair, rank)
    return [{"statement": ""} | item for _rank, item in items]


def _chantiers(
    items: list[tuple[int, dict[str, Any]]], document: dict[str, Any], codes: dict[str, set[str] | None], problems: Problems
) -> None:
    kinds = {str(kind) for kind in DateKind} - {DateKind.COUNCIL}
    councils = {str(item.get("code")) for item in _objects(document.get("dates")) if str(item.get("kind")) not in kinds}
    themes, territories = codes["themes"], codes["territories"]
    _repeats("chantiers", items, ("number",), problems)
    for rank, item in items:
        if themes and item["theme"] not in themes:
            problems.at(["chantiers", rank, "theme"], _("aucun thème n’a le code %(code)s.") % {"code": shown(item["theme"])})
        for place, code in enumerate(item["territories"]):
            if territories and code not in territories:
                sentence = _("aucun territoire n’a le code %(code)s.")
                problems.at(["chantiers", rank, "territories", place], sentence % {"code": shown(code)})
        if item.get("council") and item["council"] not in councils:
            sentence = _("aucun conseil de territoire n’a le code %(code)s dans « dates ».")
            problems.at(["chantiers", rank, "council"], sentence % {"code": shown(item["council"])})
