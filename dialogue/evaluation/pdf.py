"""The evaluation of a chantier, or an edition of the whole process, as a tagged PDF: the content of the page, its seal in the footer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.evaluation.models import EvaluationVersion, ProcessEdition
from dialogue.evaluation.pages import read_page, surveys_page
from dialogue.evaluation.results import Results
from dialogue.evaluation.still import Still
from dialogue.evaluation.table import Row
from dialogue.formats import pdf
from dialogue.formats.json import is_whole
from dialogue.language.paragraphs import Bullets, parse
from dialogue.territories.models import Department
from dialogue.ui.dates import long_day
from dialogue.ui.typography import spaced

TEMPLATE = Path(__file__).parent / "typst" / "evaluation.typ"
BRAND = "#00536b"


def of_version(version: EvaluationVersion) -> bytes:
    """In the language in which it was frozen, whoever reads: a document half in another one would be read aloud wrongly."""
    with translation.override(settings.LANGUAGE_CODE):
        return _version(version)


def of_edition(edition: ProcessEdition, still: Still) -> bytes:
    """The same of an edition of the year; `still`: the lines that everybody may read today."""
    with translation.override(settings.LANGUAGE_CODE):
        return _edition(edition, still)


def _version(version: EvaluationVersion) -> bytes:
    content, page = version.content, read_page(version.content)
    sections = [
        _prose(_("Ce que le groupe avait promis"), _promised(content)),
        _table(
            _("Les objectifs"),
            [_("Objectif"), _("Au départ"), _("À atteindre"), _("Mesuré"), _("Appréciation")],
            [
                [
                    _joined(line["title"], line["indicator"]), line["start"] or "–", line["target"] or "–",
                    _measured(line), _joined(line["chip"].label, line["why"]),
                ]
                for line in page["objectives"]
            ],
        ),
        _table(
            _("Les livrables"),
            [_("Livrable"), _("Prévu le"), _("Publié le"), _("Appréciation")],
            [
                [
                    line["title"], _day(line["due_on"]), _joined(_day(line["published_on"]), line["delay"], line["given_up"]),
                    _joined(line["chip"].label, line["why"]),
                ]
                for line in page["deliverables"]
            ],
        ),
        *(_prose(title, text) for title, text in page["texts"]),
        *_survey(page["results"]),
        _figures(content["figures"]),
    ]  # fmt: skip
    state = _("Version %(n)d, publiée le %(day)s") % {"n": version.number, "day": long_day(version.made_at)}
    return _made(
        title=_("Évaluation : %(title)s") % {"title": content["chantier"]},
        over=" · ".join([content["theme"], *content["territories"]]),
        heading=_("Évaluation du chantier « %(title)s »") % {"title": content["chantier"]},
        state=_joined(state, version.change_note, sep=" · "),
        seal=_seal_of(version), number=version.number, sections=sections, made_at=version.made_at,
    )  # fmt: skip


def _edition(edition: ProcessEdition, still: Still) -> bytes:
    content, rows = edition.content, still.rows
    together = surveys_page(content["surveys"])
    period = _("Période : du %(start)s au %(end)s.") % {"start": _day(content["starts_on"]), "end": _day(content["ends_on"])}
    apart = [
        (content["reserved"], _("Chantiers réservés aux partenaires, hors de ce tableau : %(n)d.")),
        (still.withdrawn, _("Chantiers de cette édition qui ne sont plus publics, retirés de ce tableau : %(n)d.")),
    ]
    sections = [
        _prose(_("Ce que cette évaluation regarde"), f"{content['introduction']}\n\n{period}"),
        _prose(_("Ce que nous en retenons"), content["lessons"]),
        _table(
            _("Les chantiers, côte à côte"),
            [_("N°"), _("Chantier"), _("Thème et territoires"), _("Résultat"), _("Objectifs"), _("Livrables")],
            [[str(row.number), row.title, f"{row.theme} · {row.places}", row.label, *_counted(row)] for row in rows],
            widths=["auto", "2fr", "2fr", "1.2fr", "1fr", "1fr"],
        ),
        *(_prose("", words % {"n": n}) for n, words in apart if n),
        *(_survey(together[1]) if together else []),
        _figures(content["figures"]),
    ]
    state = _("Édition n° %(n)d, publiée le %(day)s") % {"n": edition.number, "day": long_day(edition.made_at)}
    return _made(
        title=_("Évaluation de la démarche, %(year)d") % {"year": content["year"]},
        over=_("Les chantiers au regard de leurs objectifs et de leurs livrables"),
        heading=_("Évaluation de la démarche, %(year)d") % {"year": content["year"]},
        state=_joined(state, edition.change_note, sep=" · "),
        seal=_seal_of(edition), number=edition.number, sections=sections, made_at=edition.made_at,
    )  # fmt: skip


def _made(*, title: str, over: str, heading: str, state: str, seal: str, number: int, sections: list[Any], made_at: Any) -> bytes:
    department = Department.objects.first()
    footer = _("%(title)s · %(n)d · empreinte %(seal)s") % {"title": title, "n": number, "seal": seal}
    data = {
        "title": title,
        "author": department.name if department else "",
        "description": footer,
        "lang": settings.LANGUAGE_CODE[:2],
        "brand": BRAND,
        "over": over,
        "heading": heading,
        "state": state,
        "footer": footer,
        "sections": [section for section in sections if section["blocks"] or section["table"]],
    }
    return pdf.document(TEMPLATE, _spaced(data), made_at=made_at)


def _seal_of(frozen: EvaluationVersion | ProcessEdition) -> str:
    return frozen.sha256[:16] if is_whole(frozen.content, frozen.sha256, frozen) else _("non conforme")


# Parts -------------------------------------------------------------------------------------------------------------


def _promised(content: dict[str, Any]) -> str:
    if not content["baseline_on"]:
        return ""
    return _("La première version de sa feuille de route, arrêtée le %(day)s.") % {"day": _day(content["baseline_on"])}


def _measured(line: dict[str, Any]) -> str:
    if not line["measured"]:
        return _("non mesuré")
    said = _("mesuré : %(value)s") % {"value": line["measured"]}
    return _joined(said, _("le %(day)s") % {"day": _day(line["measured_on"])} if line["measured_on"] else "")


def _counted(row: Row) -> list[str]:
    """« 1 atteint, 1 en partie », for objectives then for deliverables."""
    if not row.is_rated:
        return ["–", "–"]
    reached, partly, not_reached = row.objectives
    done, half, undone = row.deliverables
    objectives = [
        (reached, ngettext("atteint", "atteints", reached)),
        (partly, _("en partie")),
        (not_reached, ngettext("non atteint", "non atteints", not_reached)),
    ]
    deliverables = [
        (done, ngettext("réalisé", "réalisés", done)),
        (half, _("en partie")),
        (undone, ngettext("non réalisé", "non réalisés", undone)),
    ]
    return [", ".join(f"{n} {word}" for n, word in counts if n) or "–" for counts in (objectives, deliverables)]


def _survey(results: Results | None) -> list[dict[str, Any]]:
    if results is None:
        return [_prose(_("Ce qu’en disent les participants"), _("Aucune enquête n’a été menée."))]
    said = ngettext(
        "%(n)d réponse pour %(asked)d invitations.", "%(n)d réponses pour %(asked)d invitations.", results.answered
    ) % {"n": results.answered, "asked": results.asked}
    if not results.is_shown:
        said += " " + _("Moins de cinq réponses : rien n’est montré, pour que chacun reste anonyme.")
        return [_prose(_("Ce qu’en disent les participants"), said)]
    labels = [label for label, _n in results.questions[0].rows]
    rows = [[str(each.question.text), *(str(n) for _label, n in each.rows)] for each in results.questions]
    return [
        _prose(_("Ce qu’en disent les participants"), said),
        _table("", [_("Question"), *labels], rows, widths=["3fr", *["1fr"] * len(labels)]),
    ]


def _figures(figures: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        [figure["label"], _joined(figure["said"], _parts(figure)), f"{figure['definition']} {figure['how']}"]
        for figure in figures
    ]
    return _table(
        _("Les chiffres de la gouvernance"), [_("Chiffre"), _("Valeur"), _("Ce qu’il dit, comment il se calcule")], rows
    )


def _parts(figure: dict[str, Any]) -> str:
    return ", ".join(f"{label} {n}" for label, n in figure["parts"])


def _day(text: str) -> str:
    return long_day(date.fromisoformat(text)) if text else "–"


def _joined(*parts: str, sep: str = "\n") -> str:
    return sep.join(part for part in parts if part)


def _prose(title: str, text: str) -> dict[str, Any]:
    blocks = [
        {"kind": "list", "lines": list(block.entries)}
        if isinstance(block, Bullets)
        else {"kind": "prose", "lines": list(block.lines)}
        for block in parse(text)
    ]
    return {"title": title, "blocks": blocks, "table": None}


def _table(title: str, head: list[str], rows: list[list[str]], *, widths: list[str] | None = None) -> dict[str, Any]:
    cells = {
        "head": head,
        "rows": [[cell.split("\n") for cell in row] for row in rows],
        "widths": widths or ["2fr", *["1fr"] * (len(head) - 2), "2fr"],
    }
    return {"title": title, "blocks": [], "table": cells if rows else None}


def _spaced(value: Any) -> Any:
    """French spaces, as the pages get them when they are rendered."""
    if isinstance(value, str):
        return spaced(value)
    if isinstance(value, list):
        return [_spaced(each) for each in value]
    return {key: _spaced(each) for key, each in value.items()} if isinstance(value, dict) else value
