"""The roadmap: read by its circle; drafted line by line by the group, adopted, followed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers import compare, pages
from dialogue.chantiers.acts import evaluation, life
from dialogue.chantiers.acts import roadmap as acts
from dialogue.chantiers.forms.roadmap import AdoptForm, StepDoneForm
from dialogue.chantiers.models import Chantier, Roadmap, Step
from dialogue.chantiers.rules.predicates import enters_space
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.chantiers.views.drafting import draft_page
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused


def readable(request: HttpRequest, slug: str) -> Chantier:
    rows = Chantier.objects.visible_to(request.user).select_related("theme").prefetch_related("territories")
    return get_object_or_404(rows, slug=slug)


@require_GET
def roadmap(request: HttpRequest, slug: str) -> HttpResponse:
    """The group's draft when there is one, else the version in force; `?version=en-vigueur` asks for the latter."""
    chantier = readable(request, slug)
    found = pages.load_roadmaps(chantier, request.user)
    draft = pages.in_stage(found, RoadmapStage.DRAFT)
    if draft and request.GET.get("version") != "en-vigueur":
        return draft_page(request, chantier, draft)
    current = pages.in_stage(found, RoadmapStage.ADOPTED)
    if current:
        return _version_page(request, chantier, current, found)
    if not enters_space(request.user, chantier):
        raise Http404
    context = {"chantier": chantier, "here": "roadmap", "may_start": acts.start_roadmap.offered(request.user, chantier)}
    return render(request, "chantiers/roadmap_empty.html", context)


@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version, whatever became of it; a draft has its own page."""
    chantier = readable(request, slug)
    found = pages.load_roadmaps(chantier, request.user)
    asked = next((row for row in found if row.version == number and row.stage != RoadmapStage.DRAFT), None)
    if asked is None:
        raise Http404
    return _version_page(request, chantier, asked, found)


def _version_page(request: HttpRequest, chantier: Chantier, asked: Roadmap, all_of_them: list[Roadmap]) -> HttpResponse:
    in_force = asked.stage == RoadmapStage.ADOPTED
    at_work = in_force and chantier.stage in {Stage.WORKING, Stage.DELIVERED}
    in_space = enters_space(request.user, chantier)
    asked.chantier = chantier
    context = {
        "chantier": chantier,
        "here": "roadmap",
        "in_space": in_space,
        "said": pages.said_of(asked, request) if in_space else [],
        "roadmap": asked,
        "shown": pages.shown(asked, request.today),
        "in_force": in_force,
        "others": [row for row in all_of_them if row.pk != asked.pk],
        "may_complete": at_work and acts.complete_step.allows(request.user, chantier),
        "may_settle": in_force and chantier.stage == Stage.WORKING and evaluation.publish_deliverable.allows(request.user, chantier),
        "may_renew": in_force and acts.start_new_version.offered(request.user, chantier),
        "may_open": life.widen_roadmap.offered(request.user, asked),
    }
    return render(request, "chantiers/roadmap.html", context)


@require_GET
def comparison(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """What changed between two versions, a draft included for those who may read it."""
    chantier = readable(request, slug)
    rows = Roadmap.objects.visible_to(request.user).filter(chantier=chantier).with_items()
    found = {row.version: row for row in rows.filter(version__in=[before, after])}
    if before >= after or before not in found or after not in found:
        raise Http404
    context = {
        "chantier": chantier,
        "here": "roadmap",
        "in_space": enters_space(request.user, chantier),
        "comparison": compare.versions(found[before], found[after]),
    }
    return render(request, "chantiers/roadmap_compare.html", context)


@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft of the first version, or of the next one."""
    chantier = space_of(request, slug)
    begin = acts.start_new_version if chantier.stage == Stage.WORKING else acts.start_roadmap
    try:
        begin(chantier, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("chantiers:roadmap", slug=slug)


@login_required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be frozen, who will be told, then the act."""
    chantier = space_of(request, slug)
    draft = pages.in_stage(pages.load_roadmaps(chantier, request.user), RoadmapStage.DRAFT)
    if draft is None:
        messages.info(request, _("Aucun brouillon n’attend d’être arrêté."))
        return redirect("chantiers:roadmap", slug=slug)
    act = acts.adopt_roadmap if draft.version == 1 else acts.adopt_new_version
    meetings = [line for line in pages.meetings_of(chantier) if line.stage != "cancelled" and line.starts_at <= request.now]
    form = AdoptForm(
        request.POST or None,
        meetings=[(line.number, line.label) for line in meetings],
        first=draft.version == 1,
        initial={"adopted_on": request.today, "version": draft.version},
    )
    if request.method == "POST" and form.is_valid() and _adopt(request, act, chantier, form):
        return redirect("chantiers:roadmap", slug=slug)
    context = {
        "chantier": chantier, "here": "roadmap", "draft": draft, "form": form, "told": pages.told(chantier),
        "missing": act.obstacles(chantier, by=request.user, now=request.now), "allowed": act.allows(request.user, chantier),
    }
    return render(request, "chantiers/roadmap_adopt.html", context, status=422 if form.is_bound else 200)


def _adopt(request: HttpRequest, act: Any, chantier: Chantier, form: AdoptForm) -> bool:
    try:
        act(chantier, by=request.user, now=request.now, **form.cleaned_data)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, _("La feuille de route est arrêtée. Le groupe est prévenu."))
    return True


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Marks a step as done on a day, or as not done after all."""
    chantier = space_of(request, slug)
    rows = Step.objects.filter(roadmap__in=Roadmap.objects.visible_to(request.user).filter(chantier=chantier))
    found = get_object_or_404(rows.select_related("roadmap__chantier"), pk=pk)
    form = StepDoneForm(request.POST or None, initial={"done_on": request.today})
    undo = request.method == "POST" and "undo" in request.POST
    if undo or (request.method == "POST" and form.is_valid()):
        try:
            if undo:
                acts.reopen_step(found, by=request.user, now=request.now)
            else:
                acts.complete_step(found, by=request.user, now=request.now, done_on=form.cleaned_data["done_on"])
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason) if form.is_bound and not undo else messages.error(request, reason)
        if undo or not form.errors:
            return redirect("chantiers:roadmap", slug=slug)
    context = {"chantier": chantier, "here": "roadmap", "step": found, "form": form}
    return render(request, "chantiers/roadmap_step.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def circle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Makes a version public, or the partners' again."""
    chantier = space_of(request, slug)
    found = get_object_or_404(Roadmap.objects.visible_to(request.user), chantier=chantier, version=number)
    act = acts_circle[request.POST.get("circle", "")] if request.POST.get("circle") in acts_circle else None
    if act is None:
        raise Http404
    try:
        act(found, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("chantiers:roadmap_version", slug=slug, number=number)


acts_circle = {"public": life.widen_roadmap, "partners": life.narrow_roadmap}
