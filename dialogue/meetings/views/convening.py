"""The group's meetings: their list, their convocation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers import pages
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused
from dialogue.meetings.acts import agenda, capture
from dialogue.meetings.acts import convening as acts
from dialogue.meetings.exports import label_of, state_of
from dialogue.meetings.forms.agenda import DraftForm
from dialogue.meetings.forms.convening import MeetingForm, initial_of
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import UNDATED, MeetingStage


@login_required
@require_GET
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    rows = Meeting.objects.prepared_for(request.user).filter(chantier=chantier).select_related("minutes")
    found = list(rows.order_by("-starts_at", "-number"))
    may = acts.convene_meeting.allows(request.user, chantier)
    lines = [
        {
            "meeting": meeting,
            "label": label_of(meeting),
            "state": state_of(meeting),
            "may_move": may and meeting.stage == MeetingStage.CONVENED and meeting.ends_at > request.now,
            "may_hold": may and meeting.stage == MeetingStage.CONVENED and meeting.starts_at <= request.now,
        }
        for meeting in found
    ]
    dated = [line for line in lines if line["meeting"].stage not in UNDATED and line["meeting"].starts_at]
    context = {
        "chantier": chantier,
        "here": "meetings",
        "prepared": [line for line in lines if line["meeting"].stage in UNDATED],
        "coming": [line for line in reversed(dated) if line["meeting"].ends_at > request.now],
        "past": [line for line in dated if line["meeting"].ends_at <= request.now],
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
            return redirect("meetings:meeting", slug=slug, number=meeting.number)
    return _form_page(request, chantier, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """A meeting without a date: its agenda first, or a poll."""
    chantier = space_of(request, slug)
    if not acts.draft_meeting.allows(request.user, chantier):
        raise PermissionDenied
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = acts.draft_meeting(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La séance est préparée. Écrivez son ordre du jour, puis choisissez sa date."))
            return redirect("meetings:meeting", slug=slug, number=meeting.number)
    context = {"chantier": chantier, "here": "meetings", "form": form}
    return render(request, "meetings/draft.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = meeting_of(request, slug, number)
    form = MeetingForm(request.POST or None, initial=initial_of(meeting))
    act = acts.convene_draft if meeting.stage in UNDATED else acts.move_meeting
    if not act.allows(request.user, meeting):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            act(meeting, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            done = (
                _("La séance est convoquée, le groupe est prévenu.")
                if act is acts.convene_draft
                else _("La séance est déplacée, le groupe est prévenu.")
            )
            messages.success(request, done)
            return redirect("meetings:meeting", slug=slug, number=number)
    return _form_page(request, chantier, form, meeting)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = meeting_of(request, slug, number)
    if request.method == "POST":
        try:
            acts.cancel_meeting(meeting, by=request.user, now=request.now)
            messages.success(request, _("La séance est annulée, le groupe est prévenu."))
        except Refused as refusal:
            refuse(request, refusal)
        return redirect("meetings:list", slug=slug)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "told": pages.told(chantier),
    }
    return render(request, "meetings/cancel.html", context)


@login_required
@require_http_methods(["POST"])
def hold(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    _chantier, meeting = meeting_of(request, slug, number)
    try:
        acts.hold_meeting(meeting, by=request.user, now=request.now)
        messages.success(request, _("La séance est levée. Notez la présence, puis envoyez le compte-rendu en relecture."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("meetings:meeting", slug=slug, number=number)


LONGEST_NUMBER = 15
#: Moves that need no form: name in the address → act, what is said when it is done.
MOVES = {
    "reporter": (
        acts.postpone_meeting,
        _lazy("La séance est reportée : les agendas sont prévenus. Choisissez sa nouvelle date."),
    ),
    "ouvrir": (acts.open_session, _lazy("La séance est ouverte.")),
    "rouvrir": (acts.reopen_session, _lazy("La séance est rouverte.")),
    "reprendre": (agenda.carry_over, _lazy("Ce que la dernière séance avait laissé est à l’ordre du jour.")),
    "neant": (capture.declare_without_material, _lazy("C’est noté : rien pour le carnet de voyage.")),
    "clore": (capture.close_meeting, _lazy("La séance est close : présence, compte-rendu et carnet sont en ordre.")),
}


@login_required
@require_http_methods(["POST"])
def step(request: HttpRequest, slug: str, number: int, code: str) -> HttpResponse:
    """One step of the meeting's life, said by a button."""
    _chantier, meeting = meeting_of(request, slug, number)
    if code not in MOVES:
        raise Http404
    act, done = MOVES[code]
    try:
        act(meeting, by=request.user, now=request.now)
        messages.success(request, done)
    except Refused as refusal:
        refuse(request, refusal)
    if code == "ouvrir" and meeting.stage == MeetingStage.IN_SESSION:
        return redirect("meetings:session", slug=slug, number=number)
    return redirect("meetings:meeting", slug=slug, number=number)


def number_in(given: str) -> int:
    """The row number in a form's field; 0, which no row has, for anything else."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER else 0


def meeting_of(request: HttpRequest, slug: str, number: int) -> tuple[Chantier, Meeting]:
    """A meeting of a group whose space the reader enters, dated or not."""
    chantier = space_of(request, slug)
    meeting = get_object_or_404(Meeting.objects.prepared_for(request.user), chantier=chantier, number=number)
    meeting.chantier = chantier
    return chantier, meeting


def _form_page(request: HttpRequest, chantier: Chantier, form: MeetingForm, meeting: Meeting | None) -> HttpResponse:
    context = {"chantier": chantier, "here": "meetings", "form": form, "meeting": meeting, "told": pages.told(chantier)}
    return render(request, "meetings/form.html", context, status=422 if form.is_bound else 200)
