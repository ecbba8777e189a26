"""Remarks on a version of the roadmap and on each planned deliverable: what they speak of, where they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage
from dialogue.discussion import subjects
from dialogue.discussion.forms import CommentForm
from dialogue.discussion.models import Thread
from dialogue.discussion.pages import Talk, remarks_of


def passages_of(roadmap: Roadmap) -> list[tuple[str, str]]:
    """(key, label) of each line one may speak of; the keys are the anchors of the roadmap's page."""
    kinds = (("objectif", roadmap.objectives), ("livrable", roadmap.deliverables), ("etape", roadmap.steps))
    return [(f"{kind}-{line.pk}", line.title) for kind, lines in kinds for line in lines.all()]


def title_of(about: Roadmap | PlannedDeliverable) -> str:
    if isinstance(about, Roadmap):
        return _("Feuille de route, version %(n)d") % {"n": about.version}
    return _("Livrable : %(title)s") % {"title": about.title}


def url_of_roadmap(thread: Thread) -> str:
    if thread.roadmap.stage == RoadmapStage.DRAFT:
        return reverse("chantiers:roadmap", args=[thread.chantier.slug])
    return reverse("chantiers:roadmap_version", args=[thread.chantier.slug, thread.roadmap.version])


def url_of_deliverable(thread: Thread) -> str:
    return reverse("discussion:deliverable", args=[thread.chantier.slug, thread.deliverable_id])


def roadmap_is_replaced(thread: Thread, _now: datetime) -> str | None:
    """Nobody speaks of a version that another one replaced."""
    if thread.roadmap.stage in {RoadmapStage.DRAFT, RoadmapStage.ADOPTED}:
        return None
    return _("Cette version a été remplacée : les remarques se font sur la version en vigueur.")


def talk_of(about: Roadmap | PlannedDeliverable, request: HttpRequest, form: CommentForm | None = None) -> Talk:
    """The remarks on it; the first one goes to a door of its own, which opens the thread."""
    thread = Thread.objects.filter(**about_of(about)).first()
    if isinstance(about, Roadmap):
        chantier, passages = about.chantier, passages_of(about)
        door = reverse("discussion:roadmap", args=[chantier.slug, about.version])
    else:
        chantier, passages = about.roadmap.chantier, []
        door = reverse("discussion:deliverable", args=[chantier.slug, about.pk])
    closed = (thread or Thread(**about_of(about))) if isinstance(about, Roadmap) else None
    return remarks_of(
        thread,
        request,
        chantier=chantier,
        passages=passages,
        texts=dict(passages),
        action="" if thread and form is None else door,
        closed=(roadmap_is_replaced(closed, request.now) or "") if closed else "",
        form=form,
    )


def about_of(about: Roadmap | PlannedDeliverable) -> dict[str, Any]:
    """The thread's own words for what it speaks of."""
    return {"roadmap": about} if isinstance(about, Roadmap) else {"deliverable": about}


def roadmap_block(roadmap: Roadmap, request: HttpRequest) -> space_pages.Block:
    """Under the roadmap: its remarks, then the way to those on each deliverable, counted (chantiers.pages.roadmap_blocks)."""
    rows = PlannedDeliverable.objects.filter(roadmap=roadmap).exclude(roadmap__stage=RoadmapStage.DRAFT)
    rows = rows.annotate(said=Count("thread__comments", filter=Q(thread__comments__hidden_at=None)))
    doors = [(row, reverse("discussion:deliverable", args=[roadmap.chantier.slug, row.pk])) for row in rows]
    return space_pages.Block("discussion/_roadmap.html", {"talk": talk_of(roadmap, request), "deliverables": doors})


ROADMAP = subjects.Room(url=url_of_roadmap, closed=roadmap_is_replaced, related=("roadmap",))
DELIVERABLE = subjects.Room(url=url_of_deliverable, related=("deliverable",))
