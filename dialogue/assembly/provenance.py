"""From a contribution to the vote: the steps that this room adds to what the chantiers tell (contributions.hooks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from dialogue.assembly.amounts import outcome_sentence
from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers.models import ContributionLink
from dialogue.contributions.hooks import FollowUp
from dialogue.contributions.models import Contribution

S = PropositionStage
ICONS = {"adopted": "n6", "adopted_amended": "n6", "rejected": "n0", "adjourned": "n5", "referred_back": "n5"}


def propositions_from(contribution: Contribution, reader: Any) -> list[Proposition]:
    """The propositions of the chantiers that took the contribution up, that `reader` may read, in the order of their numbers
    (1 query): for the pacts room and the API."""
    mine = [pk for pk in (contribution.pk, contribution.merged_into_id) if pk]
    links = ContributionLink.objects.filter(contribution__in=mine).values("chantier")
    rows = Proposition.objects.visible_to(reader).filter(chantier__in=links).exclude(circle="group")
    return list(rows.select_related("chantier", "session", "resolution").order_by("number"))


def contributions_behind(proposition: Proposition, reader: Any) -> Any:
    """The contributions that the chantier of a proposition takes up and `reader` may read: the way back (a queryset)."""
    links = ContributionLink.objects.filter(chantier=proposition.chantier_id).values("contribution")
    return Contribution.objects.published_to(reader).filter(pk__in=links)


def followups(contribution: Contribution, reader: Any) -> list[FollowUp]:
    """Adopted by the group, tabled, voted: the steps that `reader` may know of, oldest first (2 queries)."""
    found = propositions_from(contribution, reader)
    reports: dict[int, list[Resolution]] = {}
    for report in Resolution.objects.filter(proposition__in=found).order_by("date", "pk") if found else ():
        reports.setdefault(report.proposition_id, []).append(report)
    return [step for row in found for step in _steps(row, reports.get(row.pk, []))]


def _steps(proposition: Proposition, reports: list[Resolution]) -> Iterator[FollowUp]:
    url, words = proposition.get_absolute_url(), {"title": proposition.title}
    if proposition.adopted_by_group_on:
        yield FollowUp(_("Le groupe propose : « %(title)s »") % words, proposition.adopted_by_group_on, url, "n4")
    for report in reports:
        yield FollowUp(f"« {proposition.title} » : {outcome_sentence(report.outcome)}", report.date, url, ICONS[report.outcome])
    if proposition.stage == S.TABLED and proposition.session:
        sentence = _("« %(title)s » est inscrite à une séance de l’assemblée") % words
        yield FollowUp(sentence, proposition.session.date, url, "n5")
    if proposition.stage == S.WITHDRAWN:
        yield FollowUp(_("Le groupe retire « %(title)s »") % words, proposition.closed_on, url, "n0")
    if proposition.stage == S.NO_FOLLOW_UP:
        yield FollowUp(_("« %(title)s » reste sans suite") % words, proposition.closed_on, url, "n0")
    if proposition.stage == S.IN_PACT:
        yield FollowUp(_("« %(title)s » entre dans le pacte du territoire") % words, proposition.in_pact_on, url, "n6")
