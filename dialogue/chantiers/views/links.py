"""The contributions that a chantier takes up: its origin, and those attached since, by the coordination or the lead."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue.chantiers.acts import links as acts
from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.contributions.models import Contribution
from dialogue.ledger.acts import Refused

PER_PAGE = 30


def _chantier(request: HttpRequest, slug: str) -> Chantier:
    """For those who may attach; anybody else does not learn that the page exists."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user).select_related("theme"), slug=slug)
    if not acts.attach_contribution.allows(request.user, chantier):
        raise Http404
    return chantier


@require_http_methods(["GET", "POST"])
@login_required
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Posting `number` attaches that contribution."""
    chantier = _chantier(request, slug)
    typed = request.POST.get("number", "").replace("\u202f", "").replace("\xa0", "").replace(" ", "").strip("n°N")
    error = ""
    if request.method == "POST":
        error = _attach(request, chantier, typed)
        if not error:
            messages.success(request, _("La contribution est rattachée au chantier."))
            return redirect("chantiers:links", slug=slug)
    rows = ContributionLink.objects.visible_to(request.user).filter(chantier=chantier)
    rows = rows.select_related("contribution__theme", "contribution__territory").order_by("-is_origin", "contribution__number")
    context = {
        "chantier": chantier,
        "listed": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "typed": typed[:12],
        "error": error,
        "offered": acts.attach_contribution.offered(request.user, chantier),
    }
    return render(request, "chantiers/links.html", context, status=422 if error else 200)


def _attach(request: HttpRequest, chantier: Chantier, typed: str) -> str:
    """The sentence that says why not; empty when it is done."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):  # noqa: PLR2004 — what an integer column holds
        return _("Écrivez le numéro de la contribution, par exemple 1284.")
    contribution = Contribution.objects.visible_to(request.user).filter(number=int(typed)).first()
    if contribution is None:
        return _("Aucune contribution que vous puissiez lire ne porte ce numéro.")
    try:
        acts.attach_contribution(chantier, by=request.user, now=request.now, contribution=contribution)
    except Refused as refusal:
        return refusal.reasons[0]
    return ""


@require_http_methods(["GET", "POST"])
@login_required
def detach(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier = _chantier(request, slug)
    rows = ContributionLink.objects.visible_to(request.user).filter(chantier=chantier, is_origin=False)
    try:
        link = get_object_or_404(rows.select_related("contribution"), contribution__number=number)
    except OverflowError:
        raise Http404 from None
    if request.method == "POST":
        try:
            acts.detach_contribution(chantier, by=request.user, now=request.now, contribution=link.contribution)
        except Refused as refusal:
            messages.error(request, refusal.reasons[0])
        else:
            messages.success(request, _("La contribution est détachée du chantier."))
        return redirect("chantiers:links", slug=slug)
    context = {
        "title": _("Détacher cette contribution ?"),
        "about": link.contribution.title,
        "consequence": _("Le chantier ne la reprend plus ; elle attend de nouveau une réponse, si rien d’autre ne la reprend."),
        "button": _("Détacher la contribution"),
        "back_url": reverse("chantiers:links", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)
