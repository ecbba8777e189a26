"""Deliverables settled one by one; the evaluation against the first version of the roadmap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.chantiers.acts import evaluation as acts
from dialogue.chantiers.forms.roadmap import GivenUpForm, PublishedForm, RatingForm
from dialogue.chantiers.models import Objective, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import Stage
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused

#: Digits of the greatest number of a row.
LONGEST_NUMBER = 18
KINDS: dict[str, tuple[type[Any], Any]] = {
    "objectif": (Objective, acts.rate_objective),
    "livrable": (PlannedDeliverable, acts.rate_deliverable),
}


@login_required
@require_http_methods(["GET", "POST"])
def deliverable(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Published, given up with a motive, or to be done after all: the button says which."""
    chantier = space_of(request, slug)
    rows = PlannedDeliverable.objects.filter(roadmap__in=Roadmap.objects.visible_to(request.user).filter(chantier=chantier))
    item = get_object_or_404(rows.select_related("roadmap__chantier"), pk=pk)
    doing = request.POST.get("geste", "")
    published = PublishedForm(request.POST if doing == "publier" else None, initial={"published_on": request.today}, auto_id="pub-%s")
    given_up = GivenUpForm(request.POST if doing == "abandonner" else None, auto_id="ab-%s")
    form = {"publier": published, "abandonner": given_up}.get(doing)
    try:
        if doing == "rouvrir":
            acts.reopen_deliverable(item, by=request.user, now=request.now)
        elif form is not None and form.is_valid():
            act = acts.publish_deliverable if doing == "publier" else acts.give_up_deliverable
            act(item, by=request.user, now=request.now, **form.cleaned_data)
        if doing == "rouvrir" or (form is not None and form.is_valid()):
            messages.success(request, _("La feuille de route est à jour."))
            return redirect("chantiers:roadmap", slug=slug)
    except Refused as refusal:
        if form is None:
            refuse(request, refusal)
        else:
            for reason in refusal.reasons:
                form.add_error(None, reason)
    context = {"chantier": chantier, "here": "roadmap", "item": item, "published": published, "given_up": given_up}
    return render(request, "chantiers/roadmap_deliverable.html", context, status=422 if form is not None else 200)


@login_required
@require_http_methods(["GET", "POST"])
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """Each objective and deliverable of the baseline, with its rating; one form each."""
    chantier = space_of(request, slug)
    baseline = Roadmap.objects.visible_to(request.user).with_items().filter(chantier=chantier, version=1).exclude(stage="draft").first()
    if baseline is None:
        raise Http404
    baseline.chantier = chantier
    refused = None
    if request.method == "POST":
        refused = _rate(request, baseline)
        if refused is None:
            messages.success(request, _("L’appréciation est enregistrée."))
            return redirect("chantiers:evaluation", slug=slug)
    may_rate = chantier.stage == Stage.COMPLETED and acts.rate_objective.allows(request.user, chantier)
    context = {
        "chantier": chantier, "here": "settings", "may_rate": may_rate, "baseline": baseline,
        "missing": [] if chantier.stage != Stage.COMPLETED else None,
        "objectives": [_entry("objectif", item, refused) for item in baseline.objectives.all()],
        "deliverables": [_entry("livrable", item, refused) for item in baseline.deliverables.all()],
    }
    return render(request, "chantiers/settings_evaluation.html", context, status=422 if refused else 200)


def _rate(request: HttpRequest, baseline: Roadmap) -> tuple[Any, RatingForm] | None:
    """Rates the line that the form names; returns it with its form when that is refused."""
    kind, _sep, pk = request.POST.get("ligne", "").partition("-")
    if kind not in KINDS or not pk.isdecimal() or len(pk) > LONGEST_NUMBER:
        raise Http404
    model, act = KINDS[kind]
    item = get_object_or_404(model, roadmap=baseline, pk=int(pk))
    item.roadmap = baseline
    form = RatingForm(request.POST, item=item)
    if form.is_valid():
        try:
            act(item, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            return None
    return item, form


def _entry(kind: str, item: Any, refused: tuple[Any, RatingForm] | None) -> dict[str, Any]:
    if refused and type(refused[0]) is type(item) and refused[0].pk == item.pk:
        form = refused[1]
    else:
        form = RatingForm(item=item, initial={"rating": item.rating, "measured_value": getattr(item, "measured_value", "")})
    return {"name": f"{kind}-{item.pk}", "item": item, "form": form}
