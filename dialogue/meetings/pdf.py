"""The minutes, or their decision log alone, as a PDF: the same content as the page, version and seal in the footer."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.formats import pdf
from dialogue.language.paragraphs import Bullets, parse
from dialogue.meetings.content import Content
from dialogue.meetings.models import MinutesVersion
from dialogue.territories.models import Department
from dialogue.ui.dates import long_day, ordinal, short_day, when
from dialogue.ui.typography import spaced

TEMPLATE = Path(__file__).parent / "typst" / "minutes.typ"
BRAND = "#00536b"


def of_version(version: MinutesVersion, *, log_only: bool = False) -> bytes:
    """The whole minutes, or the relevé de décisions alone."""
    content: Content = version.content
    name = _("Relevé de décisions") if log_only else _("Compte-rendu")
    number = ordinal(content["number"], feminine=True)
    heading = _("%(name)s de la %(number)s séance") % {"name": name, "number": number}
    department = Department.objects.first()
    footer = _("%(name)s d’un groupe de travail · version %(n)d · empreinte %(seal)s") % {
        "name": name,
        "n": version.number,
        "seal": version.sha256[:16],
    }
    state = _("Version %(n)d, %(day)s") % {"n": version.number, "day": long_day(version.made_at)}
    if version.published_at is None:
        state = _("Version %(n)d, en relecture : réservée au groupe") % {"n": version.number}
    data = {
        "title": f"{heading} : {content['chantier']}",
        "author": department.name if department else "",
        "description": footer,
        "lang": (get_language() or "fr")[:2],
        "brand": BRAND,
        "over": content["chantier"],
        "heading": heading,
        "when": _when(content),
        "state": state + (f" · {version.change_note}" if version.change_note else ""),
        "footer": footer,
        "sections": sections(content, log_only=log_only),
    }
    return pdf.document(TEMPLATE, _spaced(data), made_at=version.made_at)


def _when(content: Content) -> str:
    told = when(datetime.fromisoformat(content["starts_at"])) if content["starts_at"] else ""
    return " · ".join(filter(None, [told[:1].upper() + told[1:], content["place"]]))


def sections(content: Content, *, log_only: bool) -> list[dict[str, Any]]:
    """Titles, registers and paragraphs, in the order of the page."""
    decisions = [
        {"label": f"D{d['number']}", "text": d["text"], "note": _joined(d["agreement"], d["follow_up"])}
        for d in content["decisions"]
    ]
    actions = [
        {"label": f"A{a['number']}", "text": a["text"], "note": _joined(a["owner"], _by(a["due_on"]))} for a in content["actions"]
    ]
    found = [_section(_("Relevé de décisions"), 2, rows=decisions), _section(_("Actions décidées"), 2, rows=actions)]
    if not log_only:
        found += [_section(f"{n}. {item['title']}", 2, text=item["notes"]) for n, item in enumerate(content["items"], 1)]
        found.append(_section(_("Participants"), 2, text="\n\n".join(participants(content))))
        if content["next"]:
            following = when(datetime.fromisoformat(content["next"]["starts_at"]))
            place = content["next"]["place"]
            found.append(
                _section(_("Prochaine séance"), 2, text=following[:1].upper() + following[1:] + (f", {place}" if place else ""))
            )
    return found


def participants(content: Content) -> list[str]:
    """« Présents : … », one sentence for each kind of presence that there is."""
    present = [f"{p['name']} ({p['note']})" if p["note"] else p["name"] for p in content["present"]]
    represented = [_("%(name)s (par %(by)s)") % r if r["by"] else r["name"] for r in content["represented"]]
    told = [
        (_("Présents :"), present),
        (_("Représentés :"), represented),
        (_("Excusés :"), content["excused"]),
        (_("Absents :"), content["absent"]),
    ]
    return [f"{title} {', '.join(names)}." for title, names in told if names]


def _by(day: str) -> str:
    return _("pour le %(day)s") % {"day": short_day(date.fromisoformat(day))} if day else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _section(title: str, level: int, *, rows: list[dict[str, str]] | None = None, text: str = "") -> dict[str, Any]:
    blocks = [
        {"kind": "list", "lines": list(block.entries)}
        if isinstance(block, Bullets)
        else {"kind": "prose", "lines": list(block.lines)}
        for block in parse(text)
    ]
    return {"title": title, "level": level, "rows": rows or [], "blocks": blocks}


def _spaced(value: Any) -> Any:
    """French spaces, as the pages get them when they are rendered."""
    if isinstance(value, str):
        return spaced(value)
    if isinstance(value, list):
        return [_spaced(each) for each in value]
    return {key: _spaced(each) for key, each in value.items()} if isinstance(value, dict) else value
