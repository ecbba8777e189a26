"""The coordination prepares the points: every gathering, the territories of one, one territory on one screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.ledger.acts import Act, Refused
from dialogue.restitution import checks, content, gatherings, reading
from dialogue.restitution.acts import points as acts
from dialogue.restitution.acts.paths import Conflict
from dialogue.restitution.board import board
from dialogue.restitution.forms import PointForm
from dialogue.restitution.models import Conference, PointLine, ProgressPoint
from dialogue.restitution.stages import PaperStage
from dialogue.restitution.views import moves
from dialogue.restitution.views.doors import coordination, gathering_of, point_of, refuse
from dialogue.territories.models import Territory

_MOVED = gettext_lazy("Enregistré. L’ordre des chantiers a changé.")
#: Buttons of one chantier: the act, the sentence that tells it, what the act needs.
BUTTONS: dict[str, tuple[Act, Any, dict[str, Any]]] = {
    "refresh": (
        acts.refresh_line,
        gettext_lazy("Enregistré. Les données de ce chantier sont celles d’aujourd’hui ; vos textes n’ont pas changé."),
        {},
    ),
    "up": (acts.move_line, _MOVED, {"up": True}),
    "down": (acts.move_line, _MOVED, {"up": False}),
    "steps": (
        acts.use_steps,
        gettext_lazy("Enregistré. Les étapes sont dans vos textes : relisez-les, tout le monde les lira."),
        {},
    ),
    "leave": (
        acts.leave_out,
        gettext_lazy("Enregistré. Le point ne parle plus de ce chantier ; vos textes sont gardés."),
        {},
    ),
    "take": (acts.take_back, gettext_lazy("Enregistré. Le chantier est de retour dans le point."), {}),
}


@require_GET
@coordination
def gatherings_page(request: HttpRequest) -> HttpResponse:
    """What is ready and what is not, gathering by gathering (4 queries)."""
    rows = ProgressPoint.objects.order_by().values_list("kind", "series")
    counted = rows.annotate(made=Count("pk"), out=Count("pk", filter=Q(published_at__isnull=False)))
    counts = {gatherings.Gathering(kind, series): (made, out) for kind, series, made, out in counted}
    known = gatherings.known(request.user)
    known += [each for each in counts if each not in known]
    papers = {row.series: row for row in Conference.objects.all()}
    context = {
        "here": "restitution",
        "total": Territory.objects.count(),
        "rows": [(each, *counts.get(each, (0, 0)), papers.get(each.series) if each.is_conference else None) for each in known],
    }
    return render(request, "restitution/pilot.html", context)


@require_GET
@coordination
def gathering_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Each territory with its date, its progress, and the next thing to do."""
    found = gathering_of(request.user, slug)
    return render(request, "restitution/pilot_gathering.html", {"here": "restitution", "board": board(found, now=request.now)})


@require_POST
@coordination
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """One click: the points of every territory that has none yet, or that of one (`territoire`)."""
    found = gathering_of(request.user, slug)
    code = request.POST.get("territoire", "")
    territories = [t for t in Territory.objects.all() if not code or t.code == code]
    known = set(ProgressPoint.objects.filter(kind=found.kind, series=found.series).values_list("territory_id", flat=True))
    made = [t for t in territories if t.pk not in known]
    for territory in made:
        acts.draft_point(territory, by=request.user, now=request.now, kind=found.kind, series=found.series)
    if code and territories:
        return redirect("restitution:prepare", slug, code)
    told = ngettext("%(n)d point d’étape est préparé.", "%(n)d points d’étape sont préparés.", len(made)) % {"n": len(made)}
    messages.success(request, told if made else _("Tous les points étaient déjà préparés : rien ne change."))
    return redirect("restitution:pilot_gathering", slug)


