"""The chapters of a draft, and what stands in them: every move is a button, with or without a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers.views.space import refuse as refuse_act
from dialogue.ledger.acts import Refused
from dialogue.logbook.acts import layout as acts
from dialogue.logbook.forms.edition import ChapterForm, LayoutForm, PlaceForm
from dialogue.logbook.models import Chapter, Edition, LogbookEntry, Placement
from dialogue.logbook.views.editions import edition_of
from dialogue.logbook.views.members import confirmed
from dialogue.logbook.views.table import chantiers_for, for_editors


def _back(pk: int, anchor: str = "") -> HttpResponse:
    response = redirect("logbook:layout", pk=pk)
    response["Location"] += anchor
    return response


def _chapter(request: HttpRequest, pk: int, chapter: int) -> tuple[Edition, Chapter]:
    edition = edition_of(request, pk, is_draft=True)
    found = get_object_or_404(Chapter.objects.visible_to(request.user).filter(edition=edition), pk=chapter)
    found.edition = edition
    return edition, found


def _done(request: HttpRequest, act: Any, thing: Any, **facts: Any) -> bool:
    """One act without a form of its own; what refuses it is said on the next page."""
    try:
        act(thing, by=request.user, now=request.now, **facts)
    except Refused as refusal:
        refuse_act(request, refusal)
        return False
    return True


@for_editors
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(request, pk, is_draft=True)
    form = ChapterForm(request.POST if request.method == "POST" else None, chantiers=chantiers_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.add_chapter(edition, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’escale « %(title)s » est ajoutée.") % {"title": made.title})
            return _back(pk, f"#escale-{made.pk}")
    context = {"here": "carnet", "edition": edition, "chapter": None, "form": form}
    return render(request, "logbook/chapter.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, chapter: int) -> HttpResponse:
    edition, found = _chapter(request, pk, chapter)
    data = request.POST if request.method == "POST" else None
    form = ChapterForm(data, chantiers=chantiers_for(request.user), chapter=found)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_chapter(found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’escale est à jour."))
            return _back(pk, f"#escale-{found.pk}")
    context = {"here": "carnet", "edition": edition, "chapter": found, "form": form}
    return render(request, "logbook/chapter.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_POST
def move(request: HttpRequest, pk: int, chapter: int) -> HttpResponse:
    _edition, found = _chapter(request, pk, chapter)
    _done(request, acts.move_chapter, found, step=-1 if request.POST.get("sens") == "haut" else 1)
    return _back(pk, f"#escale-{found.pk}")


@for_editors
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int, chapter: int) -> HttpResponse:
    _edition, found = _chapter(request, pk, chapter)
    context = {
        "title": _("Retirer l’escale"),
        "about": found.title,
        "consequence": _("Le récit de « %(title)s » est perdu ; ce qui y est placé redevient à placer.") % {"title": found.title},
        "button": _("Retirer l’escale"),
        "back_url": reverse("logbook:layout", args=[pk]),
    }
    return confirmed(request, acts.remove_chapter, found, context, _("L’escale est retirée."))


@for_editors
@require_POST
def place(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """At the end of a chapter; what stands in another one moves."""
    edition = edition_of(request, pk, is_draft=True)
    found = get_object_or_404(LogbookEntry.objects.visible_to(request.user), pk=entry)
    form = PlaceForm(request.POST, chapters=edition.chapters.all())
    if not form.is_valid():
        messages.error(request, _("Choisissez une escale dans la liste."))
        return _back(pk, "#a-placer")
    chapter = form.cleaned_data["chapter"]
    chapter.edition = edition
    _done(request, acts.place, chapter, entry=found)
    return _back(pk, f"#escale-{chapter.pk}")


@for_editors
@require_POST
def move_placement(request: HttpRequest, pk: int, placement: int, code: str) -> HttpResponse:
    """`code`: haut, bas, page (its layout), sortir."""
    edition = edition_of(request, pk, is_draft=True)
    rows = Placement.objects.visible_to(request.user).filter(chapter__edition=edition).select_related("chapter", "entry")
    found = get_object_or_404(rows, pk=placement)
    found.chapter.edition = edition
    chapter = found.chapter_id
    if code in {"haut", "bas"}:
        _done(request, acts.move_placement, found, step=-1 if code == "haut" else 1)
    elif code == "sortir":
        _done(request, acts.unplace, found)
        return _back(pk, f"#escale-{chapter}")
    elif code == "page":
        form = LayoutForm(request.POST, kind=found.entry.kind)
        if not form.is_valid():
            messages.error(request, _("Choisissez une mise en page dans la liste."))
            return _back(pk, f"#p{placement}")
        _done(request, acts.lay_out, found, layout=form.cleaned_data["layout"])
    else:
        raise Http404
    return _back(pk, f"#p{placement}")
