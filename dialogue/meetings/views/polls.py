"""The date poll: opened, answered by link without an account, decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models.member import hash_of
from dialogue.chantiers.views.space import refuse
from dialogue.ledger.acts import Refused
from dialogue.meetings.acts import polls as acts
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.polls import InviteForm, OptionsFormSet, PollAnswerForm, PollForm
from dialogue.meetings.models import Poll, PollInvitee, PollOption
from dialogue.meetings.stages import Available, MeetingStage
from dialogue.meetings.views.convening import meeting_of, number_in
from dialogue.ui.dates import hour, when


@dataclass(frozen=True)
class Column:
    """A proposed date, with how many can; `why_not`: the sentence that refuses it."""

    option: PollOption
    yes: int
    if_need_be: int
    no: int
    why_not: str


@login_required
@require_http_methods(["GET", "POST"])
def open_poll(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = meeting_of(request, slug, number)
    if not acts.open_poll.allows(request.user, meeting):
        raise PermissionDenied
    form, options = PollForm(request.POST or None), OptionsFormSet(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), options.is_valid()]):
        dates = [moments for each in options if (moments := each.moments())]
        try:
            acts.open_poll(meeting, by=request.user, now=request.now, options=dates, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Le sondage est parti : chacun répond d’un clic, sans compte."))
            return redirect("meetings:poll", slug=slug, number=number)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "form": form,
        "options": options,
        "told": space_pages.told(chantier),
    }
    return render(request, "meetings/poll_open.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def poll(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Who can when; those who convene choose, extend, invite, or give up."""
    chantier, meeting = meeting_of(request, slug, number)
    found = get_object_or_404(Poll.objects.visible_to(request.user), meeting=meeting)
    found.meeting = meeting
    decides = acts.choose_date.allows(request.user, meeting)
    form = InviteForm(request.POST or None) if decides else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                acts.invite_to_poll(found, by=request.user, now=request.now, emails=form.cleaned_data["emails"])
                messages.success(request, _("Les nouvelles personnes sont interrogées."))
            except Refused as refusal:
                refuse(request, refusal)
            return redirect("meetings:poll", slug=slug, number=number)
    columns = columns_of(found)
    invitees = list(found.invitees.prefetch_related("answers"))
    lines = [
        (invitee, [answers.get(column.option.pk, "") for column in columns])
        for invitee in invitees
        for answers in [{answer.option_id: answer.available for answer in invitee.answers.all()}]
    ]
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "poll": found,
        "columns": columns,
        "lines": lines,
        "answered": sum(invitee.answered_at is not None for invitee in invitees),
        "decides": decides,
        "form": form,
        "is_open": found.closed_at is None and meeting.stage == MeetingStage.POLL,
        "needs_place": not meeting.place and not meeting.online_url,
    }
    return render(request, "meetings/poll.html", context, status=422 if form is not None and form.is_bound else 200)


def columns_of(found: Poll) -> list[Column]:
    """2 queries."""
    columns = []
    for option in found.options.prefetch_related("answers"):
        given = [answer.available for answer in option.answers.all()]
        counts = [given.count(code) for code in (Available.YES, Available.IF_NEED_BE, Available.NO)]
        why_not = _("Personne ne peut à cette date : choisissez-en une autre.") if given and counts[2] == len(given) else ""
        columns.append(Column(option, *counts, why_not))
    return columns


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Choose a date, or end without one."""
    _chantier, meeting = meeting_of(request, slug, number)
    found = get_object_or_404(Poll.objects.visible_to(request.user), meeting=meeting)
    found.meeting = meeting
    try:
        if "stop" in request.POST:
            acts.close_poll(found, by=request.user, now=request.now)
            messages.success(request, _("Le sondage est terminé sans date. Vous pouvez en proposer d’autres."))
            return redirect("meetings:meeting", slug=slug, number=number)
        chosen = request.POST.get("option", "")
        option = get_object_or_404(PollOption, poll=found, pk=number_in(chosen))
        option.poll = found
        acts.choose_date(option, by=request.user, now=request.now, place=request.POST.get("place", "")[:300])
        messages.success(request, _("La date est choisie : le groupe reçoit la convocation."))
        return redirect("meetings:meeting", slug=slug, number=number)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("meetings:poll", slug=slug, number=number)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the mailed link: no account, no script, on a phone. Outsiders see dates and totals, never who answers what."""
    rows = PollInvitee.objects.select_related("poll__meeting__chantier", "person")
    invitee = rows.filter(token_hash=hash_of(token)).first()
    if invitee is None:
        raise Http404
    found = invitee.poll
    options = list(found.options.all())
    labels = {option.pk: _label(option) for option in options}
    initial: dict[str, Any] = {f"option-{row.option_id}": row.available for row in invitee.answers.all()}
    initial |= {"comment": invitee.comment, "name": invitee.name}
    form = PollAnswerForm(
        request.POST or None, initial=initial, options=options, labels=labels, needs_name=invitee.person_id is None
    )
    is_open = found.closed_at is None and found.meeting.stage == MeetingStage.POLL and request.now <= found.deadline
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_poll(invitee, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Merci : vos disponibilités sont notées. Vous pouvez les changer jusqu’à l’échéance."))
            return redirect("meetings:poll_answer", token=token)
    context = {
        "poll": found,
        "chantier": found.meeting.chantier,
        "form": form,
        "is_open": is_open,
        "columns": columns_of(found),
        "invitee": invitee,
        "chosen": next((option for option in options if option.chosen), None),
    }
    response = render(request, "meetings/poll_answer.html", context, status=422 if form.is_bound else 200)
    # The address is a secret: it is told to no other site, and kept by no cache.
    # The link stays here. Not "no-referrer": browsers then send the form with `Origin: null`, which is refused.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _label(option: PollOption) -> str:
    return f"{when(option.starts_at)} – {hour(option.ends_at)}"
