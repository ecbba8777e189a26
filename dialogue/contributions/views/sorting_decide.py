"""One contribution decided: taken, given back, classified, sent back, passed, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue.contributions.acts import sorting
from dialogue.contributions.acts.sorting_change import Outdated
from dialogue.contributions.answers import filled
from dialogue.contributions.forms.sorting import SortForm, filters_of
from dialogue.contributions.models import Contribution, SortingChange
from dialogue.contributions.sorting import Filters, Frame, next_free
from dialogue.contributions.sorting_hold import is_assigned, moment, needs_renewal
from dialogue.contributions.sorting_pages import (
    MOTIVES,
    conflict_of,
    focus_of,
    sort_page,
    templates_for,
)
from dialogue.contributions.views.sorting_door import back, contribution_of, for_sorters, sort_url
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done

#: Races for the next one that are tried again.
TRIES = 20
#: One's own changes undone in one go.
UNDO_CHUNK = 200
UNDO_WITHIN = timedelta(days=1)


def take_next(request: HttpRequest, filters: Filters, frame: Frame, after: Contribution | None) -> Contribution | None:
    """The next free one, taken; of two agents at once, the second has the one after."""
    for _try in range(TRIES):
        found = next_free(request.user, filters, frame, today=request.today, at=moment(), after=after)
        if found is None:
            return None
        try:
            sorting.take_up(found, by=request.user, now=request.now)
        except Refused:
            after = found
            continue
        return found
    return None


@for_sorters
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Held for ten minutes; asked again by the page as long as someone works on it."""
    contribution = contribution_of(request, number)
    over = request.POST.get("reprendre") == "1"
    quiet = request.headers.get("X-Requested-With") == "tri"
    if quiet and not over and not needs_renewal(contribution, request.user, moment()):
        return HttpResponse(status=204)
    try:
        sorting.take_up(contribution, by=request.user, now=request.now, over=over)
    except Refused as refusal:
        if quiet:
            return HttpResponse(" ".join(refusal.reasons), status=409, content_type="text/plain; charset=utf-8")
        for reason in refusal.reasons:
            messages.error(request, reason)
    return HttpResponse(status=204) if quiet else back(request, sort_url(request.GET.urlencode(), number))


@for_sorters
@require_POST
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """On leaving, or on purpose; an assignment is only given back on purpose."""
    contribution = contribution_of(request, number)
    leaving = request.POST.get("en_partant") == "1"
    if contribution.held_by_id == request.user.pk and not (leaving and is_assigned(contribution, moment())):
        done(request, sorting.release, contribution, "" if leaving else _("La contribution est rendue : un autre peut la prendre."))
    return HttpResponse(status=204) if leaving else back(request, sort_url(request.GET.urlencode()))


@for_sorters
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """What was decided of it; then the next one, taken."""
    frame = Frame()
    filters, contribution = filters_of(request.GET, frame), contribution_of(request, number)
    decision = request.POST.get("decision", "")
    if decision == "pass":
        if contribution.held_by_id == request.user.pk and not is_assigned(contribution, moment()):
            done(request, sorting.release, contribution)
        return _onwards(request, filters, frame, contribution)
    form = _form(request.POST, request, frame)
    if decision.startswith(("use:", "template")):
        return _page(request, filters, frame, number, _refilled(request, form, contribution, decision, frame))
    if form.is_valid() and _decided(request, contribution, form, decision):
        return _onwards(request, filters, frame, contribution)
    return _page(request, filters, frame, number, form, status=422)


def _form(data: Any, request: HttpRequest, frame: Frame) -> SortForm:
    return SortForm(data, frame=frame, templates=templates_for(request.user, MOTIVES))


