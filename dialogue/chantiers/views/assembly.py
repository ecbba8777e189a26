"""What the assembly does with the propositions of the groups: its secretariat records it, outside the groups' spaces."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers.forms.moves import MOVES, VOTES, Move, moves_for
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.rules.life import records_votes
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import Refused

AFTER_DELIVERY = [Stage.DELIVERED, Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED]


@login_required
@require_GET
def votes(request: HttpRequest) -> HttpResponse:
    """Every chantier of which the tabling or the outcome is still to record, and those that are settled."""
    if not records_votes.test(request.user):
        raise PermissionDenied
    rows = Chantier.objects.visible_to(request.user).filter(stage__in=AFTER_DELIVERY).order_by("number")
    lines = [(row, _left(row, request)) for row in rows.select_related("theme").prefetch_related("territories")]
    context = {
        "waiting": [line for line in lines if line[1]],
        "settled": [row for row, _moves in lines if row.in_pact_on or row.no_follow_up_on],
    }
    return render(request, "chantiers/votes.html", context)


def _left(chantier: Chantier, request: HttpRequest) -> list[Move]:
    return [move for move in moves_for(chantier, request.user) if move.code in VOTES]


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A page that says the consequence and asks for the day, then the act."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if code not in VOTES:
        raise Http404
    chosen = MOVES[code]
    if not chosen.act.allows(request.user, chantier):
        raise PermissionDenied
    form = chosen.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.act(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("C’est fait : %(what)s.") % {"what": chosen.label})
            return redirect("chantiers:votes")
    context = {"chantier": chantier, "move": chosen, "form": form}
    return render(request, "chantiers/votes_record.html", context, status=422 if form.is_bound else 200)
