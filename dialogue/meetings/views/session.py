"""The page of the session: notes, decisions, actions, carnet; several write at once, nothing is lost."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse
from dialogue.documents.models import Document
from dialogue.ledger.acts import Refused
from dialogue.meetings import pages
from dialogue.meetings.acts import attendance, convening
from dialogue.meetings.acts import capture as acts
from dialogue.meetings.agenda import timed
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.agenda import organisations_of
from dialogue.meetings.forms.capture import ACTION, DECISION, LineForm, PhotoForm
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, Minutes, NotesConflict
from dialogue.meetings.stages import ItemState, MaterialKind, Presence
from dialogue.meetings.views.convening import meeting_of, number_in
from dialogue.ui.middleware import FinishMiddleware

#: The carnet's last pieces; all of them stand under their items too.
SHOWN_MATERIAL = 20
#: Beyond so many lines, each item shows its last ones, and all of them when it is the one asked for.
MOST_LINES, LAST_LINES = 300, 8
MOST_FORMS, FIRST_FORMS = 12, 4
#: What the looking pages were last told, by (meeting, pulse, who writes, language): thirty people ask, one answer is made.
_told: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_TOLD = 32


@login_required
@require_GET
def session(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = meeting_of(request, slug, number)
    return page_of(request, chantier, meeting)


def page_of(
    request: HttpRequest,
    chantier: Chantier,
    meeting: Meeting,
    *,
    form: LineForm | None = None,
    photo: PhotoForm | None = None,
    item: int = 0,
) -> HttpResponse:
    reader, now = request.user, request.now
    closed = acts.is_writable(meeting) or ""
    writes = acts.save_notes.allows(reader, meeting) and not closed
    leads = convening.hold_meeting.allows(reader, meeting)
    owners = [(each.pk, each.name) for each in organisations_of(chantier)]
    asked = item or number_in(request.GET.get("point", ""))
    items, captured = items_of(meeting, reader, asked)
    rows = list(meeting.attendances.select_related("organisation"))
    materials = captured["materials"]
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "items": items,
        "writes": writes,
        "leads": leads,
        "closed": closed,
        "lines": _with_forms(items, form, asked, owners) if writes else [(e, None) for e in items],
        "photo": (photo or PhotoForm()) if writes else None,
        "materials": materials[-SHOWN_MATERIAL:],
        "earlier": max(0, len(materials) - SHOWN_MATERIAL),
        "attendances": rows,
        "presences": Presence.choices,
        "counts": {code: sum(row.presence == code for row in rows) for code in Presence.values},
        "may_mark": attendance.mark_attendance.allows(reader, meeting),
        "previous": _previous(meeting, reader),
        "documents": list({each.pk: each for entry in items for each in entry.item.documents.all()}.values())[:12],
        "checks": _checks(meeting, rows, items, materials),
        "may_hold": convening.hold_meeting.offered(reader, meeting),
        "person": reader.pk,
        "answers": pages.awaits_answer(meeting, now),
        "general": _line_form(form, item, 0, owners) if writes else None,
        "loose": _loose(captured),
        "asked": asked,
        "moment": uuid.uuid4(),
    }
    return render(request, "meetings/session.html", context, status=422 if form is not None or photo is not None else 200)


def _with_forms(
    items: list[Any], given: LineForm | None, asked: int, owners: list[tuple[int, str]]
) -> list[tuple[Any, LineForm | None]]:
    """A form under each item; of a long agenda, under the first ones and the one that was asked for: the page stays light."""
    few = len(items) <= MOST_FORMS
    return [
        (entry, _line_form(given, asked, entry.item.pk, owners) if few or n < FIRST_FORMS or entry.item.pk == asked else None)
        for n, entry in enumerate(items)
    ]


def _line_form(given: LineForm | None, item: int, pk: int, owners: list[tuple[int, str]]) -> LineForm:
    if given is not None and item == pk:
        return given
    return LineForm(owners=owners, auto_id=f"id_{pk}_%s", initial={"line": DECISION, "client_key": uuid.uuid4()})


def items_of(meeting: Meeting, reader: Any, asked: int = 0) -> tuple[list[Any], dict[str, list[Any]]]:
    """The agenda, and what was captured by kind, each line also under its item (6 queries, whatever the number of lines)."""
    captured: dict[str, list[Any]] = {
        "decisions": list(Decision.objects.filter(meeting=meeting).order_by("number")),
        "actions": list(Action.objects.filter(meeting=meeting).select_related("owner").order_by("number")),
        "materials": list(Material.objects.filter(meeting=meeting).select_related("document").order_by("at", "pk")),
    }
    rows = (
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("owner", "edited_by")
        .prefetch_related(
            Prefetch("conflicts", NotesConflict.objects.filter(resolved_at=None).select_related("by")),
            Prefetch("documents", Document.objects.visible_to(reader).shown()),
        )
    )
    many = sum(map(len, captured.values())) > MOST_LINES
    for item in rows:
        under = {name: [line for line in lines if line.item_id == item.pk] for name, lines in captured.items()}
        everything = sorted((line for lines in under.values() for line in lines), key=lambda line: (line.at, line.pk))
        last = everything[-LAST_LINES:] if many and item.pk != asked else everything
        item.more = len(everything) - len(last)
        item._prefetched_objects_cache |= {name: [line for line in lines if line in last] for name, lines in under.items()}
    meeting._prefetched_objects_cache = {"items": rows}
    return timed(meeting), captured


def _loose(captured: dict[str, list[Any]]) -> list[Any]:
    """Lines that stand under no item."""
    return [line for name in ("decisions", "actions") for line in captured[name] if line.item_id is None]


def _previous(meeting: Meeting, reader: Any) -> Meeting | None:
    """The meeting before, when its minutes can be read."""
    rows = Minutes.objects.visible_to(reader).filter(chantier_id=meeting.chantier_id, meeting__number__lt=meeting.number)
    found = rows.select_related("meeting").order_by("-meeting__number").first()
    return found.meeting if found else None


def _checks(meeting: Meeting, rows: list[Any], items: list[Any], materials: list[Any]) -> list[tuple[bool, str]]:
    """What the end of a session asks for: (fine, sentence)."""
    noted = sum(bool(row.presence) for row in rows)
    empty = sum(1 for entry in items if not entry.item.decisions.all() and not entry.item.notes.strip())
    conflicts = sum(len(entry.item.conflicts.all()) for entry in items)
    checks = [
        (
            bool(rows) and noted == len(rows),
            _("Présence notée pour %(n)d organismes sur %(all)d") % {"n": noted, "all": len(rows)},
        )
    ]
    if empty:
        one = _("Un point n’a encore ni note ni décision")
        checks.append((False, one if empty == 1 else _("%(n)d points n’ont encore ni note ni décision") % {"n": empty}))
    if conflicts:
        checks.append((False, _("Deux textes restent à réunir dans les notes.")))
    checks.append((bool(materials) or meeting.without_material, _("Quelque chose est gardé pour le carnet de voyage")))
    following = Meeting.objects.filter(chantier_id=meeting.chantier_id, number__gt=meeting.number).exists()
    checks.append((following, _("La séance suivante est préparée") if following else _("La séance suivante reste à préparer")))
    return checks


@login_required
@require_GET
def news(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What changed since `depuis`: 204 when nothing did. Asked every two seconds by each page that looks on."""
    rows = Meeting.objects.prepared_for(request.user).filter(chantier__slug=slug, number=number)
    meeting = rows.select_related("chantier").first()
    if meeting is None:
        raise Http404
    since = request.GET.get("depuis", "")
    if since == str(meeting.pulse):
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    writes = acts.save_notes.allows(request.user, meeting) and not acts.is_writable(meeting)
    asked = number_in(request.GET.get("point", ""))
    key = (meeting.uid, asked, meeting.pulse, meeting.stage, writes, get_language())
    if key not in _told:
        _told[key] = json.dumps(_news(meeting, request, asked, writes=writes)).encode()
        while len(_told) > _TOLD:
            _told.popitem(last=False)
    return HttpResponse(_told[key], content_type="application/json", headers={"Cache-Control": "no-store"})


