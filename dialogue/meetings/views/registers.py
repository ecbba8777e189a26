"""The registers: decisions and actions of a group, and those that every chantier has published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier, groups_of
from dialogue.chantiers.pages import gathered
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.formats import csv
from dialogue.ledger.acts import Refused
from dialogue.meetings import pages
from dialogue.meetings.acts import capture as acts
from dialogue.meetings.forms.agenda import organisations_of
from dialogue.meetings.forms.capture import ActionDoneForm, ActionDropForm, DecisionStateForm
from dialogue.meetings.models import Action, Decision, Minutes
from dialogue.meetings.stages import OUT, DecisionState
from dialogue.people.stages import Circle
from dialogue.territories.models import Territory, Theme

PER_PAGE = 40
#: Filters on actions, as they stand in addresses.
SHOWN = {
    "en-cours": Q(done_on=None, dropped_motive=""),
    "faites": Q(done_on__isnull=False),
    "abandonnees": ~Q(dropped_motive=""),
}


@login_required
@require_GET
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Decisions and actions of the group, latest first; « en retard » is computed."""
    chantier = space_of(request, slug)
    state, shown, number = request.GET.get("etat", ""), request.GET.get("actions", ""), request.GET.get("seance", "")
    found = Decision.objects.visible_to(request.user).filter(chantier=chantier).select_related("chantier", "meeting", "replaced_by")
    actions = Action.objects.visible_to(request.user).filter(chantier=chantier).select_related("chantier", "meeting", "owner")
    if state in DecisionState.values:
        found = found.filter(state=state)
    if shown in SHOWN:
        actions = actions.filter(SHOWN[shown])
    elif shown == "en-retard":
        actions = actions.filter(SHOWN["en-cours"], due_on__lt=request.today)
    if number.isascii() and number.isdigit() and len(number) < 5:  # noqa: PLR2004
        found, actions = found.filter(meeting__number=number), actions.filter(meeting__number=number)
    owners = list(organisations_of(chantier))
    owner = request.GET.get("organisme", "")
    if owner in {str(each.pk) for each in owners}:
        actions = actions.filter(owner=owner)
    pages = {
        "decisions": Paginator(found.order_by("-number"), PER_PAGE).get_page(request.GET.get("page")),
        "actions": Paginator(actions.order_by("-number"), PER_PAGE).get_page(request.GET.get("page_actions")),
    }
    context = {
        "chantier": chantier,
        "here": "decisions",
        **pages,
        "state": state,
        "shown": shown,
        "number": number,
        "owner": owner,
        "owners": [(str(each.pk), each.name) for each in owners],
        "states": DecisionState.choices,
        "lines": lines_of(pages["actions"], request.today, request.user),
        "may_settle": acts.settle_decision.allows(request.user, chantier),
    }
    return render(request, "meetings/decisions.html", context)


@require_GET
def decision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One decision, for those who may read it: how it was taken, where it stands, the path that it is on."""
    rows = Decision.objects.visible_to(request.user).select_related("chantier__theme", "meeting", "replaced_by")
    found = get_object_or_404(rows.prefetch_related("chantier__territories"), chantier__slug=slug, number=number)
    chantier = found.chantier
    is_inside = bool(getattr(request.user, "is_coordination", False)) or chantier.pk in groups_of(request.user)
    minutes = Minutes.objects.visible_to(request.user).filter(meeting=found.meeting).first()
    context = {
        "decision": found,
        "chantier": chantier,
        "minutes": minutes,
        "circle": minutes.circle if minutes and minutes.stage in OUT else Circle.GROUP,
        "inside": is_inside,
        "blocks": gathered(pages.decision_blocks, found, request),
        "may_settle": is_inside and acts.settle_decision.allows(request.user, chantier),
    }
    return render(request, "meetings/decision.html", context)


def lines_of(actions: Iterable[Action], today: date, reader: Any) -> list[dict[str, Any]]:
    """Actions of one chantier with their lateness on `today`, and whether the reader may say that they are done: the rule
    looks at the organisation in charge only, so it is asked once for each."""
    found, may = [], {}
    for action in actions:
        if action.owner_id not in may:
            may[action.owner_id] = acts.complete_action.allows(reader, action)
        left = (action.due_on - today).days if action.due_on and action.is_open else None
        found.append({"action": action, "late": action.days_late(today), "left": left, "may": may[action.owner_id]})
    return found


@login_required
@require_GET
def decisions_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Both registers of the group in one file."""
    chantier = space_of(request, slug)
    rows = _rows(
        Decision.objects.visible_to(request.user).filter(chantier=chantier),
        Action.objects.visible_to(request.user).filter(chantier=chantier),
        request.today,
    )
    return _file(rows, f"registre-{chantier.slug}.csv")