@require_http_methods(["GET", "POST"])
@coordination
def prepare(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One territory on one screen. Every button saves what is written first, then does what it says (`do`)."""
    point = point_of(request.user, slug, code)
    review = checks.review(point, now=request.now)
    bound = request.method == "POST"
    form = PointForm(request.POST if bound else None, paper=point, lines=review.lines)
    if bound and form.is_valid() and (answer := _saved(request, point, form, review)) is not None:
        return answer
    context = {
        "here": "restitution",
        "point": point,
        "territory": point.territory,
        "gathering": gatherings.one(request.user, slug),
        "review": review,
        "form": form,
        "groups": [(group, reading.entry(_row(group.line)), review.changed.get(group.line.pk, [])) for group in form.groups()],
        "left_out": [line for line in review.lines if line.left_out],
        "is_drafting": point.stage == PaperStage.DRAFTING,
        "versions": list(point.versions.order_by("-number")),
        "moves": moves.offered(point, request.user),
    }
    return render(request, "restitution/prepare.html", context, status=422 if form.errors else 200)


def _row(line: PointLine) -> dict[str, Any]:
    """A line as an entry of a content, for the facts that the screen shows."""
    extras = {"besides": sorted(line.reserved)} if line.is_public else {}
    texts = {"done": line.done, "left": line.left, "asked": line.asked, "call": line.call}
    return {"facts": line.facts | extras, "as_of": content.day_of(line.gathered_at), "is_reserved": not line.is_public, **texts}


def _saved(request: HttpRequest, point: ProgressPoint, form: PointForm, review: checks.Review) -> HttpResponse | None:
    """Where to go once saved, or None when the screen must be shown again."""
    facts: dict[str, Any] = {"by": request.user, "now": request.now}
    do = request.POST.get("do", "")
    try:
        values = {"values": form.values(), "lines": form.line_values()}
        acts.edit_point(point, **facts, revision=form.cleaned_data["revision"], **values)
    except Conflict as conflict:
        form.add_error(None, conflict.reasons)
        form.show_conflict(ProgressPoint.objects.get(pk=point.pk))
        return None
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None
    name, _dash, number = do.partition("-")
    line = next((each for each in review.lines if str(each.pk) == number), None)
    try:
        said = _done(name, point, line, facts)
    except Refused as refused:
        refuse(request, refused)
    else:
        messages.success(request, said)
    if name == "freeze":
        return redirect("restitution:turn", point.gathering.slug, point.territory.code, "figer")
    where = f"#{checks.anchor(line)}" if line is not None else ""
    return redirect(reverse("restitution:prepare", args=[point.gathering.slug, point.territory.code]) + where)


def _done(name: str, point: ProgressPoint, line: PointLine | None, facts: dict[str, Any]) -> str:
    """What the pressed button does besides saving; the sentence that tells it."""
    if name == "refresh" and line is None:
        acts.refresh_point(point, **facts)
        return _("Enregistré. Les données de tous les chantiers sont celles d’aujourd’hui ; vos textes n’ont pas changé.")
    if line is None or name not in BUTTONS:
        return _("Enregistré.")
    act, said, more = BUTTONS[name]
    act(line, **facts, **more)
    return str(said)


@require_GET
@coordination
def preview(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What is being written, as the public reads it, or partners (`?comme=partenaires`)."""
    point = point_of(request.user, slug, code)
    lines = point.lines.select_related("chantier").order_by("order", "pk")
    told, reserved = content.of_point(point, lines)
    as_partner = request.GET.get("comme") == "partenaires"
    context = {
        "point": point,
        "paper": point,
        "territory": point.territory,
        "gathering": gatherings.one(request.user, slug),
        "read": reading.point(told, reserved if as_partner else None),
        "preview": True,
        "as_partner": as_partner,
    }
    return render(request, "restitution/point.html", context)


@require_http_methods(["GET", "POST"])
@coordination
def turn(request: HttpRequest, slug: str, code: str, move: str) -> HttpResponse:
    """A grave move, after a page that says its consequence."""
    point = point_of(request.user, slug, code)
    if move not in moves.OF_POINT:
        raise Http404
    return moves.confirmed(request, point, move, moves.OF_POINT)
