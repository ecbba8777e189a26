"""A version as a tagged PDF: the same content as the page, version and seal in the footer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.formats import pdf, qr
from dialogue.language.paragraphs import Bullets, parse
from dialogue.restitution.models import Version
from dialogue.restitution.reading import ConferenceRead, Entry, PointRead
from dialogue.territories.models import Department
from dialogue.ui.dates import long_day
from dialogue.ui.typography import spaced

TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
BRAND = "#00536b"
Block = dict[str, Any]


def of_point(version: Version, read: PointRead) -> bytes:
    """`read`: for everybody, or for partners (with the météo and what else is theirs)."""
    heading = _("Point d’étape : %(territory)s") % {"territory": read.territory}
    return _made(version, read, heading, read.gathering.title_of_one, point_blocks(read))


def of_conference(version: Version, read: ConferenceRead) -> bytes:
    return _made(version, read, _("Restitution des chantiers"), read.gathering.title, conference_blocks(read))


def footer_of(version: Version, *, for_partners: bool) -> str:
    """« version 2 · empreinte 6f1c… », and for whom: the seal is that of what this file says."""
    seal = version.sha256_reserved if for_partners else version.sha256
    told = _("version %(n)d · empreinte %(seal)s") % {"n": version.number, "seal": seal[:16]}
    return " · ".join((told, _("édition réservée aux partenaires"))) if for_partners else told


def _made(version: Version, read: Any, heading: str, over: str, blocks: list[Block]) -> bytes:
    department = Department.objects.first()
    footer = footer_of(version, for_partners=read.for_partners)
    state = _("Version %(n)d, figée le %(day)s") % {"n": version.number, "day": long_day(version.made_at)}
    data = {
        "title": f"{heading} · {over}",
        "author": department.name if department else "",
        "description": footer,
        "lang": (get_language() or "fr")[:2],
        "brand": BRAND,
        "over": over,
        "heading": heading,
        "when": read.day[:1].upper() + read.day[1:],
        "state": state + (f" · {version.change_note}" if version.change_note else ""),
        "footer": footer,
        "blocks": blocks,
    }
    return pdf.document(TEMPLATE, spaced_all(data), made_at=version.made_at)


def point_blocks(read: PointRead, *, level: int = 2) -> list[Block]:
    found = prose(read.introduction)
    for entry in read.entries:
        found += entry_blocks(entry, level=level)
    if read.conclusion.strip():
        found += [heading(_("Pour conclure"), level), *prose(read.conclusion)]
    return found


def conference_blocks(read: ConferenceRead) -> list[Block]:
    found = prose(read.introduction)
    found.append(heading(_("L’ensemble en chiffres"), 2))
    found.append({"kind": "figures", "rows": [[number, what] for number, what in read.figures]})
    if read.states:
        found.append({"kind": "list", "lines": [f"{state.label} : {n}" for state, n in read.states]})
    for each in read.points:
        found += [heading(each.territory, 2), note(_("Point d’étape, version %(n)d") % {"n": read.versions.get(each.code, 1)})]
        found += point_blocks(each, level=3)
    if read.conclusion.strip():
        found += [heading(_("Pour conclure"), 2), *prose(read.conclusion)]
    return found


def entry_blocks(entry: Entry, *, level: int) -> list[Block]:
    """One chantier: where it is, what is done, what is left, what it asks."""
    found = [heading(entry.title, level), note(f"{entry.state.label} · {entry.facts['theme']} · {entry.figures}")]
    if entry.is_reserved:
        found.append(note(_("Chantier réservé aux partenaires")))
    if entry.weather:
        told = f"{entry.weather.label} ({entry.weather.note})"
        found.append(note(f"{told} : {entry.weather.sentence}" if entry.weather.sentence else told))
    found += [{"kind": "lead", "label": _("Objectif"), "text": entry.facts["objective"]}]
    found += part(_("Ce qui est fait"), prose(entry.done), level + 1)
    found += part(_("Ce qui reste"), prose(entry.left), level + 1)
    found += part(_("Les étapes"), _lines([f"{step.title} : {step.note}" for step in entry.steps]), level + 1)
    named = [f"{each.title} : {each.note}" if each.note else each.title for each in entry.deliverables]
    found += part(_("Les livrables"), _lines(named), level + 1)
    decided = [f"D{each['number']}. {each['text']}" for each in entry.decisions]
    found += part(_("Des décisions du groupe"), _lines(decided), level + 1)
    for block in entry.blocks:
        found += part(block["title"], _lines([line["text"] for line in block["lines"]]), level + 1)
    found += part(_("Ce que nous demandons"), prose(entry.asked), level + 1)
    if entry.call:
        found += part(_("Rejoindre le groupe"), [call(entry)], level + 1)
    return found


def call(entry: Entry) -> Block:
    return {
        "kind": "call",
        "text": entry.call,
        "url": entry.short_url,
        "svg": qr.svg(entry.short_url),
        "alt": _("Code QR vers %(url)s") % {"url": entry.short_url},
    }


def part(title: str, blocks: list[Block], level: int) -> list[Block]:
    """Nothing to say, no title either: an empty heading is refused by PDF/UA."""
    return [heading(title, level), *blocks] if blocks else []


def heading(text: str, level: int) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def note(text: str) -> Block:
    return {"kind": "note", "text": text}


def _lines(lines: list[str]) -> list[Block]:
    return [{"kind": "list", "lines": lines}] if lines else []


def prose(text: str) -> list[Block]:
    return [
        {"kind": "list", "lines": list(block.entries)}
        if isinstance(block, Bullets)
        else {"kind": "prose", "lines": list(block.lines)}
        for block in parse(text)
    ]


def spaced_all(value: Any, key: str = "") -> Any:
    """French spaces, as the pages get them when they are rendered; addresses and drawings are left as they are."""
    if isinstance(value, str):
        return value if key in {"svg", "url", "brand", "kind", "lang"} else spaced(value)
    if isinstance(value, list):
        return [spaced_all(each) for each in value]
    return {name: spaced_all(each, name) for name, each in value.items()} if isinstance(value, dict) else value
