"""The coordination assembles the departmental conference from the points of the territories."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.restitution import checks, content, gatherings, reading
from dialogue.restitution.acts import conferences as acts
from dialogue.restitution.acts.paths import Conflict
from dialogue.restitution.forms import PaperForm
from dialogue.restitution.models import Conference
from dialogue.restitution.stages import PaperStage
from dialogue.restitution.views import moves
from dialogue.restitution.views.doors import conference_of, coordination, gathering_of
from dialogue.territories.models import Territory


@require_http_methods(["GET", "POST"])
@coordination
def prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Introduction, figures, the points that it takes. The first POST begins it."""
    found = gathering_of(request.user, slug)
    if not found.is_conference:
        raise Http404
    paper = Conference.objects.filter(series=found.series).select_related("edited_by").first()
    if paper is None:
        return _begin(request, found)
    form = PaperForm(request.POST if request.method == "POST" else None, paper=paper)
    if request.method == "POST" and form.is_valid() and (answer := _saved(request, paper, form)) is not None:
        return answer
    points = checks.published_points()
    context = {
        "here": "restitution",
        "gathering": found,
        "paper": paper,
        "form": form,
        "points": points,
        "checks": checks.conference_checks(paper, points, list(Territory.objects.all())),
        "figures": reading.figures(paper.figures),
        "is_drafting": paper.stage == PaperStage.DRAFTING,
        "versions": list(paper.versions.order_by("-number")),
        "moves": moves.offered(paper, request.user),
    }
    return render(request, "restitution/prepare_conference.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, found: gatherings.Gathering) -> HttpResponse:
    if request.method == "POST":
        acts.draft_conference(None, by=request.user, now=request.now, series=found.series)
        messages.success(request, _("La restitution est commencée : les chiffres sont comptés, écrivez l’introduction."))
        return redirect("restitution:prepare_conference", found.slug)
    return redirect("restitution:pilot_gathering", found.slug)


def _saved(request: HttpRequest, paper: Conference, form: PaperForm) -> HttpResponse | None:
    """Where to go once saved, or None when the screen must be shown again."""
    do = request.POST.get("do", "")
    try:
        acts.edit_conference(
            paper, by=request.user, now=request.now, revision=form.cleaned_data["revision"], values=form.values()
        )
        if do == "refresh":
            acts.refresh_figures(paper, by=request.user, now=request.now)
    except Conflict as conflict:
        form.add_error(None, conflict.reasons)
        form.show_conflict(Conference.objects.get(pk=paper.pk))
        return None
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None
    messages.success(request, _("Enregistré. Les chiffres sont ceux d’aujourd’hui.") if do == "refresh" else _("Enregistré."))
    if do == "freeze":
        return redirect("restitution:turn_conference", paper.gathering.slug, "figer")
    return redirect(reverse("restitution:prepare_conference", args=[paper.gathering.slug]))


@require_GET
@coordination
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What is being written, as the public reads it, or partners (`?comme=partenaires`)."""
    paper = conference_of(request.user, slug)
    told, reserved = content.of_conference(paper, checks.published_points())
    as_partner = request.GET.get("comme") == "partenaires"
    context = {
        "paper": paper,
        "gathering": gatherings.one(request.user, slug),
        "read": reading.conference(told, reserved if as_partner else None),
        "preview": True,
        "as_partner": as_partner,
    }
    return render(request, "restitution/conference.html", context)


@require_http_methods(["GET", "POST"])
@coordination
def turn(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    """A grave move, after a page that says its consequence."""
    paper = conference_of(request.user, slug)
    if move not in moves.OF_CONFERENCE:
        raise Http404
    return moves.confirmed(request, paper, move, moves.OF_CONFERENCE)
