"""What went wrong, as RFC 9457 says it: `application/problem+json`, in plain French."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field as Described

from dialogue.contributions.importing.problems import FATAL
from dialogue.opendata.resources import absolute

CONTENT_TYPE = "application/problem+json"
TITLES = {
    401: "Jeton absent, inconnu, expiré ou révoqué",
    403: "Ce jeton ne permet pas cela",
    404: "Rien à cette adresse",
    405: "Cette adresse ne se demande pas ainsi",
    409: "Ce n’est pas possible maintenant",
    413: "Envoi trop gros",
    415: "Il faut du JSON",
    422: "La demande ne se lit pas",
    429: "Trop de demandes",
}


class Fault(Schema):
    champ: str = Described(description="Le paramètre ou le champ concerné.")
    message: str = Described(description="Ce qu’il faut corriger.")


class Problem(Schema):
    """RFC 9457."""

    type: str = Described(description="Adresse qui explique ce genre d’erreur.")
    title: str = Described(description="Le genre d’erreur, toujours le même pour un même code.")
    status: int = Described(description="Le code HTTP.")
    detail: str = Described(description="Ce qui ne va pas ici.")
    errors: list[Fault] = Described(description="Champ par champ, quand c’est possible.")


def problem(
    status: int, detail: str, *, errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    body = {
        "type": absolute(f"/api/#erreur-{status}"),
        "title": TITLES.get(status, "Erreur"),
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


#: What pydantic complains of → what to do, for those who meet it most.
SENTENCES = {
    "missing": "Obligatoire.",
    "extra_forbidden": "Inconnu : vérifiez son nom dans la documentation.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_type": "Un nombre entier est attendu.",
    "greater_than_equal": "Trop petit : {ge} au moins.",
    "less_than_equal": "Trop grand : {le} au plus.",
    "string_pattern_mismatch": "Forme inattendue : un code fait de lettres sans accent, de chiffres et de tirets.",
    "string_too_long": "Trop long : {max_length} signes au plus.",
    "string_too_short": "Trop court : {min_length} signe au moins.",
    "string_type": "Un texte est attendu.",
    "string_unicode": "Des caractères ne se lisent pas.",
    "value_error": "Une date est attendue, en ISO 8601 : 2017-11-07, ou 2017-11-07T18:00:00+01:00.",
    "bool_parsing": "true ou false est attendu.",
    "bool_type": "true ou false est attendu.",
    "literal_error": "Valeur inconnue : {expected}.",
    "enum": "Valeur inconnue : {expected}.",
}
DATES = "Une date est attendue : AAAA-MM-JJ."
MOMENTS = "Un moment est attendu, en ISO 8601 : 2017-11-07T18:00:00+01:00."


def faults(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """From ninja's list of errors to ours."""
    return [{"champ": _where(error), "message": _sentence(error)} for error in errors]


def _where(error: Mapping[str, Any]) -> str:
    """Without the place that ninja adds in front (query, body and the name of our argument)."""
    parts = [str(part) for part in error.get("loc", ())]
    while parts and parts[0] in {"query", "path", "body", "filters", "page", "given", "header"}:
        parts = parts[1:]
    return ".".join(parts)


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error.get("type", ""))
    if kind == "said":  # in French already, by an act
        return str(error["msg"])
    if kind.startswith("datetime"):
        return MOMENTS
    if kind.startswith("date"):
        return DATES
    known = SENTENCES.get(kind) or (str(FATAL[kind]) if kind in FATAL else None)
    facts = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
    try:
        return known.format(**facts).replace(" or ", " ou ") if known else "Cette valeur ne convient pas."
    except KeyError:
        return "Cette valeur ne convient pas."
