"""The survey: opened and closed in the group's space; answered by a single-use link, without an account and without a name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.chantiers.views.space import space_of
from dialogue.evaluation import urn
from dialogue.evaluation.acts import survey as acts
from dialogue.evaluation.forms import AnswerForm, OpenSurveyForm
from dialogue.evaluation.models import Survey
from dialogue.evaluation.results import answers_in, results_of
from dialogue.evaluation.stages import FEWEST, QUESTIONS, WORDS, SurveyStage
from dialogue.ledger.acts import Refused
from dialogue.ui.dates import long_day


@login_required
@require_GET
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it stands; once closed and with five answers, what it says."""
    chantier = space_of(request, slug)
    found = Survey.objects.visible_to(request.user).filter(chantier=chantier).first()
    context = {
        "chantier": chantier, "here": "settings", "survey": found, "results": results_of(found) if found else None,
        "may_open": found is None and acts.open_survey.offered(request.user, chantier),
        "may_close": found is not None and found.stage == SurveyStage.OPEN and acts.close_survey.allows(request.user, chantier),
        "questions": QUESTIONS, "words": WORDS, "fewest": FEWEST, "link_days": acts.LINK_DAYS,
    }  # fmt: skip
    return render(request, "evaluation/survey.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_survey(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    if not acts.open_survey.allows(request.user, chantier):
        raise PermissionDenied
    form = OpenSurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.open_survey(chantier, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("L’enquête est ouverte : chaque personne du groupe reçoit son lien."))
            return redirect("evaluation:survey", slug=slug)
    context = {
        "chantier": chantier, "here": "settings", "form": form, "questions": QUESTIONS, "words": WORDS,
        "missing": acts.open_survey.obstacles(chantier, by=request.user, now=request.now), "told": chantier.people_count,
        "fewest": FEWEST,
    }  # fmt: skip
    return render(request, "evaluation/survey_open.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    chantier = space_of(request, slug)
    found = get_object_or_404(Survey.objects.visible_to(request.user), chantier=chantier)
    found.chantier = chantier
    if not acts.close_survey.allows(request.user, found):
        raise PermissionDenied
    answered = answers_in(found)
    if request.method == "POST":
        try:
            acts.close_survey(found, by=request.user, now=request.now, answered=answered)
            messages.success(request, _("L’enquête est close."))
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
        return redirect("evaluation:survey", slug=slug)
    context = {
        "title": _("Clore l’enquête"), "about": chantier.title, "button": _("Clore l’enquête"),
        "consequence": _consequence(found, answered), "back_url": reverse("evaluation:survey", args=[slug]),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _consequence(found: Survey, answered: int) -> str:
    said = ngettext("%(n)d personne a répondu sur %(asked)d.", "%(n)d personnes ont répondu sur %(asked)d.", answered)
    few = _("En dessous de cinq, rien ne sera montré.") if answered < FEWEST else ""
    end = _("Elle devait finir le %(day)s. Les liens ne serviront plus. C’est définitif.") % {"day": long_day(found.closes_on)}
    return " ".join(filter(None, [said % {"n": answered, "asked": found.asked}, few, end]))


# Answering ---------------------------------------------------------------------------------------------------------


def _discreet(response: HttpResponse) -> HttpResponse:
    """The address is a secret: told to no other site, kept by no cache, found by no robot."""
    # Not "no-referrer": browsers then send the form with `Origin: null`, which is refused.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the mailed link. It asks nothing of the session: who is signed in is not looked at."""
    row = urn.token_of(token)
    if row is None:
        raise Http404
    found = row.survey
    if row.used or not urn.is_open(found, request.today):
        context: dict[str, Any] = {"chantier": found.chantier, "survey": found, "used": row.used}
        return _discreet(render(request, "evaluation/answer_gone.html", context))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            urn.put(token, form.choices(), form.texts(), today=request.today)
        except urn.Shut:
            return redirect("evaluation:answer", token=token)
        # To an address that says nothing of the link.
        return redirect("evaluation:thanks")
    context = {"chantier": found.chantier, "survey": found, "form": form, "fewest": FEWEST, "link_days": acts.LINK_DAYS}
    return _discreet(render(request, "evaluation/answer.html", context, status=422 if form.is_bound else 200))


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    return _discreet(render(request, "evaluation/thanks.html", {"fewest": FEWEST}))
