"""Deliverables settled one by one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.chantiers.acts import evaluation as acts
from dialogue.chantiers.forms.roadmap import GivenUpForm, PublishedForm
from dialogue.chantiers.models import PlannedDeliverable, Roadmap
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused


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
