"""The deliverables of a group, and the page of one of them: read by its members and the coordination."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.chantiers.views.space import space_of
from dialogue.deliverables import lines, pages
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.models import Deliverable, Opinion
from dialogue.deliverables.stages import CLOSED, Finding
from dialogue.deliverables.stages import Stage as Path
from dialogue.discussion.pages_roadmap import talk_of


def found_in(request: HttpRequest, slug: str, key: UUID, *, is_out: bool = False) -> tuple[Chantier, Deliverable | None]:
    """The chantier, and the last version of the deliverable `key` if it was begun; `is_out`: the last that was published."""
    chantier = space_of(request, slug)
    rows = Deliverable.objects.visible_to(request.user).filter(chantier=chantier, key=key)
    rows = rows.out() if is_out else rows
    related = ("file__document", "accessible_file__document", "replaces", "begun_by")
    row = rows.select_related(*related).order_by("-version").first()
    if row is not None:
        row.chantier = chantier
    return chantier, row


@login_required
@require_GET
def deliverables(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of the roadmap, then the others."""
    chantier = space_of(request, slug)
    space_pages.load_roadmaps(chantier, request.user, "deliverables")
    context = {
        "chantier": chantier,
        "here": "deliverables",
        "cards": pages.cards(chantier, request.user, request.today),
        "may_begin": pages.may_begin(chantier, request.user),
    }
    return render(request, "deliverables/list.html", context)


@login_required
@require_GET
def deliverable(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Where it is, what the group says of it, and what the reader may do."""
    chantier, row = found_in(request, slug, key)
    line = lines.line_for(chantier, key)
    if row is None and line is None:
        raise Http404
    if line is not None:
        line.roadmap.chantier = chantier
    context = {
        "chantier": chantier,
        "here": "deliverables",
        "deliverable": row,
        "line": line,
        "key": key,
        "title": row.title if row else line.title,  # type: ignore[union-attr]
        "stage": pages.stage_of(row, line),
        "look": pages.LOOKS[pages.stage_of(row, line)],
        "days_late": (request.today - line.due_on).days if line and line.due_on and line.is_late(request.today) else 0,
        "talk": talk_of(line, request) if line is not None else None,
    }
    return render(
        request, "deliverables/deliverable.html", context | (_of_row(request, row) if row else _planned(request, chantier, line))
    )


def _planned(request: HttpRequest, chantier: Chantier, line: PlannedDeliverable | None) -> dict[str, Any]:
    """Nobody has begun it: who may, and who may give it up."""
    in_force = line is not None and line.roadmap.stage == RoadmapStage.ADOPTED
    can = in_force and pages.may_begin(chantier, request.user)
    leads = publishing.give_up.allows(request.user, chantier)
    given_up = line is not None and bool(line.abandon_motive)
    return {
        "may_begin": can and (leads and chantier.stage == Stage.WORKING if given_up else True),
        "may_give_up": can and leads and line is not None and not line.is_settled and chantier.stage == Stage.WORKING,
    }


def _of_row(request: HttpRequest, row: Deliverable) -> dict[str, Any]:
    reader, stage = request.user, row.stage
    opinions = list(
        Opinion.objects.visible_to(reader).filter(deliverable=row).select_related("person", "organisation").order_by("-at")
    )
    mine = next((one for one in opinions if one.round == row.round and one.person_id == reader.pk), None)
    lively = row.chantier.stage in lines.LIVELY
    former = pages.versions_of(row, reader) if row.version > 1 or row.is_out else []

    def may(act: Any) -> bool:
        return lively and bool(act.offered(reader, row))

    return {
        "files": pages.file_links(row),
        "findings": findings_of(row),
        "former": former,
        "opinions": opinions,
        "mine": mine,
        "not_heard": lines.not_heard(row) if stage == Path.SUBMITTED else [],
        "may_describe": may(preparing.describe),
        "may_attach": stage == Path.IN_PROGRESS and may(preparing.attach_file),
        "may_attach_accessible": may(preparing.attach_file if stage == Path.IN_PROGRESS else preparing.replace_accessible),
        "may_submit": may(preparing.submit),
        "may_take_back": preparing.take_back.offered(reader, row),
        "may_agree": preparing.agree.offered(reader, row),
        "may_ask_change": preparing.ask_change.offered(reader, row),
        "may_validate": preparing.validate.offered(reader, row),
        "obstacles": preparing.validate.obstacles(row, by=reader, now=request.now) if stage == Path.SUBMITTED else [],
        "may_note_meeting": may(preparing.validate_at_meeting),
        "may_rework": preparing.rework.offered(reader, row),
        "may_publish": may(publishing.publish),
        "may_start_version": may(publishing.start_version),
        "may_drop": row.version > 1 and not opinions and publishing.drop_version.offered(reader, row),
        "may_give_up": publishing.give_up.offered(reader, row),
        "may_resume": may(publishing.resume),
        "may_show": bool(former) and publishing.change_circle.allows(reader, row),
    }


def findings_of(row: Deliverable) -> list[tuple[str, bool]]:
    """What was seen of each file, in words, and whether it is an obstacle."""
    seen = [(row.file_id, row.file_finding, row.get_file_finding_display())]
    seen.append((row.accessible_file_id, row.accessible_finding, row.get_accessible_finding_display()))
    return [(str(words), Finding(code) in CLOSED) for pk, code, words in seen if pk and code]
