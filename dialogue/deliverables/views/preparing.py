"""Forms of the group on a deliverable under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.deliverables import lines
from dialogue.deliverables.acts import preparing, publishing
from dialogue.deliverables.forms.preparing import ChangeForm, FileForm, MeetingForm, StartForm, SubmitForm, WordsForm
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Stage
from dialogue.deliverables.views.reading import found_in
from dialogue.documents.models import Version
from dialogue.files.stages import Scan
from dialogue.ledger.acts import Refused
from dialogue.ledger.clock import local_date


def row_for(request: HttpRequest, slug: str, key: UUID, act: Any, *, is_out: bool = False) -> tuple[Chantier, Deliverable]:
    """The last version, or the last that was published (`is_out`). 404 when there is none, 403 when the reader may not do this."""
    chantier, row = found_in(request, slug, key, is_out=is_out)
    if row is None:
        raise Http404
    if not act.allows(request.user, row):
        raise PermissionDenied
    return chantier, row


def answered(request: HttpRequest, row: Deliverable, form: Any, do: Callable[[], Any], done: str) -> HttpResponse | None:
    """The way back to the deliverable once the act is done; None when the form is to be shown, which says why."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        do()
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return None
    messages.success(request, done)
    return redirect("deliverables:deliverable", slug=row.chantier.slug, key=row.key)


