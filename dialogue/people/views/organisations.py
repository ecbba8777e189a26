"""The public directory of organisations. No personal data: only what the organisation itself shows."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.people import acts, logos
from dialogue.people.forms import OrganisationFilter, OrganisationForm, ProposalForm
from dialogue.people.models import Organisation
from dialogue.people.stages import OrganisationStage

PER_PAGE = 30


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    filters = OrganisationFilter(request.GET)
    rows = Organisation.objects.visible_to(request.user).validated().for_list()
    if filters.is_valid():
        rows = rows.matching(filters.cleaned_data["q"])
        if filters.cleaned_data["nature"]:
            rows = rows.filter(kind=filters.cleaned_data["nature"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "may_propose": acts.propose_organisation.allows(request.user)}
    return render(request, "people/organisations.html", context)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    merged = Organisation.objects.filter(pk=pk, stage=OrganisationStage.MERGED, merged_into__stage=OrganisationStage.VALIDATED)
    if target := merged.values_list("merged_into", flat=True).first():
        return redirect("people:organisation", pk=target, permanent=True)
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "organisation": organisation,
        "may_change": acts.change_organisation.offered(request.user, organisation),
        "is_validated": organisation.stage == OrganisationStage.VALIDATED,
    }
    return render(request, "people/organisation.html", context)


@require_GET
def logo(request: HttpRequest, pk: int) -> FileResponse:
    """The image, named by its content; the folder of files itself has no address."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not organisation.logo or not organisation.logo.storage.exists(organisation.logo.name):
        raise Http404
    file = organisation.logo.open("rb")
    found = logos.kind_of(file.read(logos.HEAD))
    if found is None:
        file.close()
        raise Http404
    file.seek(0)
    response = FileResponse(file, content_type=found[0])
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A person adds the organisation they speak for; the coordination validates it."""
    if not acts.propose_organisation.allows(request.user):
        raise NotAllowed("people.propose_organisation")
    form = ProposalForm(request.POST or None, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = acts.propose_organisation(
                None, by=request.user, now=request.now, speaks=True, title=form.cleaned_data["title"], **form.facts
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("Votre proposition est envoyée. La coordination vous répondra."))
            return redirect(organisation)
    return render(request, "people/organisation_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not acts.change_organisation.allows(request.user, organisation):
        raise NotAllowed("people.change_organisation")
    form = OrganisationForm(request.POST or None, request.FILES or None, instance=organisation, reader=request.user)
    if request.method == "POST" and form.is_valid():
        organisation.refresh_from_db()
        try:
            acts.change_organisation(organisation, by=request.user, now=request.now, **form.facts)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("La page de l’organisme est à jour."))
            return redirect(organisation)
    context = {"form": form, "organisation": organisation}
    return render(request, "people/organisation_form.html", context, status=422 if form.errors else 200)