def _rows(found: Any, actions: Any, today: date) -> Iterator[tuple[Any, ...]]:
    for d in found.select_related("chantier", "meeting").order_by("chantier__number", "number").iterator():
        yield (
            "décision",
            d.chantier.number,
            d.chantier.title,
            d.label,
            d.text,
            d.meeting.number,
            _day(d.meeting),
            d.agreement,
            d.follow_up,
            None,
            None,
            d.get_state_display(),
            None,
        )
    for a in actions.select_related("chantier", "meeting", "owner").order_by("chantier__number", "number").iterator():
        state = _("faite") if a.done_on else _("abandonnée") if a.dropped_motive else _("en cours")
        owner = str(a.owner or a.owner_text)
        yield (
            "action",
            a.chantier.number,
            a.chantier.title,
            a.label,
            a.text,
            a.meeting.number,
            _day(a.meeting),
            None,
            owner,
            a.due_on,
            a.done_on,
            state,
            a.days_late(today),
        )


HEADER = (
    "nature",
    "chantier",
    "titre du chantier",
    "numéro",
    "texte",
    "séance",
    "date de la séance",
    "accord",
    "suivi ou charge",
    "échéance",
    "faite le",
    "état",
    "jours de retard",
)


def _day(meeting: Any) -> Any:
    from dialogue.ledger.clock import local_date

    return local_date(meeting.starts_at) if meeting.starts_at else None


def _file(rows: Iterator[tuple[Any, ...]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv.rows(HEADER, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def register(request: HttpRequest) -> HttpResponseBase:
    """What all the groups have decided, as far as this reader may know: published minutes, and one's own groups."""
    found = Decision.objects.visible_to(request.user)
    territory, theme, state = (request.GET.get(name, "") for name in ("territoire", "theme", "etat"))
    territories, themes = list(Territory.objects.all()), list(Theme.objects.all())
    if territory in {each.code for each in territories}:
        found = found.filter(chantier__in=Chantier.objects.filter(territories__code=territory))
    if theme in {each.code for each in themes}:
        found = found.filter(chantier__theme__code=theme)
    if state in DecisionState.values:
        found = found.filter(state=state)
    if request.GET.get("format") == "csv":
        actions = Action.objects.visible_to(request.user).filter(chantier__in=found.values("chantier"))
        return _file(_rows(found, actions, request.today), "registre-des-decisions.csv")
    rows = found.select_related("chantier__theme", "meeting").order_by("-meeting__starts_at", "-number", "-pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "territories": territories,
        "themes": themes,
        "territory": territory,
        "theme": theme,
        "state": state,
        "states": DecisionState.choices,
    }
    return render(request, "meetings/register.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where a decision stands."""
    chantier = space_of(request, slug)
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("meeting"), chantier=chantier, pk=pk)
    decision.chantier = chantier
    initial = {"state": decision.state, "note": decision.state_note, "replaced_by": decision.replaced_by_id}
    form = DecisionStateForm(request.POST or None, decision=decision, initial=initial)
    return _form(request, chantier, decision, form, acts.settle_decision, f"d{decision.number}")


@login_required
@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, action = _action(request, slug, pk)
    form = ActionDoneForm(request.POST or None, initial={"done_on": request.today})
    return _form(request, chantier, action, form, acts.complete_action, f"a{action.number}")


@login_required
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, action = _action(request, slug, pk)
    return _form(request, chantier, action, ActionDropForm(request.POST or None), acts.drop_action, f"a{action.number}")


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _chantier, action = _action(request, slug, pk)
    try:
        acts.reopen_action(action, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("meetings:decisions", slug=slug)


def _action(request: HttpRequest, slug: str, pk: int) -> tuple[Chantier, Action]:
    chantier = space_of(request, slug)
    action = get_object_or_404(
        Action.objects.visible_to(request.user).select_related("meeting", "owner"), chantier=chantier, pk=pk
    )
    action.chantier = chantier
    return chantier, action


def _form(request: HttpRequest, chantier: Chantier, row: Any, form: Any, act: Any, anchor: str) -> HttpResponse:
    if not act.allows(request.user, row):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            act(row, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Le registre est à jour."))
            response = redirect("meetings:decisions", slug=chantier.slug)
            response["Location"] += f"#{anchor}"
            return response
    context = {"chantier": chantier, "here": "decisions", "row": row, "form": form, "what": act.name.rpartition(".")[2]}
    return render(request, "meetings/register_form.html", context, status=422 if form.is_bound else 200)
