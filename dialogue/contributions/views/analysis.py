"""Analyses: their list for the coordination, their method for all."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.contributions import second
from dialogue.contributions.acts import analysis as acts
from dialogue.contributions.models import AnalysisRun, Contribution
from dialogue.contributions.stages import RunStage
from dialogue.ledger.acts import Refused

SHOWN = 20


@login_required
@require_http_methods(["GET", "POST"])
def analyses(request: HttpRequest) -> HttpResponse:
    """The last runs, what they were worth, and the button that asks for another."""
    if not acts.start_analysis.allows(request.user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            acts.start_analysis(None, by=request.user, now=request.now)
        except Refused as refusal:
            messages.warning(request, refusal.reasons[0])
        else:
            messages.success(request, _("L’analyse commence. Cette page dira quand elle est terminée."))
        return redirect("contributions:analyses")
    runs = list(AnalysisRun.objects.visible_to(request.user).select_related("by")[:SHOWN])
    standing = Contribution.objects.standing()
    context = {
        "runs": runs,
        "running": next((run for run in runs if run.stage in {RunStage.WAITING, RunStage.RUNNING}), None),
        "last": next((run for run in runs if run.stage == RunStage.DONE), None),
        "waiting": standing.filter(suggestion=None).count(),
    }
    return render(request, "contributions/analyses.html", context)


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """How contributions are sorted, by whom, with which machine, and how often it is wrong."""
    last = AnalysisRun.objects.visible_to(request.user).filter(stage=RunStage.DONE).first()
    agreement = second.agreement_now()
    context = {
        "last": last,
        "unclassified": last.texts - last.classified if last else 0,
        "agreement": agreement,
        "percent": None if agreement["share"] is None else round(100 * agreement["share"]),
    }
    return render(request, "contributions/method.html", context)
