"""What was captured, taken up again: a line changed or removed, two texts joined, a photo kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.views.space import refuse
from dialogue.documents import acts as documents
from dialogue.documents.stages import Nature
from dialogue.ledger.acts import Refused
from dialogue.meetings.acts import capture as acts
from dialogue.meetings.exports import label_of
from dialogue.meetings.forms.agenda import organisations_of
from dialogue.meetings.forms.capture import ActionForm, ConflictForm, DecisionForm, MaterialForm, PhotoForm
from dialogue.meetings.models import Action, AgendaItem, Decision, Material, NotesConflict
from dialogue.meetings.stages import MaterialKind
from dialogue.meetings.views.convening import meeting_of
from dialogue.meetings.views.session import back, page_of


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
    return page_of(request, chantier, meeting, photo=form)


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
            return back(slug, number, found.item_id)
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
    "carnet": (Material, MaterialForm, acts.edit_material, acts.remove_material),
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
        return back(slug, number, getattr(row, "item_id", 0) or 0)
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
            return back(slug, number, row.item_id or 0)
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
    initial = {name: getattr(row, f"{name}_id" if name == "owner" else name) for name in form_class.base_fields}
    options = {"owners": [(key, each.name) for key, each in owners.items()]} if form_class is ActionForm else {}
    if form_class is MaterialForm:
        options = {"is_photo": row.document_id is not None}
    return form_class(request.POST or None, initial=initial, **options)
