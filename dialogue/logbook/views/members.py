"""The group's pages: what it gathered, one short form for a phone, what one takes back."""

from __future__ import annotations

from typing import Any

from django import forms
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
from dialogue.chantiers.views.space import refuse as refuse_act
from dialogue.chantiers.views.space import space_of
from dialogue.ledger.acts import Refused
from dialogue.logbook import pages
from dialogue.logbook.acts import consent
from dialogue.logbook.acts import entries as acts
from dialogue.logbook.forms.entry import EntryForm
from dialogue.logbook.models import LogbookEntry
from dialogue.logbook.stages import EntryKind
from dialogue.meetings.models import Material

PER_PAGE = 30
#: The natures in the order in which they are offered, each with its icon and what it is for.
NATURES = [
    (EntryKind.PHOTO, "photo"),
    (EntryKind.VERBATIM, "guil"),
    (EntryKind.STORY, "crayon"),
    (EntryKind.FIGURE, "r1"),
    (EntryKind.STEP, "drap"),
    (EntryKind.SOUND, "bulle"),
]


@login_required
@require_GET
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """What the group gathered, and what its meetings noted that is not proposed yet."""
    chantier = space_of(request, slug)
    page = Paginator(pages.of_group(chantier, request.user), PER_PAGE).get_page(request.GET.get("page"))
    may_propose = acts.propose.allows(request.user, chantier)
    context = {
        "chantier": chantier,
        "here": "carnet",
        "page": page,
        "may_propose": may_propose,
        "materials": pages.materials_left(chantier)[:PER_PAGE] if may_propose else [],
        "may_end": consent.end_consent.allows(request.user, LogbookEntry(chantier=chantier, by_id=0)),
    }
    return render(request, "logbook/group.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """First what it is, then a short form."""
    chantier = space_of(request, slug)
    if not acts.propose.allows(request.user, chantier):
        raise PermissionDenied
    context: dict[str, Any] = {"chantier": chantier, "here": "carnet", "natures": NATURES}
    kind = request.GET.get("nature", "")
    if kind not in EntryKind.values:
        return render(request, "logbook/propose.html", context, status=422 if request.method == "POST" else 200)
    form = EntryForm.fresh(kind, request.today)
    if request.method == "POST":
        form = EntryForm(request.POST, request.FILES, kind=kind)
        if form.is_valid() and _proposed(request, chantier, form):
            messages.success(request, _("Merci. L’équipe du carnet le lira, et vous répondra."))
            return redirect("logbook:group", slug=slug)
        ask_for_the_file_again(request, form)
    context |= {"form": form, "kind": EntryKind(kind)}
    return render(request, "logbook/propose.html", context, status=422 if form.is_bound else 200)


def ask_for_the_file_again(request: HttpRequest, form: EntryForm) -> None:
    """No browser gives a file back with the rest of a form."""
    if form.errors and request.FILES and "file" in form.fields and "file" not in form.errors:
        form.add_error("file", _("Choisissez de nouveau le fichier : le navigateur ne le garde pas."))


def _proposed(request: HttpRequest, chantier: Chantier, form: EntryForm) -> bool:
    try:
        acts.propose(chantier, by=request.user, now=request.now, kind=form.kind, **form.facts())
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    return True


@login_required
@require_POST
def propose_material(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier = space_of(request, slug)
    rows = Material.objects.visible_to(request.user).select_related("meeting__chantier", "document", "by")
    material = get_object_or_404(rows, meeting__chantier=chantier, pk=pk)
    try:
        acts.propose_material(material, by=request.user, now=request.now)
        messages.success(request, _("C’est proposé pour le carnet."))
    except Refused as refusal:
        refuse_act(request, refusal)
    return redirect("logbook:group", slug=slug)


def _own(request: HttpRequest, slug: str, pk: int) -> tuple[Chantier, LogbookEntry]:
    chantier = space_of(request, slug)
    rows = LogbookEntry.objects.visible_to(request.user).select_related("by", "material")
    entry = get_object_or_404(rows, chantier=chantier, pk=pk)
    entry.chantier = chantier
    return chantier, entry


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its author, until it is chosen."""
    chantier, entry = _own(request, slug, pk)
    if not acts.edit_entry.allows(request.user, entry):
        raise PermissionDenied
    back = reverse("logbook:group", args=[slug])
    return edited(request, entry, {"chantier": chantier, "here": "carnet", "base": "group"}, back)


def edited(request: HttpRequest, entry: LogbookEntry, context: dict[str, Any], back: str) -> HttpResponse:
    """The form that corrects an entry, in the group's space or on the editors' table."""
    is_author = entry.by_id == request.user.pk
    form = EntryForm.of(entry, request.POST if request.method == "POST" else None, is_author=is_author)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_entry(entry, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("C’est corrigé."))
            return redirect(back)
    context |= {"entry": entry, "form": form, "back_url": back}
    return render(request, "logbook/edit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _chantier, entry = _own(request, slug, pk)
    if not acts.withdraw.allows(request.user, entry):
        raise PermissionDenied
    context = {
        "title": _("Reprendre ce que vous avez proposé"),
        "about": entry.headline,
        "consequence": _("« %(what)s » quitte le carnet, et son fichier est effacé. Cela ne se défait pas.")
        % {"what": entry.headline},
        "button": _("Reprendre ma proposition"),
        "back_url": reverse("logbook:group", args=[slug]),
    }
    return confirmed(request, acts.withdraw, entry, context, _("Votre proposition est reprise."))


@login_required
@require_http_methods(["GET", "POST"])
def end_consent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Someone recognised, heard or quoted no longer agrees."""
    _chantier, entry = _own(request, slug, pk)
    if not consent.end_consent.allows(request.user, entry):
        raise PermissionDenied
    back = reverse("logbook:group", args=[slug])
    return confirmed(request, consent.end_consent, entry, ending(entry, back), ended())


@login_required
@require_http_methods(["GET", "POST"])
def unname(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its author no longer wants to be named; what they proposed stays."""
    _chantier, entry = _own(request, slug, pk)
    if not consent.unname.allows(request.user, entry):
        raise PermissionDenied
    context = {
        "title": _("Retirer mon nom"),
        "about": entry.headline,
        "consequence": _("« %(what)s » reste dans le carnet, sans votre nom, dans toutes ses éditions.") % {"what": entry.headline},
        "button": _("Retirer mon nom"),
        "back_url": reverse("logbook:group", args=[slug]),
    }
    return confirmed(request, consent.unname, entry, context, _("Votre nom est retiré du carnet."))


def ending(entry: LogbookEntry, back: str) -> dict[str, Any]:
    """What the confirmation says before an agreement ends."""
    is_out = acts.is_published(entry)
    consequence = _(
        "« %(what)s » quitte toutes les pages à l’instant, et son fichier est effacé pour de bon. "
        "Chaque carnet publié qui le contenait paraît en une nouvelle édition, sans lui."
    )
    if not is_out:
        consequence = _("« %(what)s » n’est pas publié : il ne pourra plus l’être, et son fichier est effacé pour de bon.")
    return {
        "title": _("L’accord a pris fin"),
        "about": entry.headline,
        "consequence": consequence % {"what": entry.headline},
        "button": _("Retirer pour de bon"),
        "back_url": back,
    }


def ended() -> str:
    return _("C’est retiré de toutes les pages.")


def confirmed(request: HttpRequest, act: Any, thing: Any, context: dict[str, Any], done: str) -> HttpResponse:
    """A page that says the consequence, then the act and the way back."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(thing, by=request.user, now=request.now)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect(context["back_url"])
    return render(request, "ui/confirm.html", context | {"form": form}, status=422 if form.errors else 200)