def _news(meeting: Meeting, request: HttpRequest, asked: int, *, writes: bool) -> dict[str, Any]:
    told = []
    language = get_language() or "fr"

    def drawn(template: str, context: dict[str, Any]) -> str:
        """As the page has it: icons in place, French spaces."""
        return FinishMiddleware.finished(render_to_string(template, context), language)

    items, captured = items_of(meeting, request.user, asked)
    for entry in items:
        item = entry.item
        html = drawn("meetings/_lines.html", {"item": item, "chantier": meeting.chantier, "meeting": meeting, "writes": writes})
        told.append({"pk": item.pk, "revision": item.revision, "notes": item.notes, "state": item.state, "html": html})
    context = {"chantier": meeting.chantier, "meeting": meeting, "writes": writes, "loose": _loose(captured)}
    context |= {
        "materials": captured["materials"][-SHOWN_MATERIAL:],
        "earlier": max(0, len(captured["materials"]) - SHOWN_MATERIAL),
    }
    presences = meeting.attendances.values_list("organisation_id", "presence")
    return {
        "pulse": meeting.pulse,
        "items": told,
        "loose": drawn("meetings/_loose.html", context),
        "carnet": drawn("meetings/_carnet.html", context),
        "presence": {str(organisation): presence for organisation, presence in presences},
    }


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def of_another(request: HttpRequest) -> HttpResponse | None:
    """A page opened by one person, sent once another has signed in on the same machine: nothing is written in their name."""
    if request.POST.get("person", str(request.user.pk)) == str(request.user.pk):
        return None
    return JsonResponse({"other": True}, status=403)


