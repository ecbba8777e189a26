"""The page of a meeting, its agenda, the answers, the attendance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier, Representative
from dialogue.chantiers.views.space import refuse
from dialogue.documents.models import Document
from dialogue.ledger.acts import Refused
from dialogue.meetings import pages
from dialogue.meetings.acts import agenda as acts
from dialogue.meetings.acts import attendance, capture, convening
from dialogue.meetings.acts import minutes as minutes_acts
from dialogue.meetings.agenda import overrun, timed
from dialogue.meetings.exports import label_of, state_of
from dialogue.meetings.forms.agenda import AnswerForm, AttendanceForm, IntroductionForm, ItemForm, RemindersForm, organisations_of
from dialogue.meetings.models import AgendaItem, Meeting, Minutes
from dialogue.meetings.stages import PAST, UNDATED, MeetingStage, Presence, Rsvp
from dialogue.meetings.views.convening import meeting_of, number_in
from dialogue.meetings.views.session import of_another


@login_required
@require_GET
def meeting(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, found = meeting_of(request, slug, number)
    return _page(request, chantier, found)


def _page(request: HttpRequest, chantier: Chantier, found: Meeting, form: AnswerForm | None = None) -> HttpResponse:
    reader, now = request.user, request.now
    documents = Prefetch("documents", Document.objects.visible_to(reader).with_last())
    items_of = (
        AgendaItem.objects.filter(meeting=found).select_related("owner", "carried_from__meeting").prefetch_related(documents)
    )
    found._prefetched_objects_cache = {"items": items_of}
    items = timed(found)
    leads = convening.move_meeting.allows(reader, found)
    answers = pages.answers_of(found)
    minutes: Minutes | None = getattr(found, "minutes", None)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": found,
        "label": label_of(found),
        "state": state_of(found),
        "items": items,
        "overrun": overrun(found, items),
        "answers": answers,
        "leads": leads,
        "minutes": minutes,
        "form": form or pages.answer_form(found, reader, now),
        "is_undated": found.stage in UNDATED,
        "is_past": found.stage in PAST,
        "may_write_agenda": leads and acts.may_change(found) is None,
        "may_open": convening.open_session.offered(reader, found)
        and not convening.open_session.obstacles(found, by=reader, now=now),
        "may_hold": convening.hold_meeting.offered(reader, found) and convening.has_begun(found, by=reader, now=now) is None,
        "writes": capture.save_notes.allows(reader, found),
        "missing": capture.close_meeting.obstacles(found, by=reader, now=now)
        if leads and found.stage == MeetingStage.HELD
        else [],
        "reminders": list(found.reminders.all()) if leads and found.stage == MeetingStage.CONVENED else [],
        "may_start_minutes": minutes_acts.start_minutes.allows(reader, found),
    }
    return render(request, "meetings/meeting.html", context, status=422 if form is not None else 200)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """My answer to the convocation, from the meeting's page or from the space."""
    chantier, found = meeting_of(request, slug, number)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, chantier, found, form)
    try:
        attendance.answer_convocation(found, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("Votre réponse est notée : %(answer)s.") % {"answer": Rsvp(form.cleaned_data["rsvp"]).label})
    except Refused as refusal:
        refuse(request, refusal)
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("meetings:meeting", slug=slug, number=number)


