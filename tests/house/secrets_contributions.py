"""Who may read what is said in a contribution, of it and by whom (see secrets.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dialogue.chantiers.models import Candidate
from dialogue.contributions.models import (
    AnalysisRun,
    AnswerTemplate,
    Attachment,
    Campaign,
    Contribution,
    ImportBatch,
    ImportProblem,
    Support,
)
from dialogue.contributions.stages import Stage
from tests.world_contributions import TRACKED

#: Never shown: "model.field" → why.
MACHINE = {
    "contributions.contribution.author_key": "a hash",
    "contributions.contribution.key": "a secret address, tried by all",
    "contributions.contribution.external_id": "its name elsewhere, in files of the coordination",
    "contributions.contribution.audiences": "codes",
    "contributions.contributionwords": "a copy of what is planted",
    "contributions.support.author_key": "a hash",
    "contributions.attachment.content_type": "a code",
    "contributions.attachment.sha256": "a hash",
    "contributions.importbatch.sha256": "a hash",
    "contributions.importbatch.source": "codes, and words that problems quote too",
    "contributions.importbatch.header": "headings of a file, on pages of the coordination alone",
    "contributions.importbatch.mapping": "numbers",
    "contributions.importbatch.choices": "codes",
    "contributions.importproblem.code": "a code",
    "contributions.addressproof": "a hash and the address that proves itself; no page shows it",
    "contributions.analysisrun.parameters": "numbers",
    "contributions.analysisrun.quality": "figures that the method's page shows",
    "contributions.suggestion": "codes, and words of the contribution itself",
    "contributions.cluster.words": "words of contributions; the others are swept there",
    "contributions.cluster.verbatims": "numbers",
    "contributions.clusterchange": "numbers",
    "contributions.sortingchange.act": "names of acts",
    "contributions.sortingchange.before": "columns, most of them swept in the contribution",
    "contributions.sortingchange.letter": "a key",
    "contributions.sortingchange.also": "keys, and the reason that its author is told",
    "chantiers.candidate.evidence": "numbers",
}
#: Public by nature.
OPEN = {
    "contributions.campaign.slug",
    "contributions.analysisrun.version",
    "contributions.cluster.name",
    "contributions.support.organisation_name",
    "chantiers.candidate.motive",
    "territories.priority",
}
#: Keys that every visitor tries.
KNOWN: set[str] = set()
SAID = ("title", "text", "place")
Rule = tuple[Any, Iterable[str], Iterable[str]]


def rules(world: Any, everyone: frozenset[str], partners: frozenset[str], coordination: frozenset[str]) -> Iterator[Rule]:
    """(row, fields, who may read them)."""
    readers = {"public": everyone, "partners": partners, "group": coordination}
    tracked = {world.contributions[key].pk for key in TRACKED}
    for row in Contribution.objects.all():
        if row.pk in tracked:
            KNOWN.add(row.key)
            continue  # every visitor knows its secret address
        own = frozenset({"partner"}) if row.person_id else frozenset()
        shown = readers[row.circle] if row.is_published else coordination
        if row.stage == Stage.DRAFT:
            shown = frozenset()
        elif shown != everyone:
            yield row, ("shown_name",), shown | own
        if shown != everyone:
            yield row, SAID, shown | own
        team = coordination if row.stage != Stage.DRAFT else frozenset()
        yield row, ("author_name", "author_email", "author_phone", "organisation_name"), team | own
        if row.motive:
            yield row, ("motive",), coordination | own
        if row.answer and row.stage != Stage.ANSWERED:
            yield row, ("answer",), coordination  # written, not sent yet
    yield from _around(coordination, readers)


def _around(coordination: frozenset[str], readers: dict[str, frozenset[str]]) -> Iterator[Rule]:
    for file in Attachment.objects.select_related("contribution").filter(contribution__is_published=False):
        own = frozenset({"partner"}) if file.contribution.person_id else frozenset()
        if file.contribution.key not in KNOWN:
            yield file, ("filename",), coordination | own
    for rows, fields in (
        (Support.objects.all(), ("author_email",)),
        (Campaign.objects.filter(is_announced=False), ("title", "introduction", "question")),
        (AnswerTemplate.objects.all(), ("title", "text")),
        (ImportBatch.objects.all(), ("filename", "error")),
        (ImportProblem.objects.all(), ("column", "value")),
        (AnalysisRun.objects.all(), ("error",)),
        (Candidate.objects.filter(is_announced=False, stage="to_examine"), ("note",)),
    ):
        for row in rows:
            yield row, fields, coordination
