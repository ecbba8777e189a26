"""The members of a group: who they are; entering, roles, representatives, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers.acts import members as acts
from dialogue.chantiers.forms.members import AddMemberForm, EndForm, RepresentativeForm, RoleForm
from dialogue.chantiers.models import Chantier, Member, Representative
from dialogue.chantiers.pages_members import members_page
from dialogue.chantiers.rules import members as rules
from dialogue.chantiers.stages import OFFICERS
from dialogue.chantiers.views.members_doors import group_or_403, show_reasons
from dialogue.ledger.acts import NotAllowed, Refused


@require_GET
@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = group_or_403(request, slug)
    context = {"chantier": chantier, "here": "members", "page": members_page(chantier, request.user)}
    return render(request, "chantiers/members.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def add_member(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    if not acts.add_member.allows(request.user, chantier):
        raise NotAllowed("chantiers.add_member")
    data = request.POST if request.method == "POST" else None
    form = AddMemberForm(data, by=request.user, chantier=chantier, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            member = acts.add_member(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("« %(name)s » fait maintenant partie du groupe.") % {"name": member.organisation})
            return redirect("chantiers:members", slug)
    context = {"chantier": chantier, "here": "members", "form": form}
    return render(request, "chantiers/members_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    member = _member_or_404(request, slug, pk)
    if not acts.change_role.allows(request.user, member):
        raise NotAllowed("chantiers.change_role")
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, by=request.user, chantier=member.chantier, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_role(member, by=request.user, now=request.now, role=form.cleaned_data["role"])
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("Le rôle de « %(name)s » est changé.") % {"name": member.organisation})
            return redirect("chantiers:members", slug)
    context = {"chantier": member.chantier, "here": "members", "member": member, "form": form}
    return render(request, "chantiers/members_role.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirms, then ends the membership; says what follows."""
    member = _member_or_404(request, slug, pk)
    if not acts.end_membership.allows(request.user, member):
        raise NotAllowed("chantiers.end_membership")
    own = bool(rules.speaks_for_it(request.user, member))
    form = EndForm(request.POST if request.method == "POST" else None, own=own)
    if request.method == "POST" and form.is_valid():
        try:
            acts.end_membership(member, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("« %(name)s » ne fait plus partie du groupe.") % {"name": member.organisation})
            stays = rules.may_see_members(request.user, member.chantier)
            return redirect("chantiers:members", slug) if stays else redirect(member.chantier)
    context = {
        "chantier": member.chantier,
        "member": member,
        "form": form,
        "own": own,
        "is_officer_seat": member.role in OFFICERS,
        "people": member.representatives.active().select_related("person"),
        "obstacles": acts.end_membership.obstacles(member, by=request.user, now=request.now),
        "back_url": reverse("chantiers:members", args=[slug]),
    }
    return render(request, "chantiers/members_leave.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def representatives(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who speaks for a member: add, or put one in the place of another."""
    member = _member_or_404(request, slug, pk)
    if not acts.add_representative.allows(request.user, member):
        raise NotAllowed("chantiers.add_representative")
    data = request.POST if request.method == "POST" else None
    form = RepresentativeForm(data, by=request.user, member=member, today=request.today)
    if request.method == "POST" and form.is_valid():
        new, old = form.cleaned_data["person"], form.cleaned_data["replaces"]
        try:
            if old:
                acts.replace_representative(member, by=request.user, now=request.now, old=old, new=new)
            else:
                acts.add_representative(member, by=request.user, now=request.now, person=new)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("%(name)s représente maintenant cet organisme.") % {"name": new})
            stays = rules.may_see_members(request.user, member.chantier)
            return redirect("chantiers:members", slug) if stays else redirect(member.chantier)
    context = {
        "chantier": member.chantier,
        "here": "members",
        "member": member,
        "form": form,
        "people": member.representatives.active().select_related("person"),
    }
    return render(request, "chantiers/members_people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def end_representation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier = get_object_or_404(Chantier.objects.visible_to(request.user), slug=slug)
    rows = Representative.objects.visible_to(request.user).active().select_related("member__organisation", "person")
    representative = get_object_or_404(rows, pk=pk, member__chantier=chantier)
    if not acts.end_representation.allows(request.user, representative):
        raise NotAllowed("chantiers.end_representation")
    member = representative.member
    if request.method == "POST":
        try:
            acts.end_representation(representative, by=request.user, now=request.now)
        except Refused as refused:
            messages.error(request, " ".join(refused.reasons))
            return redirect("chantiers:representatives", slug, member.pk)
        messages.success(request, _("%(name)s ne représente plus cet organisme.") % {"name": representative.person})
        stays = rules.may_see_members(request.user, chantier)
        return redirect("chantiers:members", slug) if stays else redirect(chantier)
    context = {
        "title": _("Fin de la participation d’une personne"),
        "about": representative,
        "consequence": _(
            "%(name)s ne représentera plus « %(organisation)s » dans ce groupe, n’en lira plus l’espace et n’en recevra plus "
            "les messages. Ce que cette personne a fait reste à son nom."
        )
        % {"name": representative.person, "organisation": member.organisation},
        "button": _("Mettre fin à sa participation"),
        "back_url": reverse("chantiers:representatives", args=[slug, member.pk]),
    }
    return render(request, "ui/confirm.html", context)


def _member_or_404(request: HttpRequest, slug: str, pk: int) -> Member:
    rows = Member.objects.visible_to(request.user).active().select_related("chantier", "organisation")
    return get_object_or_404(rows, pk=pk, chantier__slug=slug)