def _decided(request: HttpRequest, contribution: Contribution, form: SortForm, decision: str) -> bool:
    """Does what was decided; otherwise the form says why not."""
    data, who = form.cleaned_data, {"by": request.user, "now": request.now, "revision": form.cleaned_data["revision"]}
    said = _("Classée.")
    try:
        if decision == "admissible":
            sorting.judge_admissible(contribution, **who)
            said = _("Recevable, encore à classer.")
        elif decision in {"complete", "inadmissible"}:
            act = sorting.ask_to_complete if decision == "complete" else sorting.judge_inadmissible
            mailed = act(contribution, motive=data["motive"], **who)
            said = _("L’auteur est prévenu par courriel.") if mailed else _("Aucune adresse : l’auteur ne peut pas être prévenu.")
        elif data["chosen_theme"] is None:
            form.add_error("other_theme", _("Choisissez un thème, ou dites-la seulement recevable."))
            return False
        else:
            act = sorting.qualify if contribution.stage in sorting.READABLE else sorting.requalify
            act(contribution, **form.said, **who)
    except Outdated as refusal:
        form.conflict = conflict_of(contribution, form, form.frame)  # type: ignore[attr-defined]
        form.add_error(None, refusal.reasons)
        return False
    except Refused as refusal:
        form.add_error("motive" if decision in {"complete", "inadmissible"} and not data["motive"].strip() else None, refusal.reasons)
        return False
    messages.success(request, f"{contribution} : {said}")
    return True


def _onwards(request: HttpRequest, filters: Filters, frame: Frame, contribution: Contribution) -> HttpResponse:
    following = take_next(request, filters, frame, contribution)
    if following is None:
        messages.info(request, _("Vous êtes au bout de la file. Celles que vous avez passées y sont encore."))
    return redirect(sort_url(filters.query, following.number if following else None))


def _refilled(request: HttpRequest, form: SortForm, contribution: Contribution, decision: str, frame: Frame) -> SortForm:
    """The same form with a commune, or the words of a template, put in: nothing is decided."""
    data = request.POST.copy()
    if decision.startswith("use:"):
        data["commune"] = decision.removeprefix("use:")[:120]
    elif chosen := form.templates.get(data.get("template", "")):
        data["motive"] = filled(chosen.text, contribution)
    initial = {name: data.get(name, "") for name in form.fields}
    return SortForm(initial=initial, frame=frame, templates=form.templates.values())


def _page(
    request: HttpRequest, filters: Filters, frame: Frame, number: int, form: SortForm, status: int = 200
) -> HttpResponse:
    """The queue again, with what was typed; a conflict is answered from what stands now."""
    focus = focus_of(request.user, number)
    if getattr(form, "conflict", None) and focus is not None:
        data = request.POST.copy()
        data["revision"] = str(focus.revision)
        form.data = data
    context = sort_page(
        request.user, filters, frame, focus, now=request.now, today=request.today, at=moment(), form=form
    )
    return render(request, "contributions/sorting_sort.html", context, status=status)


@for_sorters
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """The last step on this contribution."""
    contribution = contribution_of(request, number)
    done(request, sorting.undo_sorting, contribution, _("C’est annulé : la contribution est comme avant."))
    return back(request, sort_url(request.GET.urlencode(), number))


@for_sorters
@require_POST
def undo_group(request: HttpRequest, pk: int) -> HttpResponse:
    """What one did in one go, two hundred at a time."""
    mine = SortingChange.objects.visible_to(request.user).filter(by_id=request.user.pk)
    made = get_object_or_404(mine, pk=pk, group__isnull=False, at__gt=request.now - UNDO_WITHIN)
    rows = mine.filter(group=made.group, undone_at=None).select_related("contribution__campaign", "contribution__held_by")
    undone = kept = 0
    for change in rows.order_by("-pk")[:UNDO_CHUNK]:
        try:
            sorting.undo_sorting(change.contribution, by=request.user, now=request.now)
            undone += 1
        except Refused:
            kept += 1
    messages.success(request, _("%(n)d annulées.") % {"n": undone})
    if kept:
        messages.warning(request, _("%(n)d ne peuvent plus l’être : elles ont changé depuis, ou leur auteur est prévenu.") % {"n": kept})
    return back(request, sort_url(""))

