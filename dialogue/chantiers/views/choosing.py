"""The cockpit of the choice: contributions against priorities, one cell, candidates, their comparison."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers import choosing, choosing_pages, choosing_words, proof
from dialogue.chantiers.acts import choosing as acts
from dialogue.chantiers.forms.choosing import PutForm, StructuringForm
from dialogue.chantiers.models import Candidate
from dialogue.chantiers.rules.choosing import may_choose
from dialogue.chantiers.stages import Reason
from dialogue.contributions.models import Campaign
from dialogue.formats import csv
from dialogue.ledger.acts import Refused
from dialogue.territories.models import Priority, Territory, Theme

#: Candidates side by side.
LEAST, MOST = 2, 4


def chooser(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for who may choose; others get a 403, visitors the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_choose(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def scope_of(request: HttpRequest) -> choosing.Scope:
    """`?campagne=` and `?suggestions=1`; an unknown campaign counts as none."""
    slug = request.GET.get("campagne", "").replace("\x00", "")[:60]
    campaign = Campaign.objects.filter(slug=slug).first() if slug else None
    return choosing.Scope(campaign, suggested=request.GET.get("suggestions") == "1")


def _candidates() -> list[Candidate]:
    return list(Candidate.objects.select_related("theme", "territory", "council", "chantier"))


@require_GET
@chooser
def choose(request: HttpRequest) -> HttpResponse:
    """Themes × territories: who speaks, how many were expected, which are priorities, where a chantier is."""
    scope = scope_of(request)
    found = choosing.matrix(scope)
    suggested = [(row, choosing_words.compared(row.evidence)) for row in choosing.suggested(found, _candidates())]
    context = {
        "matrix": found,
        "scope": scope,
        "campaigns": Campaign.objects.all(),
        "suggested": [(reason, [row for row in suggested if row[0].reason == reason]) for reason in (Reason.MANY, Reason.FEW)],
    }
    return render(request, "chantiers/choose.html", context)


@require_http_methods(["GET", "POST"])
@chooser
def cell(request: HttpRequest) -> HttpResponse:
    """The evidence of one theme in one territory, in words; and putting it as a candidate."""
    if not request.GET.get("theme") or not request.GET.get("territoire"):
        return redirect("chantiers:choose")
    theme = get_object_or_404(Theme, code=request.GET["theme"].replace("\x00", "")[:60])
    stated = Priority.objects.filter(theme=theme, territory=OuterRef("pk")).values("statement")
    rows = Territory.objects.annotate(stated=Subquery(stated[:1]))  # None: no priority; empty: one without a sentence
    territory = get_object_or_404(rows, code=request.GET.get("territoire", "").replace("\x00", "")[:60])
    scope = scope_of(request)
    page = choosing_pages.cell_page(theme, territory, scope, is_priority=territory.stated is not None)
    form = PutForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and page.reason:
        candidate = _put(request, form, theme=theme, territory=territory, reason=page.reason, note=form.cleaned_data["note"])
        if candidate:
            return redirect("chantiers:candidate", pk=candidate.pk)
    standing = Candidate.objects.filter(theme=theme, territory=territory).select_related("council", "chantier")
    context = {"page": page, "stated": territory.stated, "scope": scope, "form": form, "standing": list(standing)}
    return render(request, "chantiers/choose_cell.html", context, status=422 if form.is_bound else 200)


def _put(request: HttpRequest, form: Any, **facts: Any) -> Candidate | None:
    try:
        candidate = acts.put_candidate(None, by=request.user, now=request.now, **facts)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return None
    messages.success(request, _("Le candidat est posé. Un conseil de territoire pourra l’examiner."))
    return candidate


@require_http_methods(["GET", "POST"])
@chooser
def structuring(request: HttpRequest) -> HttpResponse:
    """A structuring project, flagged from chosen contributions (`?numeros=1284,2051`, `?theme=`, `?territoire=`)."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:20000] for name in ("numeros", "theme", "territoire")}
    initial = {
        "numbers": asked["numeros"],
        "theme": Theme.objects.filter(code=asked["theme"]).first() if asked["theme"] else None,
        "territory": Territory.objects.filter(code=asked["territoire"]).first() if asked["territoire"] else None,
    }
    form = StructuringForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        candidate = _put(
            request, form, theme=facts["theme"], territory=facts["territory"], reason=Reason.STRUCTURING,
            note=facts["note"], contributions=facts["numbers"],
        )  # fmt: skip
        if candidate:
            return redirect("chantiers:candidate", pk=candidate.pk)
    return render(request, "chantiers/choose_structuring.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@chooser
def candidates(request: HttpRequest) -> HttpResponse:
    """All of them by stage with their numbers, and the councils that will examine them."""
    rows = _candidates()
    proofs = proof.proofs(rows)
    context = {
        "groups": choosing_pages.by_stage(rows, proofs),
        "councils": choosing_pages.councils(rows, request.today),
        "count": len(rows),
        "least": LEAST,
        "most": MOST,
    }
    return render(request, "chantiers/choose_candidates.html", context)


@require_GET
@chooser
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four candidates side by side (`?c=12&c=15`)."""
    keys = list(dict.fromkeys(int(key) for key in request.GET.getlist("c") if key.isascii() and key.isdigit() and len(key) < 10))  # noqa: PLR2004
    rows = [c for c in _candidates() if c.pk in keys]
    if not LEAST <= len(rows) <= MOST:
        messages.error(request, _("Choisissez de deux à quatre candidats à comparer."))
        return redirect("chantiers:candidates")
    found, open_ones = proof.proofs(rows), choosing.living_chantiers()
    lines = [
        {"c": c, "proof": found[c.pk], "span": choosing_words.span(found[c.pk]), "open": open_ones.get((c.territory_id, c.theme_id), [])}
        for c in rows
    ]
    return render(request, "chantiers/choose_compare.html", {"lines": lines})


@require_GET
@chooser
def candidates_csv(request: HttpRequest) -> HttpResponseBase:
    """All candidates with their evidence, for a spreadsheet."""
    rows = _candidates()
    found = proof.proofs(rows)
    body = csv.rows(choosing_pages.HEADER, (choosing_pages.csv_line(c, found[c.pk]) for c in rows))
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="candidats-{request.today.isoformat()}.csv"'
    return response


def candidate_or_404(pk: int) -> Candidate:
    """A candidate with what its pages show."""
    rows = Candidate.objects.select_related("theme", "territory", "council", "chantier", "put_by")
    try:
        return get_object_or_404(rows, pk=pk)
    except OverflowError:
        raise Http404 from None
