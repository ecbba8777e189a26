"""The coordination's pages of the pacts: all of them, then one, with the quick update of its actions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.pacts import pages
from dialogue.pacts.acts import actions as acts
from dialogue.pacts.acts import editions
from dialogue.pacts.acts.words import Outdated
from dialogue.pacts.forms.actions import QuickForm
from dialogue.pacts.forms.editions import PactForm, proposed_year
from dialogue.pacts.missing import voted_for
from dialogue.pacts.models import Pact, PactAction
from dialogue.pacts.stages import ActionState
from dialogue.pacts.views.doors import UNFIT, for_pilots, say, status_of, territory_of
from dialogue.territories.models import Territory


@for_pilots
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every territory: what its pact holds, what is late, what comes next."""
    lines = pages.pilot_lines(request.user, request.today)
    year = proposed_year(request.today)
    to_prepare = [line for line in lines if line.draft is None and (line.last is None or line.last.year < year)]
    return render(request, "pacts/pilot.html", {"lines": lines, "year": year, "to_prepare": len(to_prepare)})


def pact_for(request: HttpRequest, code: str) -> Pact | None:
    """The pact of a territory that exists (404 otherwise); None as long as nobody opened it."""
    territory = territory_of(code)
    found = Pact.objects.visible_to(request.user).filter(territory=territory).first()
    if found is not None:
        found.territory = territory
    return found


@for_pilots
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The actions still to do, to be updated in one go; the others; the editions."""
    pact = pact_for(request, code)
    if pact is None:
        return render(request, "pacts/pilot_pact.html", {"territory": territory_of(code), "pact": None})
    rows = list(PactAction.objects.visible_to(request.user).filter(pact=pact).for_list().order_by("number"))
    running = [row for row in rows if row.state in {ActionState.PLANNED, ActionState.UNDER_WAY}]
    forms = [QuickForm(request.POST if request.method == "POST" else None, action=row) for row in running]
    valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(valid) and _save(request, forms):
        return redirect("pacts:pilot_pact", code=code)
    context = {
        "territory": pact.territory,
        "pact": pact,
        "forms": [(form, form.action.is_late(request.today)) for form in forms],
        "over": [row for row in rows if row not in running],
        "refused": [form for form in forms if form.errors],
        **pages.pact_page(pact, request.user, request.today, {}),
        "year": proposed_year(request.today),
        "voted": voted_for(pact),
    }
    return render(request, "pacts/pilot_pact.html", context, status=UNFIT if context["refused"] else 200)


def _save(request: HttpRequest, forms: list[QuickForm]) -> bool:
    """All the lines that changed, or none: what is refused is said beside its line."""
    changed = [form for form in forms if form.changes]
    with transaction.atomic():
        for form in changed:
            _apply(request, form)
        if any(form.errors for form in changed):
            transaction.set_rollback(True)
            return False
    if changed:
        said = ngettext("%(n)d action est mise à jour.", "%(n)d actions sont mises à jour.", len(changed)) % {"n": len(changed)}
        messages.success(request, said)
    else:
        messages.info(request, _("Rien n’a changé."))
    return True


def _apply(request: HttpRequest, form: QuickForm) -> None:
    facts: dict[str, Any] = {"by": request.user, "now": request.now}
    data, action = form.cleaned_data, form.action
    try:
        with transaction.atomic():
            if data["due_on"] != action.due_on:
                acts.change_action(action, revision=data["revision"], due_on=data["due_on"], **facts)
            elif action.revision != data["revision"]:
                acts.expect(action, data["revision"])
            if data["state"] == action.state:
                return
            if data["state"] == ActionState.UNDER_WAY:
                acts.start_action(action, **facts)
            elif data["state"] == ActionState.DONE:
                acts.complete_action(action, done_on=data["done_on"], **facts)
            elif data["state"] == ActionState.DROPPED:
                acts.drop_action(action, motive=data["motive"], **facts)
    except Refused as refusal:
        say(form, refusal)
        action.refresh_from_db()
        # The line is shown again with what was typed, made from what stands now.
        form.data = form.data.copy()
        form.data[form.add_prefix("revision")] = str(action.revision)


@for_pilots
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The project of the territory; writing it opens the pact."""
    territory, pact = territory_of(code), pact_for(request, code)
    form = PactForm(request.POST or None, instance=Pact.objects.filter(pk=pact.pk).first() if pact else None)
    theirs = ""
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["introduction"]
        try:
            if pact is None:
                editions.open_pact(None, by=request.user, now=request.now, territory=territory, introduction=words)
            else:
                editions.write_pact(pact, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal, "introduction")
            if isinstance(refusal, Outdated):
                theirs = _take_theirs(form, territory)
        else:
            messages.success(request, _("La présentation du pacte est enregistrée."))
            return redirect("pacts:pilot_pact", code=code)
    context = {"form": form, "territory": territory, "pact": pact, "theirs": theirs}
    return render(request, "pacts/pilot_write.html", context, status=status_of(form))


def _take_theirs(form: PactForm, territory: Territory) -> str:
    """What somebody else wrote meanwhile, to be shown: saving again is then a choice, not an accident."""
    stands = Pact.objects.get(territory=territory)
    form.data = form.data.copy()
    form.data["revision"] = str(stands.revision)
    return stands.introduction
