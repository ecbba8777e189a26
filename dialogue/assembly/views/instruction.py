"""The coordination's queue of propositions in instruction, and the opinion that a service gives."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.assembly.acts import instruction as acts
from dialogue.assembly.forms.propositions import AskForm, OpinionForm
from dialogue.assembly.models import Opinion, Proposition
from dialogue.assembly.rules import records
from dialogue.assembly.stages import COMES_BACK, VOTED_FOR, PropositionStage
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done
from dialogue.people.rules import is_coordination

S = PropositionStage


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What is in instruction, the oldest first; what came back; what was voted and waits for the pact."""
    if not is_coordination.test(request.user):
        raise PermissionDenied
    rows = Proposition.objects.visible_to(request.user).for_list()
    awaited = Count("opinions", filter=Q(opinions__verdict=""), distinct=True)
    given = Count("opinions", filter=~Q(opinions__verdict=""), distinct=True)
    rows = rows.annotate(awaited=awaited, given=given)
    shown = list(
        rows.filter(stage__in=[S.ADOPTED_BY_GROUP, S.UNDER_REVIEW, S.TABLED, *COMES_BACK, *VOTED_FOR]).order_by(
            "submitted_on", "number"
        )
    )
    for row in shown:
        row.waiting_days = row.days_waiting(request.today)
        row.is_late = bool(row.awaited and row.opinions_due_on and row.opinions_due_on < request.today)
    by_stage = {stage: [row for row in shown if row.stage == stage] for stage in S}
    context = {
        "here": "propositions",
        "under_review": by_stage[S.UNDER_REVIEW],
        "back": [row for row in shown if row.stage in COMES_BACK],
        "tabled": by_stage[S.TABLED],
        "voted": [row for row in shown if row.stage in VOTED_FOR],
        "adopted": by_stage[S.ADOPTED_BY_GROUP],
    }
    return render(request, "assembly/queue.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """One service more."""
    proposition = get_object_or_404(Proposition.objects.visible_to(request.user).select_related("chantier"), number=number)
    if not acts.ask_opinion.allows(request.user, proposition):
        raise PermissionDenied
    form = AskForm(request.POST or None, initial={"opinions_due_on": proposition.opinions_due_on})
    if request.method == "POST" and form.is_valid():
        try:
            acts.ask_opinion(proposition, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’avis est demandé : le service reçoit un courriel."))
            return redirect("assembly:queue")
    context = {"here": "propositions", "proposition": proposition, "form": form}
    return render(request, "assembly/ask.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def cancel(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Asked by mistake: in one gesture, since it can be asked again."""
    rows = Opinion.objects.visible_to(request.user).select_related("proposition__chantier", "service")
    found = get_object_or_404(rows, pk=pk, proposition__number=number)
    said = _("La demande d’avis à « %(service)s » est annulée. Vous pouvez la refaire.") % {"service": found.service.name}
    done(request, acts.cancel_opinion_request, found.proposition, said, service=found.service)
    return redirect("assembly:work", slug=found.proposition.chantier.slug, number=number)


@login_required
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The service reads the proposition and says what it thinks; the coordination may write it down for the service."""
    rows = Opinion.objects.visible_to(request.user).select_related(
        "proposition__chantier", "service", "proposition__adopted_at_meeting"
    )
    found = get_object_or_404(rows, pk=pk, proposition__number=number)
    if not found.proposition.readable_by(request.user):
        raise PermissionDenied
    may_give = acts.give_opinion.allows(request.user, found) and found.proposition.stage == S.UNDER_REVIEW
    may_give = may_give and found.round == found.proposition.round
    if request.method == "POST" and not may_give:
        raise PermissionDenied
    form = OpinionForm(request.POST or None, opinion=found) if may_give else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            acts.give_opinion(found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’avis est enregistré. Le groupe le lira."))
            return redirect("assembly:proposition", number=number)
    context = {
        "opinion": found, "proposition": found.proposition, "chantier": found.proposition.chantier, "form": form,
        "records": records.test(request.user),
    }  # fmt: skip
    return render(request, "assembly/opinion.html", context, status=422 if form is not None and form.is_bound else 200)
