"""Votes, stages and money in the templates of this room."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dialogue.assembly import amounts
from dialogue.assembly.stages import PropositionStage
from dialogue.ui.dates import thousands
from dialogue.ui.templatetags.ui import ic

register = template.Library()
S = PropositionStage

#: Stage → class of the chip, icon.
CHIPS: dict[str, tuple[str, str]] = {
    S.DRAFTING: ("", "fl"),
    S.ADOPTED_BY_GROUP: ("", "anneaux"),
    S.UNDER_REVIEW: ("att", "heure"),
    S.TABLED: ("vote", "marteau"),
    S.ADOPTED: ("ok", "marteau"),
    S.ADOPTED_AMENDED: ("ok", "marteau"),
    S.REJECTED: ("err", "marteau"),
    S.ADJOURNED: ("att", "heure"),
    S.REFERRED_BACK: ("att", "heure"),
    S.WITHDRAWN: ("", "n0"),
    S.IN_PACT: ("ok", "n6"),
    S.NO_FOLLOW_UP: ("", "n0"),
}


@register.filter
def voix(vote: Any) -> str:
    """The counts of a vote in words."""
    return amounts.votes_in_words(vote)


@register.filter
def issue(outcome: str) -> str:
    """What the assembly did, as a sentence."""
    return amounts.outcome_sentence(outcome)


@register.simple_tag
def avancement(proposition: Any) -> SafeString:
    """Where a proposition is: an icon and the word."""
    css, icon = CHIPS[proposition.stage]
    return format_html('<span class="puce{}">{}{}</span>', f" {css}" if css else "", ic(icon), proposition.get_stage_display())


@register.filter
def euros(amount: int | None) -> str:
    """120 000 €; "" when nothing is said."""
    return "" if amount is None else _("%(n)s €") % {"n": thousands(amount)}
