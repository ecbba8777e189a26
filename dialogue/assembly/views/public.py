"""What everybody, or each circle, reads of the propositions; the délibérations as open data."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dialogue.assembly import exports, pages
from dialogue.assembly.models import AssemblySession, Opinion, Proposition, Resolution
from dialogue.assembly.provenance import contributions_behind
from dialogue.assembly.stages import BEFORE_VOTE, COMES_BACK, VOTED_FOR, PropositionStage
from dialogue.chantiers.rules.predicates import enters_space
from dialogue.territories.models import Department, Territory

PER_PAGE = 30
S = PropositionStage
#: Word of the address → stages.
STATES: dict[str, tuple[str, ...]] = {
    "en-cours": (*BEFORE_VOTE, *COMES_BACK),
    "votees": (*VOTED_FOR, S.IN_PACT),
    "autres": (S.REJECTED, S.WITHDRAWN, S.NO_FOLLOW_UP),
}


@require_GET
def propositions(request: HttpRequest) -> HttpResponse:
    """All those that the reader may read and that left their group, the last one first."""
    rows = Proposition.objects.visible_to(request.user).exclude(circle="group")
    state, territory = request.GET.get("etat", ""), request.GET.get("territoire", "")
    if state in STATES:
        rows = rows.filter(stage__in=STATES[state])
    territories = list(Territory.objects.order_by("order", "name"))
    if territory in {each.code for each in territories}:
        rows = rows.filter(chantier__territories__code=territory)
    page = Paginator(rows.for_list().order_by("-number"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "territory": territory, "territories": territories}
    return render(request, "assembly/list.html", context)


@require_GET
def proposition(request: HttpRequest, number: int) -> HttpResponse:
    """One proposition: its path, its text, what the assembly adopted of it, the vote."""
    rows = Proposition.objects.visible_to(request.user).for_list().select_related("replaces")
    found = get_object_or_404(rows, number=number)
    reader = request.user
    reports = pages.reports_of(found, reader)
    in_space = enters_space(reader, found.chantier)
    opinions = Opinion.objects.visible_to(reader).filter(proposition=found).select_related("service")
    context = {
        "proposition": found,
        "chantier": found.chantier,
        "path": pages.path_of(found, reports, reader),
        "reports": reports,
        "differences": pages.differences(found),
        "readers": pages.who_reads(found),
        "result": pages.carried_on(found, reader),
        "opinions": list(opinions) if getattr(reader, "is_partner", False) else [],
        "in_space": in_space,
        "blocks": pages.blocks_of(found, request),
        "contributions_count": contributions_behind(found, reader).count(),
        "next_one": Proposition.objects.visible_to(reader).new_text_of(found).first(),
    }
    return render(request, "assembly/proposition.html", context)


@require_GET
def deliberations(request: HttpRequest) -> Any:
    """SCDL *délibérations* 2.1, of what the reader may read; `?seance=` one session alone."""
    department = Department.objects.first()
    if department is None or not department.siret:
        raise Http404
    rows = Resolution.objects.visible_to(request.user)
    asked = request.GET.get("seance", "")
    if asked:
        sessions = AssemblySession.objects.visible_to(request.user)
        rows = rows.filter(session=get_object_or_404(sessions, pk=asked if asked.isdecimal() and len(asked) < 10 else 0))  # noqa: PLR2004
    response = StreamingHttpResponse(exports.scdl(rows, department), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="deliberations.csv"'
    return response
