"""The page of the session: notes, decisions, actions, carnet; several write at once, nothing is lost."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse
from dialogue.documents import acts as documents
from dialogue.documents.models import Document
from dialogue.documents.stages import Nature
from dialogue.ledger.acts import Refused
from dialogue.meetings import pages
from dialogue.meetings.acts import attendance, convening
from dialogue.meetings.acts import capture as acts
from dialogue.meetings.agenda import timed
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.agenda import organisations_of
from dialogue.meetings.forms.capture import ACTION, DECISION, ActionForm, ConflictForm, DecisionForm, LineForm, PhotoForm
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, Meeting, NotesConflict
from dialogue.meetings.stages import ItemState, MaterialKind, Presence
from dialogue.meetings.views.convening import meeting_of, number_in

SHOWN_LINES = 300
MOST_FORMS, FIRST_FORMS = 12, 4
#: What the looking pages were last told, by (meeting, pulse, who writes, language): thirty people ask, one answer is made.
_told: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_TOLD = 32


@login_required
@require_GET
def session(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    chantier, meeting = meeting_of(request, slug, number)
    return _page(request, chantier, meeting)


def _page(
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
    items = items_of(meeting, reader)
    rows = list(meeting.attendances.select_related("organisation"))
    materials = list(meeting.materials.select_related("document")[:SHOWN_LINES])
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "items": items,
        "writes": writes,
        "leads": leads,
        "closed": closed,
        "lines": _with_forms(items, form, item or number_in(request.GET.get("point", "")), owners)
        if writes
        else [(e, None) for e in items],
        "photo": (photo or PhotoForm()) if writes else None,
        "materials": materials,
        "attendances": rows,
        "presences": Presence.choices,
        "counts": {code: sum(row.presence == code for row in rows) for code in Presence.values},
        "may_mark": attendance.mark_attendance.allows(reader, meeting),
        "documents": list(Document.objects.visible_to(reader).shown().filter(agenda_items__meeting=meeting).distinct()[:12]),
        "checks": _checks(meeting, rows, items, materials),
        "may_hold": convening.hold_meeting.offered(reader, meeting),
        "person": reader.pk,
        "answers": pages.awaits_answer(meeting, now),
        "general": _line_form(form, item, 0, owners) if writes else None,
        "loose": _loose(meeting) if items else [],
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


def items_of(meeting: Meeting, reader: Any) -> list[Any]:
    """The agenda with what was captured under each item (6 queries, whatever the number of lines)."""
    rows = (
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("owner", "edited_by")
        .prefetch_related(
            Prefetch("decisions", Decision.objects.order_by("number")),
            Prefetch("actions", Action.objects.select_related("owner").order_by("number")),
            Prefetch("materials", Material.objects.order_by("at", "pk")),
            Prefetch("conflicts", NotesConflict.objects.filter(resolved_at=None).select_related("by")),
            Prefetch("documents", Document.objects.visible_to(reader)),
        )
    )
    meeting._prefetched_objects_cache = {"items": rows}
    return timed(meeting)


def _loose(meeting: Meeting) -> list[Any]:
    """Lines that stand under no item."""
    decisions = list(Decision.objects.filter(meeting=meeting, item=None).order_by("number"))
    return decisions + list(Action.objects.filter(meeting=meeting, item=None).select_related("owner").order_by("number"))


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
    key = (meeting.pk, meeting.pulse, meeting.stage, writes, get_language())
    if key not in _told:
        _told[key] = json.dumps(_news(meeting, request, writes=writes)).encode()
        while len(_told) > _TOLD:
            _told.popitem(last=False)
    return HttpResponse(_told[key], content_type="application/json", headers={"Cache-Control": "no-store"})


def _news(meeting: Meeting, request: HttpRequest, *, writes: bool) -> dict[str, Any]:
    told = []
    for entry in items_of(meeting, request.user):
        item = entry.item
        html = render_to_string(
            "meetings/_lines.html", {"item": item, "chantier": meeting.chantier, "meeting": meeting, "writes": writes}
        )
        told.append({"pk": item.pk, "revision": item.revision, "notes": item.notes, "state": item.state, "html": html})
    return {"pulse": meeting.pulse, "items": told}


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


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
    return _back(slug, number, pk)


def _back(slug: str, number: int, pk: int) -> HttpResponse:
    response = redirect("meetings:session", slug=slug, number=number)
    response["Location"] += f"#point-{pk}" if pk else "#ajouter"
    return response


@login_required
@require_POST
def add(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """A decision, an action or some words for the carnet, under an item (`pk` 0: under none)."""
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
            return JsonResponse({"ok": True}) if _is_script(request) else _back(slug, number, pk)
    if _is_script(request):
        return JsonResponse({"errors": [error for errors in form.errors.values() for error in errors]}, status=422)
    return _page(request, chantier, meeting, form=form, item=pk)


def _add(request: HttpRequest, meeting: Meeting, item: AgendaItem | None, data: dict[str, Any], owners: dict[int, Any]) -> None:
    common = {"by": request.user, "now": request.now, "text": data["text"], "item": item, "client_key": data["client_key"]}
    if data["line"] == DECISION:
        acts.add_decision(meeting, **common, agreement=data["agreement"])
    elif data["line"] == ACTION:
        acts.add_action(meeting, **common, owner=owners.get(data["owner"]), owner_text=data["owner_text"], due_on=data["due_on"])
    else:
        acts.add_material(meeting, **common, kind=MaterialKind(data["line"]), credit=data["credit"], consent=data["consent"])


@login_required
@require_POST
def photo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A photo for the carnet: an image of the group's documents, described, with the agreement of those one recognises."""
    chantier, meeting = meeting_of(request, slug, number)
    if not acts.add_material.allows(request.user, meeting):
        raise PermissionDenied
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            title = _("Photo de la séance %(n)d") % {"n": number}
            document = documents.add_document(
                chantier, by=request.user, now=request.now, file=data["photo"], nature=Nature.FEEDBACK, title=title
            )
            if not document.last.content_type.startswith("image/"):
                form.add_error("photo", _("Ce fichier n’est pas une image : il est rangé dans les documents du groupe."))
            else:
                acts.add_material(
                    meeting,
                    by=request.user,
                    now=request.now,
                    kind=MaterialKind.PHOTO,
                    document=document,
                    alternative=data["alternative"],
                    consent=data["consent"],
                )
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        if not form.errors:
            messages.success(request, _("La photo est gardée pour le carnet."))
            response = redirect("meetings:session", slug=slug, number=number)
            response["Location"] += "#carnet"
            return response
    return _page(request, chantier, meeting, photo=form)


