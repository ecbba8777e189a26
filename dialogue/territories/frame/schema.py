"""The JSON schema of the frame, and its errors in plain French."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from dialogue.territories.frame.problems import Problems, shown

#: Control signs, and halves of signs, which no database takes.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SCHEMA = Path(__file__).resolve().parent.parent / "data" / "frame.schema.json"


@cache
def schema() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def commune_validator() -> Draft202012Validator:
    return Draft202012Validator(schema()["$defs"]["commune"])


def check(document: Any, problems: Problems) -> None:
    """Everything in which `document` departs from the schema, and signs that no text may hold."""
    errors = sorted(
        Draft202012Validator(schema()).iter_errors(document), key=lambda error: [str(step) for step in error.absolute_path]
    )
    for error in errors:
        for path, sentence in say(error):
            problems.at(path, sentence)
    for path in _control_signs(document):
        problems.at(path, _("ce texte contient un signe invisible interdit. Retapez-le."))


def say(error: ValidationError) -> Iterator[tuple[list[str | int], str]]:
    """The places and sentences of one error of jsonschema."""
    path = list(error.absolute_path)
    if error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance and error.message.startswith(repr(key)):
                yield [*path, key], _("il manque cette information.")
    elif error.validator == "additionalProperties":
        for key in sorted(set(error.instance) - set(error.schema["properties"])):
            known = ", ".join(sorted(error.schema["properties"]))
            yield [*path, key], _("cette clé n’existe pas. Clés connues : %(known)s.") % {"known": known}
    else:
        yield path, _sentence(error)


def _sentence(error: ValidationError) -> str:
    wanted, value = error.validator_value, error.instance
    kinds = [wanted] if isinstance(wanted, str) else wanted
    words = {
        "value": shown(value),
        "limit": wanted,
        "hint": error.schema.get("description", ""),
        "size": len(value) if isinstance(value, (str, list)) else 0,
        "list": ", ".join(map(str, wanted)) if isinstance(wanted, list) else "",
        "kind": " ou ".join(_kinds()[kind] for kind in kinds) if error.validator == "type" else "",
    }
    return _sentences().get(str(error.validator), _("%(value)s ne convient pas.")) % words


def _sentences() -> dict[str, str]:
    return {
        "type": _("il faut %(kind)s."),
        "enum": _("%(value)s n’est pas dans la liste : %(list)s."),
        "pattern": _("%(value)s ne convient pas. Il faut %(hint)s."),
        "minLength": _("ce texte est vide."),
        "maxLength": _("ce texte a %(size)s signes, %(limit)s au plus."),
        "minimum": _("%(value)s est trop petit : %(limit)s au moins."),
        "maximum": _("%(value)s est trop grand : %(limit)s au plus."),
        "minItems": _("cette liste est vide."),
        "maxItems": _("cette liste a %(size)s éléments, %(limit)s au plus."),
        "uniqueItems": _("un élément de cette liste est écrit deux fois."),
    }


def _kinds() -> dict[str, str]:
    return {
        "string": _("un texte entre guillemets"),
        "integer": _("un nombre entier"),
        "number": _("un nombre"),
        "array": _("une liste entre crochets"),
        "object": _("un objet entre accolades"),
    }


def _control_signs(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _control_signs(inner, (*path, key))
    elif isinstance(value, list):
        for rank, inner in enumerate(value):
            yield from _control_signs(inner, (*path, rank))
