"""What pages show of deliverables: the list of the group, the page of one, the blocks of other rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.chantiers.models.chantier import ChantierQuerySet
from dialogue.chantiers.provenance import Result
from dialogue.chantiers.stages import RoadmapStage
from dialogue.deliverables.acts import preparing
from dialogue.deliverables.lines import LIVELY
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.deliverables.stages import Stage
from dialogue.documents.models import Document, Version
from dialogue.documents.pages import Use
from dialogue.ledger.clock import local_date

#: Rooms above append `(deliverable, request) -> Block | None` (docs/adr/0011): what comes of it, on its public page.
result_blocks: list[Callable[[Deliverable, HttpRequest], space_pages.Block | None]] = []

#: stage → (class of the pill, icon): the word always goes with it.
LOOKS = {
    Stage.PLANNED: ("", "heure"),
    Stage.IN_PROGRESS: ("", "crayon"),
    Stage.SUBMITTED: ("att", "bulle"),
    Stage.VALIDATED: ("ok", "ok"),
    Stage.PUBLISHED: ("ok", "n4"),
    Stage.SUPERSEDED: ("", "rev"),
    Stage.ABANDONED: ("", "n0"),
}


@dataclass(frozen=True)
class Card:
    """A deliverable of the group in a list: its last version, or the line of the roadmap that nobody has begun."""

    key: UUID
    title: str
    stage: Stage
    url: str
    due_on: date | None
    days_late: int
    row: Deliverable | None
    line: PlannedDeliverable | None

    @property
    def look(self) -> tuple[str, str]:
        return LOOKS[self.stage]


def door(slug: str, line: PlannedDeliverable) -> str:
    """chantiers.pages.deliverable_doors"""
    return reverse("deliverables:deliverable", args=[slug, line.key])


def stage_of(row: Deliverable | None, line: PlannedDeliverable | None) -> Stage:
    """What is shown: the row's own stage; of a line without a row, what the roadmap says."""
    if row is not None:
        return Stage(row.stage)
    if line is not None and line.abandon_motive:
        return Stage.ABANDONED
    return Stage.PUBLISHED if line is not None and line.published_on else Stage.PLANNED


def _card(chantier: Chantier, row: Deliverable | None, line: PlannedDeliverable | None, today: date) -> Card:
    told: Any = row or line
    late = (today - line.due_on).days if line is not None and line.due_on and line.is_late(today) else 0
    url = reverse("deliverables:deliverable", args=[chantier.slug, told.key])
    return Card(told.key, told.title, stage_of(row, line), url, line.due_on if line else None, late, row, line)


def cards(chantier: Chantier, reader: Any, today: date) -> list[Card]:
    """Those of the roadmap in force, in its order, then those that no line announces (1 query, when the roadmaps of the chantier
    were loaded with their deliverables)."""
    adopted = space_pages.in_stage(list(chantier.roadmaps.all()), RoadmapStage.ADOPTED)
    lines = list(adopted.deliverables.all()) if adopted else []
    last: dict[UUID, Deliverable] = {}
    for row in (
        Deliverable.objects.visible_to(reader).filter(chantier=chantier).defer("full_text", "stems").order_by("version", "number")
    ):
        last[row.key] = row
    found = [_card(chantier, last.pop(line.key, None), line, today) for line in lines]
    return found + [_card(chantier, row, None, today) for row in last.values()]


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """Where the deliverables of the group are (1 query)."""
    found = cards(chantier, request.user, request.today)
    if not found:
        return None
    return space_pages.Block("deliverables/_block.html", {"chantier": chantier, "cards": found}, column="main", order=25)


def to_agree(chantier: Chantier, reader: Any, today: date) -> list[space_pages.Todo]:
    """chantiers.pages.todo_sources: what waits for the reader's agreement, or for those who publish (1 query)."""
    rows = Deliverable.objects.visible_to(reader).filter(chantier=chantier, stage__in=[Stage.SUBMITTED, Stage.VALIDATED])
    spoke = Opinion.objects.filter(deliverable=OuterRef("pk"), round=OuterRef("round"), person_id=reader.pk)
    found = []
    for row in rows.defer("full_text", "stems").annotate(has_spoken=Exists(spoke)):
        row.chantier = chantier
        if row.stage == Stage.VALIDATED:
            if preparing.rework.allows(reader, row):
                title = _("Publier : %(title)s") % {"title": row.title}
                found.append(space_pages.Todo("next", 0, title, None, row.group_url, _("livrable validé")))
        elif row.deadline and preparing.agree.allows(reader, row) and not row.has_spoken:
            days = max((local_date(row.deadline) - today).days, 0)
            title = _("Donner votre accord : %(title)s") % {"title": row.title}
            note = _("livrable soumis au groupe")
            found.append(space_pages.Todo("soon", days, title, local_date(row.deadline), row.group_url, note))
    return found