def shown(request: HttpRequest, row: Deliverable, form: Any, what: str, **context: Any) -> HttpResponse:
    told = {"chantier": row.chantier, "here": "deliverables", "deliverable": row, "key": row.key, "form": form, "what": what}
    status = 422 if form.is_bound and request.method == "POST" else 200
    return render(request, "deliverables/form.html", told | context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A result that no line of the roadmap announced."""
    chantier = space_of(request, slug)
    if not preparing.start_deliverable.allows(request.user, chantier):
        raise PermissionDenied
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = preparing.start_deliverable(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Le livrable est commencé."))
            return redirect("deliverables:deliverable", slug=slug, key=row.key)
    context = {"chantier": chantier, "here": "deliverables", "form": form}
    return render(request, "deliverables/new.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def start(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The first act on a line of the roadmap."""
    chantier, row = found_in(request, slug, key)
    line = lines.line_for(chantier, key)
    if row is None and line is None:
        raise Http404
    if not preparing.start_deliverable.allows(request.user, chantier):
        raise PermissionDenied
    if row is None:
        try:
            preparing.start_deliverable(chantier, by=request.user, now=request.now, line=line)
        except Refused as refusal:
            refuse(request, refusal)
    return redirect("deliverables:deliverable", slug=slug, key=key)


@login_required
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Title, summary, text. What someone else wrote meanwhile is shown under what was typed."""
    _chantier, row = row_for(request, slug, key, preparing.describe)
    initial = {"title": row.title, "summary": row.summary, "full_text": row.full_text, "revision": row.revision}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    done = _("Le livrable est à jour.")

    def save() -> None:
        preparing.describe(row, by=request.user, now=request.now, **form.cleaned_data)

    if response := answered(request, row, form, save, done):
        return response
    theirs = None
    if form.is_bound and str(form.data.get("revision", "")) != str(row.revision):
        theirs, form.data = row, form.data.copy()
        form.data["revision"] = str(row.revision)
    return shown(request, row, form, "words", theirs=theirs)


@login_required
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, slug: str, key: UUID, *, accessible: bool) -> HttpResponse:
    """The main file, or the accessible version, which may come later: then among what its readers have already."""
    chantier, row = found_in(request, slug, key)
    if row is None:
        raise Http404
    is_late = accessible and row.stage != Stage.IN_PROGRESS
    act, facts = (preparing.replace_accessible, {}) if is_late else (preparing.attach_file, {"accessible": accessible})
    if not act.allows(request.user, row):
        raise PermissionDenied
    versions = Version.objects.filter(document__chantier=chantier, document__withdrawn_at=None).exclude(scan=Scan.INFECTED)
    if is_late:
        versions = versions.filter(document__circle__in=preparing.circles_that_serve(row))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*given, versions=versions.select_related("document").order_by("document__title", "-number"))

    def attach() -> None:
        act(row, by=request.user, now=request.now, **facts, **form.facts())

    if response := answered(request, row, form, attach, _("Le fichier est en place.")):
        return response
    return shown(request, row, form, "accessible" if accessible else "file")


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Says who will be asked and until when, then asks them."""
    chantier, row = row_for(request, slug, key, preparing.submit)
    initial = {"deadline": request.today + timedelta(days=preparing.DAYS)}
    form = SubmitForm(request.POST if request.method == "POST" else None, initial=initial)

    def send() -> None:
        preparing.submit(row, by=request.user, now=request.now, **form.facts())

    if response := answered(request, row, form, send, _("Le livrable est soumis au groupe.")):
        return response
    return shown(request, row, form, "submit", told=space_pages.told(chantier))


@login_required
@require_http_methods(["GET", "POST"])
def ask_change(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    _chantier, row = row_for(request, slug, key, preparing.ask_change)
    form = ChangeForm(request.POST if request.method == "POST" else None)

    def ask() -> None:
        preparing.ask_change(row, by=request.user, now=request.now, **form.cleaned_data)

    done = _("Votre demande est transmise ; le livrable revient au travail.")
    return answered(request, row, form, ask, done) or shown(request, row, form, "change")


@login_required
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The group agreed in session."""
    chantier, row = row_for(request, slug, key, preparing.validate_at_meeting)
    held = [line for line in space_pages.meetings_of(chantier) if line.stage != "cancelled" and line.starts_at <= request.now]
    choices = [(line.number, line.label) for line in reversed(held)]
    form = MeetingForm(request.POST if request.method == "POST" else None, meetings=choices)
    days = {line.number: local_date(line.starts_at) for line in held}

    def note() -> None:
        number = form.cleaned_data["meeting_number"]
        preparing.validate_at_meeting(row, by=request.user, now=request.now, meeting_number=number, meeting_on=days[number])

    done = _("Le livrable est validé.")
    return answered(request, row, form, note, done) or shown(request, row, form, "meeting", no_meeting=not choices)


#: Moves that need no form: name in the address → (act, what is said once it is done).
MOVES: dict[str, tuple[Any, Any]] = {
    "accord": (preparing.agree, lambda: _("Votre accord est noté.")),
    "reprendre": (preparing.take_back, lambda: _("Le livrable revient au travail.")),
    "valider": (preparing.validate, lambda: _("Le livrable est validé.")),
    "retravailler": (preparing.rework, lambda: _("Le livrable revient au travail.")),
    "remettre": (publishing.resume, lambda: _("Le livrable est de nouveau à faire.")),
    "nouvelle-version": (
        publishing.start_version,
        lambda: _("Une nouvelle version est commencée ; la précédente reste en ligne."),
    ),
}


@login_required
@require_POST
def move(request: HttpRequest, slug: str, key: UUID, code: str) -> HttpResponse:
    if code not in MOVES:
        raise Http404
    act, done = MOVES[code]
    _chantier, row = row_for(request, slug, key, act)
    try:
        act(row, by=request.user, now=request.now)
        messages.success(request, done())
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("deliverables:deliverable", slug=slug, key=key)


def take_over(request: HttpRequest, slug: str, key: UUID, form: forms.Form, done: str) -> HttpResponse:
    """Gives up a line that nobody had begun: it is begun, then given up, or neither."""
    chantier = space_of(request, slug)
    line = lines.line_for(chantier, key)
    if line is None:
        raise Http404
    if not publishing.give_up.allows(request.user, chantier):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                row = preparing.start_deliverable(chantier, by=request.user, now=request.now, line=line)
                publishing.give_up(row, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect("deliverables:deliverable", slug=slug, key=key)
    context = {"chantier": chantier, "here": "deliverables", "line": line, "key": key, "form": form, "what": "give_up"}
    return render(request, "deliverables/form.html", context, status=422 if form.is_bound else 200)
