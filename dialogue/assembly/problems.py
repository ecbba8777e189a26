"""What cannot be in a recorded vote, by field, in words: for the quick screen, the import and the act alike."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from dialogue.assembly import matters
from dialogue.assembly.stages import DECISIVE, VOTED_FOR, Outcome

COUNTS = ("votes_for", "votes_against", "abstentions")
_NUMBER = re.compile(r"^[\w./\-° ]{1,40}$")


def problems_in(facts: dict[str, Any], proposed: str) -> dict[str, list[str]]:
    """Field → sentences; empty when the facts can be recorded. `facts` has every name of ResolutionFacts; `proposed`: the text of
    the group."""
    found: dict[str, list[str]] = {}

    def say(field: str, sentence: str) -> None:
        found.setdefault(field, []).append(sentence)

    if facts["outcome"] not in Outcome.values:
        say("outcome", _("Dites ce que l’assemblée a décidé."))
        return found
    if facts["date"] is None:
        say("date", _("Donnez la date de la délibération."))
    _identity(facts, say)
    _amended(facts, proposed, say)
    _counts(facts, say)
    _besides(facts, say)
    return found


def _identity(facts: dict[str, Any], say: Any) -> None:
    decisive = facts["outcome"] in DECISIVE
    if decisive and not facts["number"]:
        say("number", _("Écrivez le numéro de la délibération."))
    if facts["number"] and not _NUMBER.match(facts["number"]):
        say("number", _("Un numéro a des lettres, des chiffres, des points, des tirets ou des barres, 40 signes au plus."))
    if decisive and not facts["matter_code"]:
        say("matter_code", _("Écrivez le code de la matière, par exemple 7.5."))
    elif facts["matter_code"] and matters.find(facts["matter_code"]) is None:
        say("matter_code", _("Cette matière n’est pas dans la nomenclature : écrivez son code, par exemple 7.5."))
    if not facts["object"]:
        say("object", _("Écrivez l’objet de la délibération."))


def _amended(facts: dict[str, Any], proposed: str, say: Any) -> None:
    """What the assembly changed can be read: line breaks and spaces are no change."""
    if facts["outcome"] != Outcome.ADOPTED_AMENDED:
        return
    if not facts["adopted_text"]:
        say("adopted_text", _("Copiez le texte adopté : il diffère de celui du groupe."))
    elif facts["adopted_text"].split() == proposed.split():
        say(
            "adopted_text",
            _(
                "C’est le texte proposé par le groupe, sans changement : écrivez-y ce que l’assemblée a modifié, "
                "ou choisissez l’issue « Adoptée »."
            ),
        )


def _counts(facts: dict[str, Any], say: Any) -> None:
    given = [facts[name] for name in COUNTS]
    if any(value is not None for value in given) and None in given:
        missing = next(name for name in COUNTS if facts[name] is None)
        say(missing, _("Donnez les trois nombres de voix, 0 compris, ou aucun."))
        return
    if None in given:
        return
    cast, aside = sum(given), facts["not_voting"] or 0
    if facts["members_count"] is not None and cast + aside > facts["members_count"]:
        say(
            "votes_for",
            _(
                "Pour, contre, abstentions et membres qui ne prennent pas part font %(n)d, pour %(members)d membres : "
                "vérifiez ces nombres, ou le champ « Effectif »."
            )
            % {"n": cast + aside, "members": facts["members_count"]},
        )
    if facts["outcome"] in VOTED_FOR and facts["votes_for"] < facts["votes_against"]:
        say("outcome", _("Il y a plus de voix contre que pour : vérifiez l’issue ou les nombres."))
    if facts["outcome"] == Outcome.REJECTED and facts["votes_against"] < facts["votes_for"]:
        say("outcome", _("Il y a plus de voix pour que contre : vérifiez l’issue ou les nombres."))


def _besides(facts: dict[str, Any], say: Any) -> None:
    if facts["budget_year"] is not None and not facts["budget_name"]:
        say("budget_name", _("L’année et le nom du budget vont ensemble."))
    if facts["budget_name"] and facts["budget_year"] is None:
        say("budget_year", _("L’année et le nom du budget vont ensemble."))
    if facts["prefecture_date"] and facts["date"] and facts["prefecture_date"] < facts["date"]:
        say("prefecture_date", _("La préfecture ne peut pas avoir reçu la délibération avant son vote."))
    if facts["url"] and not facts["url"].startswith(("https://", "http://")):
        say("url", _("L’adresse commence par https://."))
