"""A frozen edition as a PDF: the same content as its page, edition number and seal in the footer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.formats import pdf
from dialogue.formats.json import is_whole
from dialogue.language.paragraphs import Bullets, parse
from dialogue.pacts.content import Content, adoption_of, grouped, total_cost
from dialogue.pacts.models import PactEdition
from dialogue.pacts.stages import ActionState, Origin, Situation
from dialogue.pacts.wording import day_of, headings, state_of
from dialogue.territories.models import Department
from dialogue.ui.dates import long_day, thousands
from dialogue.ui.typography import spaced

TEMPLATE = Path(__file__).parent / "typst" / "pact.typ"
BRAND = "#00536b"


def of_edition(edition: PactEdition) -> bytes:
    """Of an adopted edition: deterministic, so that nothing but its content has to be kept.

    In the language in which it was frozen, whoever reads: a document half in another one would be read aloud wrongly.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _made(edition)


def _made(edition: PactEdition) -> bytes:
    content: Content = edition.content
    department = Department.objects.first()
    heading = _("Pacte de territoire %(year)d") % {"year": content["year"]}
    seal = edition.sha256[:16] if is_whole(content, edition.sha256, edition) else _("non conforme")
    footer = _("%(heading)s, %(territory)s · édition %(n)d · empreinte %(seal)s") % {
        "heading": heading, "territory": content["territory"], "n": content["number"], "seal": seal,
    }  # fmt: skip
    data = {
        "title": f"{heading} : {content['territory']}",
        "author": department.name if department else "",
        "description": footer,
        "lang": settings.LANGUAGE_CODE[:2],
        "brand": BRAND,
        "over": department.name if department else "",
        "heading": heading,
        "territory": content["territory"],
        "state": _state(edition),
        "footer": footer,
        "sections": _sections(content),
    }
    # The same whenever the file is asked for.
    return pdf.document(TEMPLATE, _spaced(data), made_at=edition.published_at or edition.prepared_at)


def _state(edition: PactEdition) -> str:
    adoption = adoption_of(edition)
    told = _("Volet opérationnel adopté le %(day)s") % {"day": long_day(adoption.on)} if adoption.on else ""
    decision = _("délibération n° %(n)s") % {"n": adoption.resolution} if adoption.resolution else adoption.words
    note = _("Édition %(n)d : %(note)s") % {"n": edition.number, "note": adoption.change_note} if edition.number > 1 else ""
    return " · ".join(part for part in (told, decision, note) if part)


def _sections(content: Content) -> list[dict[str, Any]]:
    figures = [{"number": thousands(row["number"]), "words": row["words"]} for row in content["figures"]]
    found = [
        _section(_("Le projet de territoire"), text=content["introduction"]),
        _section(_("Les enjeux prioritaires"), rows=[_issue(row) for row in content["issues"]]),
        _section(_("Bilan %(year)d") % {"year": content["report_year"]}, text=content["report"]),
        _section(_("L’année %(year)s en chiffres") % {"year": content["report_year"]}, figures=figures),
    ]
    for situation, rows in grouped(content):
        found.append(_section(str(headings(content["year"])[situation]), actions=[_action(row) for row in rows]))
    cost = total_cost(content)
    if cost:
        found.append(_section("", text=_("Coût prévu des actions à mener : %(n)s €.") % {"n": thousands(cost)}))
    return found


def _issue(row: dict[str, str]) -> dict[str, str]:
    return {"strong": row["theme"], "rest": f" : {row['statement']}" if row["statement"] else ""}


def _action(row: dict[str, Any]) -> dict[str, Any]:
    facts = [
        (_("État"), state_of(row)),
        (_("Thème"), row["theme"]),
        (_("Organisme pilote"), row["lead"]),
        (_("Coût prévu"), _("%(n)s €") % {"n": thousands(row["cost"])} if row["cost"] is not None else ""),
        (_("Échéance"), day_of(row["due_on"]) if row["state"] not in {ActionState.DONE, ActionState.DROPPED} else ""),
        (_("Origine"), origin_of(row["origin"])),
        (_("Motif"), row["motive"]),
        (_("Où elle en est"), row["note"]),
    ]
    return {
        "label": str(row["number"]),
        "title": row["title"],
        "blocks": _blocks(row["text"] if row["situation"] in {Situation.NEW, Situation.CARRIED} else ""),
        "facts": [{"label": label, "text": text} for label, text in facts if text],
    }


def origin_of(origin: dict[str, Any]) -> str:
    """Where an action comes from, in one sentence of a frozen content."""
    parts = []
    if origin["kind"] == Origin.PROPOSITION:
        said = (
            _("proposition votée « %(title)s »") % {"title": origin["title"]} if origin["title"] else _("une proposition votée")
        )
        parts.append(said + (_(", délibération n° %(n)s") % {"n": origin["resolution"]} if origin["resolution"] else ""))
    if origin["contributions"]:
        numbers = ", ".join(str(n) for n in origin["contributions"])
        parts.append(ngettext("contribution n° %(n)s", "contributions n° %(n)s", len(origin["contributions"])) % {"n": numbers})
    elif origin["kind"] == Origin.CONTRIBUTION:
        parts.append(_("des contributions déposées"))
    if origin["words"]:
        parts.append(origin["words"])
    return " ; ".join(parts)


def _section(title: str, *, text: str = "", **lists: list[Any]) -> dict[str, Any]:
    return {"title": title, "blocks": _blocks(text), "rows": [], "figures": [], "actions": []} | lists


def _blocks(text: str) -> list[dict[str, Any]]:
    return [
        {"kind": "list", "lines": list(block.entries)}
        if isinstance(block, Bullets)
        else {"kind": "prose", "lines": list(block.lines)}
        for block in parse(text)
    ]


def _spaced(value: Any) -> Any:
    """French spaces, as the pages get them when they are rendered."""
    if isinstance(value, str):
        return spaced(value)
    if isinstance(value, list):
        return [_spaced(each) for each in value]
    return {key: _spaced(each) for key, each in value.items()} if isinstance(value, dict) else value