def _key(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _item_of(request: HttpRequest, meeting: Meeting, pk: int) -> AgendaItem:
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user), meeting=meeting, pk=pk)
    item.meeting = meeting
    return item


@login_required
@require_POST
def notes(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Saves the notes of an item; the script is told how they stand."""
    if stranger := of_another(request):
        return stranger
    _chantier, meeting = meeting_of(request, slug, number)
    item = _item_of(request, meeting, pk)
    facts = {
        "text": request.POST.get("notes", ""),
        "revision": number_in(request.POST.get("revision", "0")),
        "base": request.POST.get("base"),
        "client_key": _key(request.POST.get("client_key", "")),
    }
    try:
        saved = acts.save_notes(item, by=request.user, now=request.now, **facts)
        if "state" in request.POST and request.POST["state"] in ItemState.values and request.POST["state"] != item.state:
            acts.mark_item(item, by=request.user, now=request.now, state=ItemState(request.POST["state"]))
    except Refused as refusal:
        if _is_script(request):
            return JsonResponse({"errors": refusal.reasons}, status=409)
        refuse(request, refusal)
        return redirect("meetings:session", slug=slug, number=number)
    if _is_script(request):
        told = {"text": saved.text, "revision": saved.revision, "merged": saved.merged, "conflict": saved.conflict is not None}
        return JsonResponse(told)
    if saved.conflict is not None:
        messages.warning(request, _("Quelqu’un a écrit en même temps que vous : les deux textes sont gardés. Réunissez-les."))
        return redirect("meetings:conflict", slug=slug, number=number, pk=saved.conflict.pk)
    messages.success(request, _("Vos notes sont enregistrées."))
    return back(slug, number, pk)


def back(slug: str, number: int, pk: int) -> HttpResponse:
    response = redirect("meetings:session", slug=slug, number=number)
    response["Location"] += f"#point-{pk}" if pk else "#ajouter"
    return response


@login_required
@require_POST
def add(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """A decision, an action or some words for the carnet, under an item (`pk` 0: under none)."""
    if stranger := of_another(request):
        return stranger
    chantier, meeting = meeting_of(request, slug, number)
    item = _item_of(request, meeting, pk) if pk else None
    owners = {each.pk: each for each in organisations_of(chantier)}
    form = LineForm(request.POST, owners=[(key, each.name) for key, each in owners.items()], auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            _add(request, meeting, item, form.cleaned_data, owners)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            return JsonResponse({"ok": True}) if _is_script(request) else back(slug, number, pk)
    if _is_script(request):
        return JsonResponse({"errors": [error for errors in form.errors.values() for error in errors]}, status=422)
    return page_of(request, chantier, meeting, form=form, item=pk)


def _add(request: HttpRequest, meeting: Meeting, item: AgendaItem | None, data: dict[str, Any], owners: dict[int, Any]) -> None:
    common = {"by": request.user, "now": request.now, "text": data["text"], "item": item, "client_key": data["client_key"]}
    if data["line"] == DECISION:
        acts.add_decision(meeting, **common, agreement=data["agreement"])
    elif data["line"] == ACTION:
        acts.add_action(meeting, **common, owner=owners.get(data["owner"]), owner_text=data["owner_text"], due_on=data["due_on"])
    else:
        acts.add_material(meeting, **common, kind=MaterialKind(data["line"]), credit=data["credit"], consent=data["consent"])
