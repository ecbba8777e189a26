"""The editors' table: what was proposed, what is chosen, who is of the team."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.chantiers.views.space import refuse as refuse_act
from dialogue.ledger.acts import Refused
from dialogue.logbook import pages
from dialogue.logbook.acts import consent, editors
from dialogue.logbook.acts import entries as acts
from dialogue.logbook.forms.entry import EditorForm, RefuseForm, TeamEntryForm
from dialogue.logbook.models import Edition, Editor, LogbookEntry
from dialogue.logbook.rules import may_edit
from dialogue.logbook.stages import EntryKind, EntryStage
from dialogue.logbook.views.members import NATURES, ask_for_the_file_again, confirmed, edited, ended, ending
from dialogue.people.models import Person

PER_PAGE = 30
TABS = [EntryStage.PROPOSED, EntryStage.CHOSEN, EntryStage.REFUSED]
View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """The team of the carnet alone: others are asked to sign in, or refused."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit(request.user):
            raise PermissionDenied(_("Cette page est celle de l’équipe du carnet."))
        return view(request, *args, **kwargs)

    return guarded


def chantiers_for(reader: Any) -> Any:
    """The chantiers that the team may speak of."""
    return Chantier.objects.visible_to(reader).exclude(stage=Stage.PROPOSED).order_by("number")


@for_editors
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """What is to be read, what is chosen, what was not; and the carnets."""
    rows = LogbookEntry.objects.visible_to(request.user)
    counts = pages.counts_by_stage(rows)
    stage = request.GET.get("etat", EntryStage.PROPOSED)
    stage = stage if stage in {each.value for each in TABS} else EntryStage.PROPOSED
    found = rows.filter(stage=stage)
    kind, number = request.GET.get("nature", ""), request.GET.get("chantier", "")
    if kind in EntryKind.values:
        found = found.filter(kind=kind)
    if number.isascii() and number.isdigit() and len(number) < 9:  # noqa: PLR2004  what a column holds
        found = found.filter(chantier__number=int(number))
    found = pages.with_published(found).select_related("chantier", "by", "material__meeting")
    context = {
        "here": "carnet",
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "stage": stage,
        "tabs": [(tab.value, tab.label, counts[tab.value]) for tab in TABS],
        "kinds": EntryKind.choices,
        "kind": kind,
        "number": number,
        "chantiers": chantiers_for(request.user).filter(logbook_entries__isnull=False).distinct(),
        "editions": list(Edition.objects.visible_to(request.user).light()),
    }
    return render(request, "logbook/table.html", context)


def entry_of(request: HttpRequest, pk: int) -> LogbookEntry:
    rows = LogbookEntry.objects.visible_to(request.user).select_related("chantier", "by", "material")
    return get_object_or_404(rows, pk=pk)


def back_to_table(request: HttpRequest) -> HttpResponse:
    """To the list as it was filtered."""
    query = request.POST.get("retour", "") or request.GET.get("retour", "")
    response = redirect("logbook:table")
    if query.startswith("?") and "\n" not in query and "\r" not in query:
        response["Location"] += query[:300]
    return response


@for_editors
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    try:
        acts.choose(entry, by=request.user, now=request.now)
        messages.success(request, _("Retenu : « %(what)s ».") % {"what": entry.headline})
    except Refused as refusal:
        refuse_act(request, refusal)
    return back_to_table(request)


@for_editors
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """With a word to the author, who will read it."""
    entry = entry_of(request, pk)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.refuse(entry, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Ce n’est pas retenu ; son auteur reçoit votre mot."))
            return back_to_table(request)
    context = {"here": "carnet", "entry": entry, "form": form, "back": request.GET.get("retour", "")}
    return render(request, "logbook/refuse.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_POST
def reconsider(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes an answer, as long as nothing is published."""
    entry = entry_of(request, pk)
    try:
        acts.reconsider(entry, by=request.user, now=request.now)
        messages.success(request, _("C’est de nouveau à lire."))
    except Refused as refusal:
        refuse_act(request, refusal)
    return back_to_table(request)


@for_editors
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    return edited(request, entry, {"here": "carnet", "base": "table"}, reverse("logbook:table") + f"?etat={entry.stage}")


@for_editors
@require_http_methods(["GET", "POST"])
def end_consent(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    back = reverse("logbook:table") + f"?etat={entry.stage}"
    return confirmed(request, consent.end_consent, entry, ending(entry, back), ended())


@for_editors
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Something of the team's own: chosen at once."""
    kind = request.GET.get("nature", "")
    context: dict[str, Any] = {"here": "carnet", "natures": NATURES}
    if kind not in EntryKind.values:
        return render(request, "logbook/write.html", context, status=422 if request.method == "POST" else 200)
    options: dict[str, Any] = {"kind": kind, "chantiers": chantiers_for(request.user), "initial": {"on": request.today}}
    form = TeamEntryForm(**options)
    if request.method == "POST":
        form = TeamEntryForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                acts.write(form.cleaned_data["chantier"], by=request.user, now=request.now, kind=form.kind, **form.facts())
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _("C’est écrit, et retenu."))
                return redirect(reverse("logbook:table") + f"?etat={EntryStage.CHOSEN}")
        ask_for_the_file_again(request, form)
    context |= {"form": form, "kind": EntryKind(kind)}
    return render(request, "logbook/write.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """Who makes the carnet beside the coordination; it alone names them."""
    may_name = editors.name_editor.allows(request.user, None)
    if not may_name:
        raise PermissionDenied
    form = EditorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            editors.name_editor(form.person, by=request.user, now=request.now)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("email", reason)
        else:
            messages.success(request, _("%(name)s est de l’équipe du carnet.") % {"name": form.person})
            return redirect("logbook:team")
    rows = Editor.objects.visible_to(request.user).select_related("person")
    context = {"here": "carnet", "editors": rows, "form": form}
    return render(request, "logbook/team.html", context, status=422 if form.is_bound else 200)


@for_editors
@require_POST
def end_editor(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk__in=Editor.objects.visible_to(request.user).values("person"), pk=pk)
    editors.end_editor(person, by=request.user, now=request.now)
    messages.success(request, _("%(name)s n’est plus de l’équipe du carnet.") % {"name": person})
    return redirect("logbook:team")
