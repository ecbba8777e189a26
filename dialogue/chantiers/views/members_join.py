"""Asking to join a group; the answer of those in charge; following a chantier from outside."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.acts import demands as acts
from dialogue.chantiers.forms.members import AcceptForm, JoinForm, RefuseForm
from dialogue.chantiers.letters.demands import promised_on
from dialogue.chantiers.letters.post import officers_of
from dialogue.chantiers.mine import is_following
from dialogue.chantiers.models import Chantier, JoinRequest, groups_of
from dialogue.chantiers.stages import JOINABLE
from dialogue.chantiers.views.members_doors import show_reasons
from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.people.acts import propose_organisation
from dialogue.people.models import Mandate


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; for a visitor, how to sign in first; for who asked already, where the request stands."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user).select_related("theme"), slug=slug)
    context = {
        "chantier": chantier,
        "is_joinable": chantier.stage in JOINABLE,
        "in_group": chantier.pk in groups_of(request.user),
        "has_officers": bool(officers_of(chantier)),
    }
    if not request.user.is_authenticated:
        return render(request, "chantiers/join.html", context, status=403 if request.method == "POST" else 200)
    rows = JoinRequest.objects.filter(person=request.user, chantier=chantier).select_related("organisation")
    last = rows.order_by("-sent_at", "-pk").first()
    waiting = last if last is not None and last.stage == "waiting" else None
    form = JoinForm(request.POST if request.method == "POST" else None, person=request.user, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, chantier, form)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("Votre demande est envoyée. Réponse sous sept jours, avec un rappel automatique."))
            return redirect("chantiers:join", slug)
    context |= {
        "form": form,
        "last": last,
        "waiting": waiting,
        "promised_on": promised_on(waiting) if waiting else None,
        "is_allowed": acts.request_to_join.allows(request.user, chantier),
    }
    return render(request, "chantiers/join.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, chantier: Chantier, form: JoinForm) -> None:
    """The organisation, new or known, and the request: both or none."""
    data = form.cleaned_data
    with transaction.atomic():
        organisation = data["organisation"] or propose_organisation(
            by=request.user, now=request.now, name=data["new_name"], kind=data["new_kind"], speaks=True
        )
        acts.request_to_join(
            chantier, by=request.user, now=request.now, organisation=organisation, motivation=data["motivation"]
        )


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    rows = JoinRequest.objects.visible_to(request.user).select_related("chantier")
    demand = get_object_or_404(rows, pk=pk, chantier__slug=slug)
    try:
        acts.withdraw_request(demand, by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("Votre demande est retirée."))
    return redirect("chantiers:join", slug)


@require_http_methods(["GET", "POST"])
@login_required
def answer_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One request, for those in charge: yes with a role, or no with a motive."""
    rows = JoinRequest.objects.visible_to(request.user).select_related("chantier", "organisation", "person", "answered_by")
    demand = get_object_or_404(rows, pk=pk, chantier__slug=slug)
    if not acts.accept_request.allows(request.user, demand):
        raise NotAllowed("chantiers.accept_request")
    refuses = request.POST.get("answer") == "refuse"
    accept_form = AcceptForm(request.POST if request.method == "POST" and not refuses else None)
    refuse_form = RefuseForm(request.POST if request.method == "POST" and refuses else None)
    form = refuse_form if refuses else accept_form
    if request.method == "POST" and form.is_valid():
        act = acts.refuse_request if refuses else acts.accept_request
        try:
            act(demand, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
            demand.refresh_from_db()
        else:
            said = _("La demande est refusée : la personne reçoit votre motif.") if refuses else _("La demande est acceptée.")
            messages.success(request, said)
            return redirect("chantiers:members", slug)
    context = {
        "chantier": demand.chantier,
        "here": "members",
        "demand": demand,
        "is_waiting": demand.stage == "waiting",
        "form": form,
        "accept_form": accept_form,
        "refuse_form": refuse_form,
        "obstacles": acts.accept_request.obstacles(demand, by=request.user, now=request.now) if demand.stage == "waiting" else [],
        "promised_on": promised_on(demand),
        "is_known": Mandate.objects.on(request.today).filter(person=demand.person, organisation=demand.organisation).exists(),
    }
    return render(request, "chantiers/members_request.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow by mail, or stop: the page says what that means, and how to sign in."""
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if request.method == "POST" and request.user.is_authenticated:
        if request.POST.get("stop"):
            acts.unfollow(chantier, by=request.user, now=request.now)
            messages.success(request, _("Vous ne suivez plus ce chantier."))
        else:
            acts.follow(chantier, by=request.user, now=request.now)
            messages.success(request, _("Vous suivez ce chantier : ses étapes vous seront envoyées par courriel."))
        return redirect(chantier)
    context = {"chantier": chantier, "is_following": is_following(request.user, chantier)}
    return render(request, "chantiers/follow.html", context, status=403 if request.method == "POST" else 200)
