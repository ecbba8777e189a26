"""What the pages of the choice show: the evidence of a cell or of a candidate, with what was said in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from dialogue.analysis import reasons
from dialogue.chantiers import choosing, choosing_words, proof
from dialogue.chantiers.models import Candidate
from dialogue.chantiers.stages import CandidateStage, Reason
from dialogue.contributions.models import Cluster, Contribution
from dialogue.contributions.stages import STANDING, ClusterStage
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.territories.stages import DateKind

VERBATIMS, CLUSTERS, SPEAKERS, PER_PAGE = 3, 5, 12, 20


@dataclass(frozen=True)
class Said:
    """What was said: clusters with their words, some verbatims, who speaks."""

    clusters: list[Cluster]
    verbatims: list[Contribution]
    #: Who speaks most often, and the others.
    speakers: list[tuple[str, int]]
    other_speakers: list[tuple[str, int]]


@dataclass(frozen=True)
class EvidencePage:
    theme: Theme
    territory: Territory
    proof: proof.Proof
    said: Said
    reason: Reason | None = None

    @property
    def query(self) -> str:
        """The explorer's selection of this cell."""
        return f"theme={self.theme.code}&territoire={self.territory.code}"

    @property
    def compared(self) -> str:
        return choosing_words.compared(self.proof)

    @property
    def shares(self) -> str:
        return choosing_words.shares(self.proof)

    @property
    def rank(self) -> str:
        return choosing_words.rank(self.proof)

    @property
    def basis(self) -> str:
        return choosing_words.basis(self.proof)

    @property
    def span(self) -> str:
        return choosing_words.span(self.proof)

    @property
    def bar(self) -> dict[str, str]:
        return choosing_words.bar(self.proof)


def said_in(theme: Theme, territory: Territory, rows: QuerySet[Contribution]) -> Said:
    """Three queries."""
    live = Cluster.objects.filter(theme=theme, territory=territory, stage=ClusterStage.LIVE)
    standing = Count("contributions", filter=Q(contributions__stage__in=STANDING))
    clusters = list(live.annotate(texts=standing).filter(texts__gt=0).order_by("-texts", "number")[:CLUSTERS])
    nearest = [number for cluster in clusters for number in cluster.verbatims[:1]][:VERBATIMS]
    chosen = Contribution.objects.standing().filter(number__in=nearest) if nearest else rows.exclude(text="").order_by("number")
    spoken = rows.annotate(speaker=proof.SPEAKER).exclude(speaker=None).order_by()
    speakers = spoken.values_list("speaker").annotate(n=Count("pk", distinct=True)).order_by("-n", "speaker")
    said = list(speakers)
    return Said(clusters, list(chosen.select_related("commune")[:VERBATIMS]), said[:SPEAKERS], said[SPEAKERS:])


def cell_page(theme: Theme, territory: Territory, scope: choosing.Scope, *, is_priority: bool) -> EvidencePage:
    rows = scope.of(theme.pk, territory.pk)
    found = proof.of_cell(choosing.count(scope), theme.pk, territory.pk, proof.basis_of(rows))
    judged = reasons.judge(found.authors, found.expected, is_priority).reason
    return EvidencePage(theme, territory, found, said_in(theme, territory, rows), Reason(judged.value) if judged else None)


def candidate_page(candidate: Candidate, page: Any) -> tuple[EvidencePage, Page[Contribution]]:
    """Its evidence, frozen or computed, and a page of the contributions that it rests on."""
    rows = proof.contributions_of(candidate)
    found = proof.from_json(candidate.evidence)
    basis = proof.basis_of(rows)
    if found is None:
        found = proof.of_cell(choosing.count(), candidate.theme_id, candidate.territory_id, basis)
    said = said_in(candidate.theme, candidate.territory, rows)
    listed = Paginator(rows.for_list(), PER_PAGE)
    listed.__dict__["count"] = basis.texts  # known already: one query less
    return EvidencePage(candidate.theme, candidate.territory, found, said), listed.get_page(page)


@dataclass(frozen=True)
class Line:
    """A candidate in a list, with its evidence in one sentence."""

    candidate: Candidate
    proof: proof.Proof

    @property
    def sentence(self) -> str:
        if self.candidate.reason == Reason.STRUCTURING:
            return choosing_words.basis(self.proof)
        return choosing_words.compared(self.proof)


def by_stage(rows: list[Candidate], proofs: Mapping[int, proof.Proof]) -> list[tuple[CandidateStage, list[Line]]]:
    """Only the stages that hold someone."""
    lines = [Line(c, proofs[c.pk]) for c in rows]
    groups = [(stage, [line for line in lines if line.candidate.stage == stage]) for stage in CandidateStage]
    return [(stage, group) for stage, group in groups if group]


def councils(rows: list[Candidate], today: date) -> list[tuple[CalendarDate, int, int]]:
    """Councils to come and the last that were held, with how many candidates each has to examine, and decided (1 query).

    One that was held and has decided has nothing left to examine: the next one will.
    """
    waiting = [c.territory_id for c in rows if c.stage == CandidateStage.TO_EXAMINE]
    found = CalendarDate.objects.filter(kind=DateKind.COUNCIL).select_related("territory").order_by("-starts_on", "pk")[:30]
    decided = Counter(c.council_id for c in rows)
    lines = []
    for council in found:
        is_over = council.starts_on < today and decided[council.pk]
        n = 0 if is_over else sum(council.territory_id in (None, territory) for territory in waiting)
        if council.starts_on >= today or n or is_over:
            lines.append((council, n, decided[council.pk]))
    return lines


HEADER = [
    "theme", "territoire", "raison", "etat", "annonce", "pose_le", "conseil", "decide_le", "motif", "chantier", "auteurs", "attendus",
    "rapport", "borne_basse", "borne_haute", "auteurs_du_territoire", "auteurs_du_theme", "rang", "contributions", "auteurs_distincts",
    "communes", "organismes", "note",
]  # fmt: skip


def csv_line(candidate: Candidate, found: proof.Proof) -> list[Any]:
    return [
        candidate.theme.name,
        candidate.territory.name,
        candidate.get_reason_display(),
        candidate.get_stage_display(),
        candidate.is_announced,
        candidate.put_at.date(),
        candidate.council and candidate.council.title,
        candidate.decided_on,
        candidate.motive,
        candidate.chantier and candidate.chantier.number,
        found.authors,
        round(found.expected, 1),
        *(round(value, 2) for value in (found.ratio, found.lower, found.upper)),
        found.territory_authors,
        found.theme_authors,
        found.rank,
        found.basis_texts,
        found.basis_authors,
        found.communes,
        found.organisations,
        candidate.note,
    ]
