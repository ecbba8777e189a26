"""Remarks on a version of the roadmap and on each planned deliverable: what they speak of, where they are read.

A version has its thread. A deliverable keeps its own through the versions, by its `key`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage
from dialogue.discussion import subjects
from dialogue.discussion.forms import CommentForm
from dialogue.discussion.models import Thread
from dialogue.discussion.pages import Talk, remarks_of
from dialogue.ui.dates import long_day, short_day

#: What a line of the roadmap says, besides its dates.
WORDS = ("title", "indicator", "start_value", "target_value", "abandon_motive")
DATES = ("due_on", "done_on", "published_on")


def lines_of(roadmap: Roadmap) -> dict[str, Any]:
    """Each line one may speak of, by its anchor on the roadmap's page."""
    kinds = (("objectif", roadmap.objectives), ("livrable", roadmap.deliverables), ("etape", roadmap.steps))
    return {f"{kind}-{line.pk}": line for kind, lines in kinds for line in lines.all()}


def passages_of(roadmap: Roadmap) -> list[tuple[str, str]]:
    """(key, label) of each line."""
    return [(key, line.title) for key, line in lines_of(roadmap).items()]


def texts_of(roadmap: Roadmap) -> dict[str, str]:
    """What each line says as it is shown: a remark quotes any of it."""
    return {key: " ".join(_said(line)) for key, line in lines_of(roadmap).items()}


def _said(line: Any) -> list[str]:
    days = [day for name in DATES if (day := getattr(line, name, None))]
    return [getattr(line, name, "") for name in WORDS] + [words for day in days for words in (long_day(day), short_day(day))]


def title_of(about: Roadmap | PlannedDeliverable) -> str | Promise:
    if isinstance(about, Roadmap):
        return format_lazy(gettext_lazy("Feuille de route, version {n}"), n=about.version)
    return format_lazy(gettext_lazy("Livrable : {title}"), title=about.title)


def url_of_roadmap(thread: Thread) -> str:
    if thread.roadmap.stage == RoadmapStage.DRAFT:
        return reverse("chantiers:roadmap", args=[thread.chantier.slug])
    return reverse("chantiers:roadmap_version", args=[thread.chantier.slug, thread.roadmap.version])


def url_of_deliverable(thread: Thread) -> str:
    return _door(thread.chantier.slug, thread.deliverable)


def _door(slug: str, line: PlannedDeliverable) -> str:
    """The page of the room that keeps deliverables, where there is one: the remarks are read there too."""
    return space_pages.door_of(slug, line) or reverse("discussion:deliverable", args=[slug, line.pk])


def thread_of(about: Roadmap | PlannedDeliverable) -> Thread | None:
    if isinstance(about, Roadmap):
        return Thread.objects.filter(roadmap=about).first()
    return Thread.objects.filter(deliverable__key=about.key, chantier=about.roadmap.chantier_id).first()


def is_over(about: Roadmap | PlannedDeliverable) -> str | None:
    """Why nobody speaks of it any more: another version replaced it, or left it out."""
    if isinstance(about, Roadmap):
        if about.stage in {RoadmapStage.DRAFT, RoadmapStage.ADOPTED}:
            return None
        return _("Cette version a été remplacée : les remarques se font sur la version en vigueur.")
    in_force = Q(roadmap__stage=RoadmapStage.ADOPTED, roadmap__chantier=about.roadmap.chantier_id)
    if PlannedDeliverable.objects.filter(in_force, key=about.key).exists():
        return None
    return _("Ce livrable n’est plus dans la feuille de route.")


def _is_over(thread: Thread, _now: datetime) -> str | None:
    return is_over(thread.roadmap or thread.deliverable)


def talk_of(about: Roadmap | PlannedDeliverable, request: HttpRequest, form: CommentForm | None = None) -> Talk:
    """The remarks on it, and the door that takes them, which opens the thread with the first one."""
    is_roadmap = isinstance(about, Roadmap)
    chantier = about.chantier if is_roadmap else about.roadmap.chantier
    return remarks_of(
        thread_of(about),
        request,
        chantier=chantier,
        passages=passages_of(about) if is_roadmap else (),
        texts=texts_of(about) if is_roadmap else None,
        action=reverse("discussion:roadmap", args=[chantier.slug, about.version])
        if is_roadmap
        else reverse("discussion:deliverable", args=[chantier.slug, about.pk]),
        closed=is_over(about) or "",
        form=form,
    )


def roadmap_block(roadmap: Roadmap, request: HttpRequest) -> space_pages.Block:
    """Under the roadmap: its remarks, then the way to those on each deliverable, counted (chantiers.pages.roadmap_blocks)."""
    doors = []
    if roadmap.stage != RoadmapStage.DRAFT:
        rows = list(roadmap.deliverables.all())
        threads = Thread.objects.filter(deliverable__key__in=[row.key for row in rows], chantier=roadmap.chantier)
        shown = Count("comments", filter=Q(comments__hidden_at=None))
        counts = dict(threads.annotate(shown=shown).values_list("deliverable__key", "shown"))
        slug = roadmap.chantier.slug
        doors = [(row, counts.get(row.key, 0), f"{_door(slug, row)}#remarques") for row in rows]
    return space_pages.Block("discussion/_roadmap.html", {"talk": talk_of(roadmap, request), "deliverables": doors})


ROADMAP = subjects.Room(url=url_of_roadmap, closed=_is_over, related=("roadmap",))
DELIVERABLE = subjects.Room(url=url_of_deliverable, closed=_is_over, related=("deliverable__roadmap",))
