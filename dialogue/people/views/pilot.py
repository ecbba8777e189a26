"""The coordination's screens: accounts and organisations to validate and to merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.ledger.acts import NotAllowed, Refused
from dialogue.ledger.models import Entry
from dialogue.people import acts, hooks
from dialogue.people.forms import (
    AccountFilter,
    CloseForm,
    MandateForm,
    MergeForm,
    OfficeForm,
    PilotOrganisationFilter,
    RefusalForm,
    ValidationForm,
)
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.sentences import SENTENCES
from dialogue.people.stages import AccountStage, Office, OrganisationStage

PER_PAGE = 30


def for_coordination(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """These pages are the coordination's alone."""

    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_coordination:
            raise NotAllowed("people")
        return view(request, *args, **kwargs)

    return guarded


@for_coordination
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Those who wait first."""
    filters = AccountFilter(request.GET)
    rows = Person.objects.visible_to(request.user)
    if filters.is_valid():
        chosen = filters.cleaned_data
        rows = rows.matching(chosen["q"])
        rows = rows.filter(stage=chosen["etat"]) if chosen["etat"] else rows.exclude(stage=AccountStage.CLOSED)
        if chosen["charge"]:
            rows = rows.filter(office=chosen["charge"])
    page = Paginator(rows.for_pilot().prefetch_related("mandates__organisation"), PER_PAGE).get_page(request.GET.get("page"))
    waiting = Person.objects.visible_to(request.user).waiting().count()
    return render(request, "people/accounts.html", {"filters": filters, "page": page, "waiting": waiting})


@for_coordination
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return _account_page(request, person)


@for_coordination
@require_POST
def validate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = ValidationForm(request.POST)
    if form.is_valid() and _done(form, lambda: acts.validate_account(person, by=request.user, now=request.now, **form.facts)):
        messages.success(request, _("Le compte est ouvert. %(name)s en est informé par courriel.") % {"name": person})
        return redirect("people:accounts")
    return _account_page(request, person, validation=form)


@for_coordination
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = RefusalForm(request.POST)
    if form.is_valid() and _done(form, lambda: acts.refuse_account(person, by=request.user, now=request.now, **form.cleaned_data)):
        messages.success(request, _("La demande est refusée. Le motif part par courriel."))
        return redirect("people:accounts")
    return _account_page(request, person, refusal=form)


@for_coordination
@require_POST
def office(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = OfficeForm(request.POST)
    if form.is_valid():
        chosen = Office(form.cleaned_data["office"])
        if _done(form, lambda: acts.set_office(person, by=request.user, now=request.now, office=chosen)):
            messages.success(request, _("La charge est enregistrée."))
            return redirect("people:accounts_detail", pk=person.pk)
    return _account_page(request, person, office_form=form)


@for_coordination
@require_POST
def mandate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = MandateForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        if _done(form, lambda: acts.grant_mandate(None, by=request.user, now=request.now, person=person, **facts)):
            messages.success(request, _("Le mandat est enregistré."))
            return redirect("people:accounts_detail", pk=person.pk)
    return _account_page(request, person, mandate_form=form)


@for_coordination
@require_POST
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = get_object_or_404(Mandate.objects.visible_to(request.user), pk=pk)
    try:
        acts.end_mandate(mandate, by=request.user, now=request.now)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("Le mandat est terminé."))
    return redirect("people:accounts_detail", pk=mandate.person_id)


@for_coordination
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user).active(), pk=pk)
    form = CloseForm(request.POST or None)
    closing = request.method == "POST" and form.is_valid()
    if closing and _done(form, lambda: acts.close_account(person, by=request.user, now=request.now)):
        messages.success(request, _("Le compte est fermé."))
        return redirect("people:accounts")
    context = {
        "title": _("Fermer le compte de %(name)s ?") % {"name": person},
        "consequence": _(
            "Son nom, ses coordonnées et ses moyens de connexion sont effacés pour toujours. Ses mandats et sa place dans les "
            "chantiers se terminent aujourd’hui. Ce que cette personne a fait reste, sans son nom."
        ),
        "button": _("Fermer ce compte"),
        "back_url": reverse("people:accounts_detail", args=[person.pk]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@for_coordination
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    filters = PilotOrganisationFilter(request.GET)
    rows = Organisation.objects.visible_to(request.user).for_list().select_related("merged_into").order_by("stage", "name", "pk")
    if filters.is_valid():
        chosen = filters.cleaned_data
        rows = rows.matching(chosen["q"])
        rows = rows.filter(stage=chosen["etat"]) if chosen["etat"] else rows.exclude(stage=OrganisationStage.MERGED)
        if chosen["nature"]:
            rows = rows.filter(kind=chosen["nature"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/organisations_pilot.html", {"filters": filters, "page": page})


@for_coordination
@require_POST
def validate_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    try:
        acts.validate_organisation(organisation, by=request.user, now=request.now)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("%(name)s entre dans l’annuaire.") % {"name": organisation})
    return redirect("people:organisations_pilot")


@for_coordination
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """First choose the organisation to keep, then read what will move, then confirm."""
    source = get_object_or_404(Organisation.objects.visible_to(request.user).standing(), pk=pk)
    form = MergeForm(request.POST or request.GET or None, source=source)
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    merging = request.method == "POST" and into is not None
    if merging and _done(form, lambda: acts.merge_organisations(source, by=request.user, now=request.now, into=into)):
        messages.success(request, _("%(source)s est fusionné avec %(into)s.") % {"source": source, "into": into})
        return redirect("people:organisations_pilot")
    context = {"form": form, "source": source, "into": into, "moves": _moves(source, into) if into else []}
    return render(request, "people/organisation_merge.html", context, status=422 if form.errors and request.method == "POST" else 200)


def _moves(source: Organisation, into: Organisation) -> list[str]:
    """Sentences: what the merge would move, here and in the rooms above."""
    mandates = source.mandates.count()
    phrase = ngettext("%(count)s mandat d’une personne qui le représente", "%(count)s mandats de personnes qui le représentent", mandates)
    said = [phrase % {"count": mandates}] if mandates else []
    return said + [line for preview in hooks.merge_previews for line in preview(source, into)]


def _account_page(request: HttpRequest, person: Person, **bound: Any) -> HttpResponse:
    """The account with its forms; `bound`: the one that was refused, with what was typed."""
    declared = {"new_name": person.declared_organisation, "title": person.job}
    known = Organisation.objects.standing().filter(name__iexact=person.declared_organisation).first()
    initial = {"organisation": known, "title": person.job} if known else declared
    context = {
        "person": person,
        "mandates": person.mandates.select_related("organisation"),
        "validation": ValidationForm(initial=initial),
        "refusal": RefusalForm(),
        "office_form": OfficeForm(initial={"office": person.office}),
        "mandate_form": MandateForm(),
        "may_validate": acts.validate_account.offered(request.user, person),
        "may_refuse": acts.refuse_account.offered(request.user, person),
        "is_validated": person.stage == AccountStage.VALIDATED,
        "history": _told(Entry.objects.visible_to(request.user).about(person).select_related("by")[:20]),
    } | bound
    context["form"] = next(iter(bound.values()), None)
    return render(request, "people/account_detail.html", context, status=422 if bound else 200)


def _told(entries: Iterable[Entry]) -> list[tuple[Entry, Any]]:
    """Each entry with its phrase; acts of other rooms keep their name."""
    return [(entry, SENTENCES.get(entry.act, entry.act)) for entry in entries]


def _done(form: Any, do: Callable[[], Any]) -> bool:
    try:
        do()
    except Refused as refusal:
        form.add_error(None, refusal.reasons)
        return False
    return True