@dataclass(frozen=True)
class FileLink:
    """A file as a link tells it: « PDF, 180 ko »."""

    what: str
    label: str
    url: str
    kind: str
    size: str
    version: Version

    @property
    def is_handed_out(self) -> bool:
        return self.version.is_handed_out


def weighed(version: Version) -> tuple[str, str]:
    return version.filename.rpartition(".")[2].upper(), filesizeformat(version.size)


#: What a deliverable hands out: name in the address → the field that holds it.
FILES = {"fichier": "file", "version-accessible": "accessible_file"}


def file_links(deliverable: Deliverable) -> list[FileLink]:
    """The main file, then the accessible version; their doors ask who reads at each download."""
    labels = {"fichier": _("Télécharger le livrable"), "version-accessible": _("Télécharger la version accessible")}
    found = []
    for what, name in FILES.items():
        version = getattr(deliverable, name)
        if version is not None:
            kind, size = weighed(version)
            url = reverse("deliverables:file", args=[deliverable.number, what])
            found.append(FileLink(what, labels[what], url, kind, size, version))
    return found


def versions_of(deliverable: Deliverable, reader: Any) -> list[Deliverable]:
    """Every version that was published and that the reader may read, last first (1 query)."""
    rows = Deliverable.objects.visible_to(reader).out().filter(chantier=deliverable.chantier_id, key=deliverable.key)
    return list(rows.defer("full_text", "stems", "summary").order_by("-version"))


def latest(reader: Any, limit: int, known: Iterable[Chantier]) -> list[Deliverable]:
    """The last results of these chantiers that `reader` may read, newest first (1 query). `known`: chantiers that the reader may
    read, with their theme and territories."""
    by_pk = {chantier.pk: chantier for chantier in known}
    if not by_pk:
        return []
    rows = Deliverable.objects.visible_to(reader).current().filter(chantier__in=list(by_pk)).select_related("file")
    found = list(rows.defer("full_text", "stems").order_by("-published_on", "-number")[:limit])
    for row in found:
        row.chantier = by_pk[row.chantier_id]
    return found


@dataclass(frozen=True)
class Latest:
    """The last result of a chantier, as `with_latest` reads it along with the chantier."""

    title: str
    url: str
    on: date
    version: int


def with_latest(rows: ChantierQuerySet, reader: Any) -> ChantierQuerySet:
    """Adds `latest_result` to chantiers, for `latest_of` (no query more)."""
    last = Deliverable.objects.visible_to(reader).current().filter(chantier=OuterRef("pk")).order_by("-published_on", "-number")
    told = JSONObject(number="number", title="title", on="published_on", version="version")
    return rows.annotate(latest_result=Subquery(last.values(told=told)[:1]))


def latest_of(chantier: Chantier) -> Latest | None:
    """The last result of a chantier read `with_latest`."""
    told = chantier.latest_result  # type: ignore[attr-defined]
    if not told:
        return None
    url = reverse("deliverables:result", args=[told["number"]])
    return Latest(told["title"], url, date.fromisoformat(told["on"]), told["version"])


def results_of(chantiers: list[Chantier], reader: Any) -> list[Result]:
    """chantiers.provenance.result_sources: what these chantiers published, in its last version (1 query)."""
    rows = Deliverable.objects.visible_to(reader).current().filter(chantier__in=chantiers).order_by("published_on", "number")
    told = rows.values_list("chantier", "key", "title", "published_on", "number")
    return [Result(pk, key, title, on, reverse("deliverables:result", args=[n])) for pk, key, title, on, n in told]


def uses_of(document: Document, reader: Any) -> list[Use]:
    """documents.pages.use_sources: the deliverables of which a version of the document is a file (1 query)."""
    rows = Deliverable.objects.visible_to(reader).filter(chantier=document.chantier_id).select_related("chantier")
    found: dict[UUID, Deliverable] = {}
    for row in (rows.filter(file__document=document) | rows.filter(accessible_file__document=document)).order_by("version"):
        found[row.key] = row
    return [Use(_("Livrable : %(title)s") % {"title": row.title}, row.group_url) for row in found.values()]


def may_begin(chantier: Chantier, reader: Any) -> bool:
    return chantier.stage in LIVELY and preparing.start_deliverable.allows(reader, chantier)
