"""The propositions of a group, in its space: what is written, what is missing, who reads it, and each turn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.assembly import pages
from dialogue.assembly.acts import propositions as acts
from dialogue.assembly.acts.instruction import cancel_opinion_request
from dialogue.assembly.forms.propositions import StartForm, TextForm
from dialogue.assembly.models import Opinion, Proposition
from dialogue.assembly.stages import PropositionStage
from dialogue.assembly.views.moves import offered_to, proposition_of
from dialogue.chantiers.acts.roadmap import Conflict
from dialogue.chantiers.models import Chantier, PlannedDeliverable
from dialogue.chantiers.stages import RoadmapStage
from dialogue.chantiers.views.space import space_of
from dialogue.ledger.acts import Refused
from dialogue.meetings.models import Decision
from dialogue.meetings.stages import DecisionState


@login_required
@require_GET
def propositions(request: HttpRequest, slug: str) -> HttpResponse:
    """All those of the group, the last one first."""
    chantier = space_of(request, slug)
    rows = Proposition.objects.visible_to(request.user).filter(chantier=chantier)
    rows = rows.select_related("session", "resolution", "adopted_at_meeting").order_by("-number")
    found = list(rows)
    for row in found:
        row.chantier = chantier
    proposing = chantier.stage in acts.PROPOSING and not chantier.no_follow_up_on
    context = {
        "chantier": chantier,
        "here": "propositions",
        "propositions": found,
        "proposing": proposing,
        "may_draft": proposing and acts.draft.allows(request.user, chantier),
    }
    return render(request, "assembly/group.html", context)


def _decisions(chantier: Chantier) -> Any:
    """What a proposition may come from: decisions of the group that still hold."""
    rows = Decision.objects.filter(chantier=chantier).exclude(state__in=[DecisionState.DROPPED, DecisionState.REPLACED])
    return rows.order_by("number")


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The decisions it comes from, then its text."""
    chantier = space_of(request, slug)
    if not acts.draft.allows(request.user, chantier):
        raise PermissionDenied
    deliverables = list(PlannedDeliverable.objects.filter(roadmap__chantier=chantier, roadmap__stage=RoadmapStage.ADOPTED))
    asked = request.GET.getlist("decision")
    form = StartForm(
        request.POST or None, decisions=_decisions(chantier), deliverables=deliverables, initial={"decisions": asked}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        line = next((row for row in deliverables if row.pk == data.get("deliverable")), None)
        decisions = list(data.get("decisions", []))
        # Without a decision to start from, the title holds the place of the text until someone writes it.
        facts = {"title": data["title"], "decisions": decisions, "deliverable": line, "text": "" if decisions else data["title"]}
        try:
            made = acts.draft(chantier, by=request.user, now=request.now, **facts)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La proposition n° %(n)d est commencée. Écrivez-la.") % {"n": made.number})
            return redirect("assembly:edit", slug=slug, number=made.number)
    context = {"chantier": chantier, "here": "propositions", "form": form}
    return render(request, "assembly/start.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def work(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One proposition as the group sees it: its path, what it still needs, who reads it, what can be done."""
    proposition = proposition_of(request, slug, number)
    reports = pages.reports_of(proposition, request.user)
    opinions = Opinion.objects.visible_to(request.user).filter(proposition=proposition).select_related("service", "given_by")
    is_open = proposition.stage in {PropositionStage.DRAFTING, PropositionStage.ADOPTED_BY_GROUP, PropositionStage.UNDER_REVIEW}
    context = {
        "chantier": proposition.chantier,
        "here": "propositions",
        "proposition": proposition,
        "path": pages.path_of(proposition, reports, request.user),
        "reports": reports,
        "differences": pages.differences(proposition),
        "decisions": list(proposition.decisions.select_related("meeting")),
        "opinions": list(opinions),
        "may_cancel": cancel_opinion_request.offered(request.user, proposition),
        "missing": pages.missing_in(proposition) if is_open else [],
        "readers": pages.who_reads(proposition),
        "result": pages.carried_on(proposition, request.user),
        "may_edit": acts.edit.offered(request.user, proposition),
        "moves": offered_to(request.user, proposition, reports),
        "next_one": Proposition.objects.visible_to(request.user).new_text_of(proposition).first(),
    }
    return render(request, "assembly/work.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its text. Two people who write at once are both heard: the other's text is shown above one's own."""
    proposition = proposition_of(request, slug, number)
    if not acts.edit.allows(request.user, proposition):
        raise PermissionDenied
    if proposition.stage != PropositionStage.DRAFTING:
        messages.info(request, _("Le groupe a adopté ce texte : il ne change plus."))
        return redirect("assembly:work", slug=slug, number=number)
    form = TextForm(request.POST or None, proposition=proposition, decisions=_decisions(proposition.chantier))
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit(
                proposition,
                by=request.user,
                now=request.now,
                revision=form.cleaned_data["revision"],
                values=form.values(),
                decisions=form.cleaned_data.get("decisions"),
            )
        except Conflict as conflict:
            theirs = conflict.theirs
            form.data = form.data.copy() | {"revision": theirs.revision}
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La proposition est enregistrée."))
            return redirect("assembly:work", slug=slug, number=number)
    context = {
        "chantier": proposition.chantier, "here": "propositions", "proposition": proposition, "form": form, "theirs": theirs,
    }  # fmt: skip
    status = 409 if theirs else 422 if form.is_bound else 200
    return render(request, "assembly/edit.html", context, status=status)