@login_required
@require_http_methods(["GET", "POST"])
def conflict(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Two texts side by side, and the one that joins them."""
    chantier, meeting = meeting_of(request, slug, number)
    found = get_object_or_404(NotesConflict.objects.select_related("item", "by"), item__meeting=meeting, pk=pk, resolved_at=None)
    found.item.meeting = meeting
    if not acts.resolve_conflict.allows(request.user, meeting):
        raise PermissionDenied
    both = f"{found.item.notes}\n\n{found.text}".strip()
    form = ConflictForm(request.POST or None, initial={"text": both, "revision": found.item.revision})
    if request.method == "POST" and form.is_valid():
        try:
            acts.resolve_conflict(found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
            form.data = form.data.copy()
            form.data["revision"] = AgendaItem.objects.get(pk=found.item_id).revision
            found.item.refresh_from_db()
        else:
            messages.success(request, _("Les deux textes sont réunis."))
            return _back(slug, number, found.item_id)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "conflict": found,
        "form": form,
    }
    return render(request, "meetings/conflict.html", context, status=422 if form.is_bound else 200)


#: What a line is, in the address: its model, its form, the act that changes it, the act that removes it.
KINDS: dict[str, tuple[Any, Any, Any, Any]] = {
    "decision": (Decision, DecisionForm, acts.edit_decision, acts.remove_decision),
    "action": (Action, ActionForm, acts.edit_action, acts.remove_action),
    "carnet": (Material, None, None, acts.remove_material),
}


@login_required
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, slug: str, number: int, kind: str, pk: int) -> HttpResponse:
    """Change or remove a captured line."""
    chantier, meeting = meeting_of(request, slug, number)
    if kind not in KINDS:
        raise Http404
    model, form_class, edit, remove = KINDS[kind]
    row = get_object_or_404(model.objects.visible_to(request.user), meeting=meeting, pk=pk)
    row.meeting = meeting
    if not remove.allows(request.user, row):
        raise PermissionDenied
    if request.method == "POST" and "remove" in request.POST:
        try:
            remove(row, by=request.user, now=request.now)
            messages.success(request, _("La ligne est retirée."))
        except Refused as refusal:
            refuse(request, refusal)
        return _back(slug, number, getattr(row, "item_id", 0) or 0)
    owners = {each.pk: each for each in organisations_of(chantier)}
    form = _edit_form(request, row, form_class, owners) if form_class else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = dict(form.cleaned_data)
        if "owner" in data:
            data["owner"] = owners.get(data["owner"])
        try:
            edit(row, by=request.user, now=request.now, **data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            return _back(slug, number, row.item_id or 0)
    context = {
        "chantier": chantier,
        "here": "meetings",
        "meeting": meeting,
        "label": label_of(meeting),
        "row": row,
        "form": form,
        "kind": kind,
    }
    return render(request, "meetings/line_form.html", context, status=422 if form is not None and form.is_bound else 200)


def _edit_form(request: HttpRequest, row: Any, form_class: Any, owners: dict[int, Any]) -> Any:
    fields = ("text", "owner_id", "owner_text", "due_on") if form_class is ActionForm else ("text", "agreement", "follow_up")
    initial = {name.removesuffix("_id"): getattr(row, name) for name in fields}
    options = {"owners": [(key, each.name) for key, each in owners.items()]} if form_class is ActionForm else {}
    return form_class(request.POST or None, initial=initial, **options)
