"""Drafting together: each line its own small form; two people who correct the same line are both heard."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers import pages
from dialogue.chantiers.acts import roadmap as acts
from dialogue.chantiers.forms.roadmap import RhythmForm, line_form
from dialogue.chantiers.models import Chantier, Roadmap
from dialogue.chantiers.rules.predicates import enters_space
from dialogue.chantiers.stages import RoadmapStage
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.ledger.acts import Refused

REMOVED = "removed_line"


def draft_page(
    request: HttpRequest, chantier: Chantier, draft: Roadmap, *, adding: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """The whole draft, which comes from `pages.load_roadmaps`; `adding` holds the form of a new line that was refused,
    `more` what happened to the rhythm."""
    draft.chantier = chantier
    adopt = acts.adopt_roadmap if draft.version == 1 else acts.adopt_new_version
    new = {kind: line_form(kind) for kind in acts.LINES} | (adding or {})
    context = {
        "chantier": chantier,
        "here": "roadmap",
        "draft": draft,
        "kinds": [
            {"kind": "objectif", "lines": list(draft.objectives.all()), "form": new["objectif"]},
            {"kind": "livrable", "lines": list(draft.deliverables.all()), "form": new["livrable"]},
            {"kind": "etape", "lines": list(draft.steps.all()), "form": new["etape"]},
        ],
        "rhythm": RhythmForm(initial={"rhythm": draft.rhythm, "revision": draft.revision}, auto_id="rythme-%s"),
        "may_write": acts.add_line.offered(request.user, draft),
        "may_adopt": adopt.offered(request.user, chantier),
        "missing": adopt.obstacles(chantier, by=request.user, now=request.now),
        "said": pages.said_of(draft, request) if enters_space(request.user, chantier) else [],
        "removed": request.session.get(REMOVED, {}).get(str(draft.pk)),
    }
    status = 422 if adding or more else 200
    return render(request, "chantiers/roadmap_draft.html", {**context, **more}, status=status)


def _draft(request: HttpRequest, slug: str) -> tuple[Chantier, Roadmap]:
    chantier = space_of(request, slug)
    draft = pages.in_stage(pages.load_roadmaps(chantier, request.user), RoadmapStage.DRAFT)
    if draft is None:
        raise Http404
    return chantier, draft


def _line(request: HttpRequest, slug: str, kind: str, pk: int) -> tuple[Chantier, Roadmap, Any]:
    chantier, draft = _draft(request, slug)
    if kind not in acts.LINES:
        raise Http404
    item = get_object_or_404(acts.LINES[kind].objects.select_related("edited_by"), roadmap=draft, pk=pk)
    item.roadmap = draft
    return chantier, draft, item


@login_required
@require_POST
def add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    chantier, draft = _draft(request, slug)
    if kind not in acts.LINES:
        raise Http404
    form = line_form(kind, request.POST)
    if form.is_valid():
        try:
            acts.add_line(draft, by=request.user, now=request.now, line=kind, values=form.values())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La ligne est ajoutée."))
            return redirect("chantiers:roadmap", slug=slug)
    return draft_page(request, chantier, draft, adding={kind: form})


@login_required
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Corrects one line: a page of its own, or a part of the draft's page with htmx (`?lire` gives the line back)."""
    chantier, draft, item = _line(request, slug, kind, pk)
    may_write = acts.add_line.offered(request.user, draft)
    context = {"chantier": chantier, "here": "roadmap", "draft": draft, "kind": kind, "line": item, "may_write": may_write}
    if request.htmx and "lire" in request.GET:
        return render(request, "chantiers/_roadmap_line.html", context)
    form = line_form(kind, request.POST or None, item=item)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_line(item, by=request.user, now=request.now, revision=form.cleaned_data["revision"] or 0, values=form.values())
        except acts.Conflict as conflict:
            theirs = conflict.theirs
            form = line_form(kind, {**request.POST.dict(), "revision": theirs.revision}, item=item)
            form.is_valid()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            if request.htmx:
                return render(request, "chantiers/_roadmap_line.html", {**context, "saved": True})
            messages.success(request, _("La ligne est à jour."))
            return redirect("chantiers:roadmap", slug=slug)
    template = "chantiers/_roadmap_line_form.html" if request.htmx else "chantiers/roadmap_line.html"
    return render(request, template, {**context, "form": form, "theirs": theirs}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def move(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    _chantier, _roadmap, item = _line(request, slug, kind, pk)
    try:
        acts.move_line(item, by=request.user, now=request.now, up="monter" in request.POST)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("chantiers:roadmap", slug=slug)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Takes the line out and keeps it aside for this person, who may put it back."""
    _chantier, draft, item = _line(request, slug, kind, pk)
    try:
        kept = acts.remove_line(draft, by=request.user, now=request.now, item=item)
    except Refused as refusal:
        refuse(request, refusal)
    else:
        values = {name: value.isoformat() if isinstance(value, date) else value for name, value in kept["values"].items()}
        aside = {"line": kept["line"], "values": values, "key": str(kept["key"]), "order": kept["order"]}
        request.session[REMOVED] = {str(draft.pk): aside}
    return redirect("chantiers:roadmap", slug=slug)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    _chantier, draft = _draft(request, slug)
    aside = request.session.pop(REMOVED, {}).get(str(draft.pk))
    if aside:
        values = dict(aside["values"])
        if values.get("due_on"):
            values["due_on"] = date.fromisoformat(values["due_on"])
        try:
            acts.add_line(
                draft, by=request.user, now=request.now, line=aside["line"], values=values,
                key=uuid.UUID(aside["key"]), order=aside["order"],
            )
        except Refused as refusal:
            refuse(request, refusal)
        else:
            messages.success(request, _("La ligne est remise."))
    return redirect("chantiers:roadmap", slug=slug)


@login_required
@require_POST
def rhythm(request: HttpRequest, slug: str) -> HttpResponse:
    chantier, draft = _draft(request, slug)
    form = RhythmForm(request.POST, auto_id="rythme-%s")
    if not form.is_valid():
        return draft_page(request, chantier, draft, rhythm=form)
    try:
        acts.set_rhythm(draft, by=request.user, now=request.now, **{k: form.cleaned_data[k] for k in ("rhythm", "revision")})
    except acts.Conflict as conflict:
        data = {"rhythm": form.cleaned_data["rhythm"], "revision": conflict.theirs.revision}
        again = RhythmForm(data, auto_id="rythme-%s")
        return draft_page(request, chantier, draft, rhythm=again, rhythm_theirs=conflict.theirs)
    except Refused as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, _("Le rythme des séances est à jour."))
    return redirect("chantiers:roadmap", slug=slug)
