"""The group's meetings: their list, their convocation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers import pages
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused
from dialogue.meetings.acts import convening as acts
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.convening import MeetingForm, initial_of
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import MeetingStage


@login_required
@require_GET
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    found = list(Meeting.objects.visible_to(request.user).filter(chantier=chantier).order_by("-starts_at", "-number"))
    may = acts.convene_meeting.allows(request.user, chantier)
    lines = [
        {
            "meeting": meeting,
            "label": label_of(meeting),
            "may_move": may and meeting.stage == MeetingStage.CONVENED and meeting.ends_at > request.now,
            "may_hold": may and meeting.stage == MeetingStage.CONVENED and meeting.starts_at <= request.now,
        }
        for meeting in found
    ]
    context = {
        "chantier": chantier,
        "here": "meetings",
        "coming": [line for line in reversed(lines) if line["meeting"].ends_at > request.now],
        "past": [line for line in lines if line["meeting"].ends_at <= request.now],
        "may_convene": acts.convene_meeting.offered(request.user, chantier),
    }
    return render(request, "meetings/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = acts.convene_meeting(chantier, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("%(meeting)s : le groupe reçoit la convocation.") % {"meeting": label_of(meeting)})
            return redirect("meetings:list", slug=slug)
    return _form_page(request, chantier, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = _meeting(request, slug, number)
    form = MeetingForm(request.POST or None, initial=initial_of(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            acts.move_meeting(meeting, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La séance est déplacée, le groupe est prévenu."))
            return redirect("meetings:list", slug=slug)
    return _form_page(request, chantier, form, meeting)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = _meeting(request, slug, number)
    if request.method == "POST":
        try:
            acts.cancel_meeting(meeting, by=request.user, now=request.now)
            messages.success(request, _("La séance est annulée, le groupe est prévenu."))
        except Refused as refusal:
            refuse(request, refusal)
        return redirect("meetings:list", slug=slug)
    context = {
        "chantier": chantier, "here": "meetings", "meeting": meeting, "label": label_of(meeting), "told": pages.told(chantier)
    }
    return render(request, "meetings/cancel.html", context)


@login_required
@require_http_methods(["POST"])
def hold(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    _chantier, meeting = _meeting(request, slug, number)
    try:
        acts.hold_meeting(meeting, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("meetings:list", slug=slug)


def _meeting(request: HttpRequest, slug: str, number: int) -> tuple[Chantier, Meeting]:
    chantier = space_of(request, slug)
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), chantier=chantier, number=number)
    meeting.chantier = chantier
    return chantier, meeting


def _form_page(request: HttpRequest, chantier: Chantier, form: MeetingForm, meeting: Meeting | None) -> HttpResponse:
    context = {"chantier": chantier, "here": "meetings", "form": form, "meeting": meeting, "told": pages.told(chantier)}
    return render(request, "meetings/form.html", context, status=422 if form.is_bound else 200)
