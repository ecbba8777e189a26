"""The campaigns, for the coordination; and typing in what came on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.contributions.acts import campaigns as acts
from dialogue.contributions.acts.receiving import enter as enter_act
from dialogue.contributions.forms.campaign import CampaignForm, ReopenForm
from dialogue.contributions.forms.entry import EnterForm
from dialogue.contributions.mailbox import campaign_address
from dialogue.contributions.models import Campaign
from dialogue.contributions.stages import STANDING, Stage
from dialogue.contributions.views.doors import UNFIT, say, status_of
from dialogue.ledger.acts import Refused
from dialogue.ui.dates import short_day, thousands

PER_PAGE = 25
#: What a campaign keeps between two entries of an agent.
KEPT = ("territory", "nature")


@login_required
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    _coordination_only(request)
    received = Count("contributions", filter=Q(contributions__stage__in=STANDING))
    rows = (
        Campaign.objects.visible_to(request.user)
        .annotate(received=received)
        .order_by("-opens_on", "-pk")
        .prefetch_related("territories")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [{"campaign": row, "state": state_of(row, request.today), "address": campaign_address(row)} for row in page]
    return render(request, "contributions/campaigns.html", {"page": page, "lines": lines})


def _coordination_only(request: HttpRequest) -> None:
    if not acts.open_campaign.allows(request.user):
        raise PermissionDenied


def state_of(row: Campaign, today: date) -> str:
    """preparation, coming, open or closed."""
    if not row.is_announced:
        return "preparation"
    if row.is_open(today):
        return "open"
    return "coming" if row.opens_on > today else "closed"


@login_required
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    _coordination_only(request)
    form = CampaignForm(request.POST or None, initial={"opens_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            announced = "annoncer" in request.POST
            row = acts.open_campaign(None, by=request.user, now=request.now, is_announced=announced, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            said = _("« %(title)s » est annoncée.") if announced else _("« %(title)s » est en préparation : vous seuls la voyez.")
            messages.success(request, said % {"title": row.title})
            return redirect("contributions:campaigns_pilot")
    return render(request, "contributions/campaign_form.html", {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def campaign_change(request: HttpRequest, slug: str) -> HttpResponse:
    """What it asks; below, announcing, closing, opening again: each says what follows, then asks."""
    _coordination_only(request)
    row = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    form = CampaignForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_campaign(row, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("La campagne est modifiée."))
            return redirect("contributions:campaigns_pilot")
    context = {
        "form": form,
        "campaign": row,
        "state": state_of(row, request.today),
        "address": campaign_address(row),
        "received": row.contributions.filter(stage__in=STANDING).count(),
    }
    return render(request, "contributions/campaign_form.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def campaign_move(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    """`move`: annoncer, clore, rouvrir."""
    _coordination_only(request)
    row = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    if move not in MOVES:
        raise Http404
    act, said = MOVES[move]
    form: Any = ReopenForm(request.POST or None) if move == "rouvrir" else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(row, by=request.user, now=request.now, **(form.cleaned_data if form else {}))
        except Refused as refusal:
            if form is None:
                messages.error(request, " ".join(map(str, refusal.reasons)))
                return redirect("contributions:campaign_change", slug=slug)
            say(form, refusal)
        else:
            messages.success(request, str(said()))
            return redirect("contributions:campaigns_pilot")
    title, consequence, button = _question(row, move)
    context = {"title": title, "about": row.title, "consequence": consequence, "button": button, "form": form}
    context["back_url"] = reverse("contributions:campaign_change", args=[slug])
    return render(request, "ui/confirm.html", context, status=UNFIT if form is not None and form.is_bound else 200)


MOVES: dict[str, Any] = {
    "annoncer": (acts.announce_campaign, lambda: _("La campagne est annoncée.")),
    "clore": (acts.close_campaign, lambda: _("La campagne est close : rien n’y est plus déposé.")),
    "rouvrir": (acts.reopen_campaign, lambda: _("La campagne est de nouveau ouverte.")),
}


def _question(row: Campaign, move: str) -> tuple[str, str, str]:
    """Title, consequence, button."""
    if move == "annoncer":
        consequence = _("Tout le monde la voit dès maintenant. Le dépôt s’ouvre le %(day)s, sur la page et par courriel.")
        return _("Annoncer cette campagne ?"), consequence % {"day": short_day(row.opens_on)}, _("Annoncer la campagne")
    if move == "clore":
        drafts = row.contributions.filter(stage=Stage.DRAFT).count()
        sentences = [_("Personne ne pourra plus y déposer, dès maintenant.")]
        if drafts:
            said = ngettext(
                "%(drafts)s brouillon ne pourra plus être envoyé.", "%(drafts)s brouillons ne pourront plus être envoyés.", drafts
            )
            sentences.append(said % {"drafts": thousands(drafts)})
        sentences.append(_("Ce qui est reçu garde sa date de réponse. Vous pourrez la rouvrir."))
        return _("Clore cette campagne ?"), " ".join(sentences), _("Clore maintenant")
    consequence = _("Le dépôt reprend dès maintenant, sur la page et par courriel.")
    return _("Rouvrir cette campagne ?"), consequence, _("Rouvrir la campagne")


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """One page, for the keyboard: what came on paper or by word of mouth, one after the other."""
    if not enter_act.allows(request.user):
        raise PermissionDenied
    rows = Campaign.objects.visible_to(request.user).filter(is_announced=True).order_by("-opens_on", "-pk")
    slug = request.POST.get("campagne") or request.GET.get("campagne", "")
    campaign = rows.filter(slug=slug).first() or rows.open_on(request.today).first() or rows.first()
    if campaign is None:
        return render(request, "contributions/enter.html", {"campaign": None})
    initial = {name: request.GET.get(name, "") for name in KEPT}
    chosen = campaign.territories.all()
    form = EnterForm(request.POST or None, today=request.today, territories=chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = enter_act(campaign, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("N° %(n)s enregistré : %(title)s") % {"n": row.number, "title": row.title})
            return redirect(_next(request, campaign))
    context = {"form": form, "campaign": campaign, "campaigns": rows[:PER_PAGE]}
    return render(request, "contributions/enter.html", context, status=status_of(form))


def _next(request: HttpRequest, campaign: Campaign) -> str:
    """A fresh page for the next one, with what is likely to be the same."""
    from urllib.parse import urlencode

    if "suivante" not in request.POST:
        return reverse("contributions:campaigns_pilot")
    kept = {name: request.POST.get(name, "")[:60] for name in KEPT}
    return f"{reverse('contributions:enter')}?{urlencode({'campagne': campaign.slug, **kept})}#id_title"