# Agenda ------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def add_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, found = meeting_of(request, slug, number)
    form = ItemForm(request.POST or None, chantier=chantier, reader=request.user)
    return _item_form(request, chantier, found, form, acts.add_item, found, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit_item(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    chantier, found, item = _item(request, slug, number, pk)
    initial = {
        "title": item.title,
        "kind": item.kind,
        "planned_minutes": item.planned_minutes,
        "owner": item.owner_id,
        "documents": list(item.documents.values_list("pk", flat=True)),
    }
    form = ItemForm(request.POST or None, chantier=chantier, reader=request.user, initial=initial)
    return _item_form(request, chantier, found, form, acts.edit_item, item, item)


def _item_form(
    request: HttpRequest, chantier: Chantier, found: Meeting, form: ItemForm, act: Any, thing: Any, item: AgendaItem | None
) -> HttpResponse:
    if not act.allows(request.user, thing):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            act(thing, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            if found.stage == MeetingStage.IN_SESSION:
                return redirect("meetings:session", slug=chantier.slug, number=found.number)
            if item is None and "another" in request.POST:
                messages.success(request, _("Le point est ajouté."))
                return redirect("meetings:add_item", slug=chantier.slug, number=found.number)
            return redirect("meetings:meeting", slug=chantier.slug, number=found.number)
    context = {"chantier": chantier, "here": "meetings", "meeting": found, "label": label_of(found), "form": form, "item": item}
    return render(request, "meetings/item_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def shift_item(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Up, down, or out."""
    _chantier, _found, item = _item(request, slug, number, pk)
    try:
        if "remove" in request.POST:
            acts.remove_item(item, by=request.user, now=request.now)
        else:
            acts.move_item(item, by=request.user, now=request.now, down="down" in request.POST)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("meetings:meeting", slug=slug, number=number)


def _item(request: HttpRequest, slug: str, number: int, pk: int) -> tuple[Chantier, Meeting, AgendaItem]:
    chantier, found = meeting_of(request, slug, number)
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=found, pk=pk)
    item.meeting = found
    return chantier, found, item


@login_required
@require_http_methods(["GET", "POST"])
def introduce(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The words of introduction, and when the group is reminded."""
    chantier, found = meeting_of(request, slug, number)
    if not convening.describe_meeting.allows(request.user, found):
        raise PermissionDenied
    form = IntroductionForm(request.POST or None, initial={"introduction": found.introduction})
    chosen = list(found.reminders.values_list("hours_before", flat=True))
    reminders = RemindersForm(request.POST or None, initial={"hours": chosen}) if found.starts_at else None
    if request.method == "POST" and form.is_valid() and (reminders is None or reminders.is_valid()):
        convening.describe_meeting(found, by=request.user, now=request.now, **form.cleaned_data)
        if reminders is not None:
            convening.set_reminders(found, by=request.user, now=request.now, hours=reminders.cleaned_data["hours"])
        messages.success(request, _("C’est enregistré."))
        return redirect("meetings:meeting", slug=slug, number=number)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": found,
        "label": label_of(found),
        "form": form,
        "reminders": reminders,
    }
    return render(request, "meetings/introduce.html", context, status=422 if form.is_bound else 200)


# Attendance --------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every organisation on one page, in one form."""
    chantier, found = meeting_of(request, slug, number)
    if not attendance.mark_attendance.allows(request.user, found):
        raise PermissionDenied
    organisations = list(organisations_of(chantier))
    choices = [(each.pk, each.name) for each in organisations]
    kept = {row.organisation_id: row for row in found.attendances.select_related("organisation")}
    organisations += [row.organisation for pk, row in kept.items() if pk not in {each.pk for each in organisations}]
    lines = []
    for organisation in organisations:
        row = kept.get(organisation.pk)
        initial = (
            {name: getattr(row, name) for name in ("presence", "people", "represented_by_name", "arrived_at", "left_at")}
            if row
            else {}
        )
        initial["represented_by"] = row.represented_by_id if row else None
        form = AttendanceForm(request.POST or None, prefix=f"o{organisation.pk}", initial=initial, choices=choices)
        lines.append((organisation, form))
    if (
        request.method == "POST"
        and min(form.is_valid() for _organisation, form in lines)
        and _mark(request, found, lines, dict(choices), organisations)
    ):
        messages.success(request, _("La présence est notée."))
        return redirect("meetings:meeting", slug=slug, number=number)
    context = {"chantier": chantier, "here": "meetings", "meeting": found, "label": label_of(found), "lines": lines}
    return render(request, "meetings/presence.html", context, status=422 if request.method == "POST" else 200)


def _mark(request: HttpRequest, found: Meeting, lines: list[Any], names: dict[int, str], organisations: list[Any]) -> bool:
    by_id, fine = {each.pk: each for each in organisations}, True
    for organisation, form in lines:
        if not form.has_changed():
            continue
        data = form.cleaned_data | {"represented_by": by_id.get(form.cleaned_data["represented_by"])}
        try:
            attendance.mark_attendance(found, by=request.user, now=request.now, organisation=organisation, **data)
        except Refused as refusal:
            fine = False
            for reason in refusal.reasons:
                form.add_error("presence", reason)
    return fine


@login_required
@require_POST
def mark(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One organisation from the page of the session: present, excused, absent."""
    if stranger := of_another(request):
        return stranger
    chantier, found = meeting_of(request, slug, number)
    organisation = get_object_or_404(organisations_of(chantier), pk=number_in(request.POST.get("organisation", "")))
    given = request.POST.get("presence", "")
    try:
        attendance.mark_attendance(
            found,
            by=request.user,
            now=request.now,
            organisation=organisation,
            presence=Presence(given if given in Presence.values else ""),
        )
    except Refused as refusal:
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            return JsonResponse({"errors": refusal.reasons}, status=409)
        refuse(request, refusal)
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return redirect("meetings:session", slug=slug, number=number)


@login_required
@require_GET
def sheet(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The attendance sheet (feuille d’émargement), to print."""
    chantier, found = meeting_of(request, slug, number)
    if not attendance.mark_attendance.allows(request.user, found):
        raise PermissionDenied
    seats = Representative.objects.active().filter(member__chantier=chantier).select_related("member__organisation", "person")
    rows = sorted({(seat.member.organisation.name, str(seat.person)) for seat in seats})
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": found,
        "label": label_of(found),
        "rows": rows,
        "blank": range(4),
    }
    return render(request, "meetings/sheet.html", context)
