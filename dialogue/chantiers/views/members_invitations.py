"""Inviting by mail, and the page behind the mailed address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.acts import invitations as acts
from dialogue.chantiers.forms.members import InviteForm
from dialogue.chantiers.models import Chantier, Invitation
from dialogue.chantiers.stages import JOINABLE, InvitationStage
from dialogue.chantiers.views.members_doors import show_reasons
from dialogue.ledger.acts import Act, NotAllowed, Refused


@require_http_methods(["GET", "POST"])
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if not acts.invite.allows(request.user, chantier):
        raise NotAllowed("chantiers.invite")
    form = InviteForm(request.POST if request.method == "POST" else None, by=request.user, chantier=chantier)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = acts.invite(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("L’invitation part à l’adresse %(email)s.") % {"email": invitation.email})
            return redirect("chantiers:members", slug)
    context = {"chantier": chantier, "here": "members", "form": form}
    return render(request, "chantiers/invite.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _do(request, slug, pk, acts.resend_invitation, _("L’invitation est renvoyée : le lien d’avant ne sert plus."))


@require_POST
@login_required
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _do(request, slug, pk, acts.revoke_invitation, _("L’invitation est annulée : son lien ne sert plus."))


def _do(request: HttpRequest, slug: str, pk: int, act: Act, said: str) -> HttpResponse:
    rows = Invitation.objects.visible_to(request.user).select_related("chantier", "organisation", "sent_by")
    invitation = get_object_or_404(rows, pk=pk, chantier__slug=slug)
    try:
        act(invitation, by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, said)
    return redirect("chantiers:members", slug)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Works signed out: who invites, to what. Answering needs the invited address; declining needs only the link."""
    rows = Invitation.objects.opened_by(token).select_related("chantier__theme", "organisation", "sent_by")
    found = rows.first()
    if found is None or not found.email:
        return render(request, "chantiers/invitation_gone.html", status=404)
    answer = request.POST.get("answer")
    reasons: list[str] = []
    if request.method == "POST" and answer in {"accept", "decline"}:
        act = acts.accept_invitation if answer == "accept" else acts.decline_invitation
        try:
            act(found, by=request.user, now=request.now)
        except Refused as refused:
            reasons = refused.reasons
            found.refresh_from_db()
        else:
            if answer == "accept":
                messages.success(request, _("Bienvenue dans le groupe « %(title)s ».") % {"title": found.chantier.title})
                return redirect("chantiers:space", found.chantier.slug)
            messages.success(request, _("C’est noté : vous ne recevrez plus rien à ce sujet."))
            return redirect("chantiers:invitation", token)
    is_open = found.stage == InvitationStage.SENT and found.expires_at > timezone.now()
    context = {
        "invitation": found,
        "chantier": found.chantier,
        "token": token,
        "reasons": reasons,
        "is_open": is_open,
        "is_joinable": found.chantier.stage in JOINABLE,
        "is_bound": acts.accept_invitation.allows(request.user, found),
    }
    return render(request, "chantiers/invitation.html", context, status=422 if reasons else 200)
