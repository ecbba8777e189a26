"""The overview of contributions, in few queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.pairs import waiting
from dialogue.contributions.second import agreement_now, disagreements
from dialogue.contributions.sorting import Frame, ToSort, answer_late, counts, unread_late
from dialogue.contributions.sorting_hold import moment
from dialogue.contributions.sorting_pages import holders, my_undo
from dialogue.contributions.stages import TO_ANSWER, TO_SORT, Stage


@dataclass(frozen=True)
class StageCount:
    code: str
    label: str
    n: int
    to_sort: bool


@dataclass(frozen=True)
class CampaignCount:
    campaign: Campaign
    total: int
    to_sort: int
    to_answer: int
    answered: int


def overview(reader: Any, *, now: datetime, today: date) -> dict[str, Any]:
    """Counts by stage and campaign, what is late, who holds what, what waits."""
    frame, found = Frame(), counts(reader)
    stages: Counter[str] = Counter()
    for (_campaign, stage), n in found.items():
        stages[stage] += n
    rows = Contribution.objects.visible_to(reader)
    share = agreement_now()
    return {
        "part": "overview",
        "stages": [StageCount(stage, str(stage.label), stages[stage], stage in TO_SORT) for stage in Stage if stages[stage]],
        "campaigns": [_campaign_count(campaign, found) for campaign in frame.campaigns],
        "to_sort": sum(stages[stage] for stage in TO_SORT),
        "to_answer": sum(stages[stage] for stage in TO_ANSWER),
        "late_reading": rows.filter(ToSort("stage"), unread_late(frame.campaigns, today) | answer_late(today)).count(),
        "late_answers": rows.filter(answer_late(today)).count(),
        "unclassified": rows.filter(ToSort("stage"), theme=None, suggested_theme=None).count(),
        "pairs_waiting": waiting(reader).count(),
        "holders": holders(reader, moment()),
        "second": share,
        "percent": None if share["share"] is None else round(100 * share["share"]),
        "differing": disagreements().count(),
        "undo": my_undo(reader, now),
    }


def _campaign_count(campaign: Campaign, found: dict[tuple[int, str], int]) -> CampaignCount:
    n = {stage: found.get((campaign.pk, stage), 0) for stage in Stage.values}
    return CampaignCount(
        campaign,
        total=sum(n.values()),
        to_sort=sum(n[stage] for stage in TO_SORT),
        to_answer=sum(n[stage] for stage in TO_ANSWER),
        answered=n[Stage.ANSWERED],
    )
