"""Vote counts and money in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.assembly.stages import Outcome


def votes_in_words(vote: Any) -> str:
    """« À l’unanimité : 58 voix pour. » ; "" when nothing was counted. `vote`: a Resolution or what it said before."""
    if vote.votes_cast is None:
        return ""
    voices = ngettext("%(n)d voix pour", "%(n)d voix pour", vote.votes_for) % {"n": vote.votes_for}
    aside = _aside(vote)
    if vote.is_unanimous:
        return _("À l’unanimité : %(voices)s%(aside)s.") % {"voices": voices, "aside": aside}
    against = ngettext("%(n)d contre", "%(n)d contre", vote.votes_against) % {"n": vote.votes_against}
    abstained = ngettext("%(n)d abstention", "%(n)d abstentions", vote.abstentions) % {"n": vote.abstentions}
    return f"{voices}, {against}, {abstained}{aside}."


def _aside(vote: Any) -> str:
    words = ""
    if vote.not_voting:
        words += ngettext(
            " ; %(n)d membre ne prend pas part au vote", " ; %(n)d membres ne prennent pas part au vote", vote.not_voting
        ) % {"n": vote.not_voting}
    if vote.members_count:
        words += _(" ; l’assemblée compte %(n)d membres") % {"n": vote.members_count}
    return words


def outcome_sentence(outcome: str) -> str:
    """What the assembly did, as a sentence."""
    return {
        Outcome.ADOPTED: _("L’assemblée a adopté la proposition."),
        Outcome.ADOPTED_AMENDED: _("L’assemblée a adopté la proposition en la modifiant."),
        Outcome.REJECTED: _("L’assemblée a rejeté la proposition."),
        Outcome.ADJOURNED: _("L’assemblée a ajourné la proposition : elle y reviendra."),
        Outcome.REFERRED_BACK: _("L’assemblée a renvoyé la proposition : elle demande à y retravailler."),
    }[Outcome(outcome)]
