"""The whole dossier of one contribution, for the coordination: what it says, who wrote it, what happened, what may be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dialogue.contributions.acts import answers, pairs, sorting
from dialogue.contributions.acts.sorting_change import Outdated
from dialogue.contributions.answers import filled
from dialogue.contributions.forms.answers import AnswerForm, MergeForm, ReasonForm
from dialogue.contributions.forms.sorting import SortForm, initial_of
from dialogue.contributions.models import Contribution
from dialogue.contributions.sorting import Frame
from dialogue.contributions.sorting_file import dossier
from dialogue.contributions.sorting_hold import moment
from dialogue.contributions.sorting_pages import conflict_of, templates_for
from dialogue.contributions.stages import TO_ANSWER, AnswerKind, Outcome
from dialogue.contributions.views.sorting_door import contribution_of, for_sorters, number_in
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done

ANSWERS = (AnswerKind.REFERRED, AnswerKind.CLOSED, AnswerKind.LINKED)


@for_sorters
@require_GET
def file(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, contribution_of(request, number))


def _page(request: HttpRequest, contribution: Contribution, **bound: Any) -> HttpResponse:
    """`bound` are the forms that were refused."""
    frame = Frame()
    context = dossier(contribution, request.user, frame, now=request.now, today=request.today, at=moment())
    forms = _forms(request, contribution, frame)
    refused = next(iter(bound.values()), None)
    return render(
        request, "contributions/sorting_file.html", context | forms | bound | {"refused": refused}, status=422 if bound else 200
    )


def _forms(request: HttpRequest, contribution: Contribution, frame: Frame) -> dict[str, Any]:
    """Those that this stage allows."""
    reader, forms = request.user, {}
    if answers.refer.offered(reader, contribution) or answers.change_answer.offered(reader, contribution):
        templates = list(templates_for(reader, ANSWERS))
        chosen = next((row for row in templates if row.pk == number_in(request.GET.get("modele", ""))), None)
        text = filled(chosen.text, contribution) if chosen else contribution.answer
        kind = chosen.kind if chosen and chosen.kind in Outcome.values else ""
        initial = {"revision": contribution.revision, "answer": text, "outcome": kind}
        forms["answer_form"] = AnswerForm(initial=initial, decided=contribution.stage in TO_ANSWER)
        forms["templates"] = templates
    if sorting.requalify.offered(reader, contribution):
        forms["sort_form"] = SortForm(initial=initial_of(contribution, []), frame=frame, auto_id="classer_%s")
    if sorting.reopen.offered(reader, contribution):
        forms["reason_form"] = ReasonForm()
    if pairs.merge.offered(reader, contribution):
        forms["merge_form"] = MergeForm()
    return forms


def file_url(number: int) -> str:
    return reverse("contributions:file", args=[number])


@for_sorters
@require_POST
def reclassify(request: HttpRequest, number: int) -> HttpResponse:
    contribution, frame = contribution_of(request, number), Frame()
    form = SortForm(request.POST, frame=frame, auto_id="classer_%s")
    if form.is_valid():
        said = form.said if form.said["theme"] else {name: value for name, value in form.said.items() if name != "theme"}
        try:
            sorting.requalify(contribution, by=request.user, now=request.now, revision=form.cleaned_data["revision"], **said)
        except Outdated as refusal:
            form.conflict = conflict_of(contribution, form, frame)  # type: ignore[attr-defined]
            form.data = request.POST.copy()
            form.data["revision"] = str(contribution.revision)
            form.add_error(None, refusal.reasons)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("Le classement est changé."))
            return redirect(file_url(number))
    return _page(request, contribution, sort_form=form)


@for_sorters
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Written, or corrected before it leaves; « écrire et envoyer » does both."""
    contribution = contribution_of(request, number)
    decided = contribution.stage in TO_ANSWER
    form = AnswerForm(request.POST, decided=decided)
    if form.is_valid():
        data = form.cleaned_data
        act = answers.change_answer if decided else answers.refer if data["outcome"] == Outcome.REFERRED else answers.close
        try:
            act(contribution, by=request.user, now=request.now, answer=data["answer"], revision=data["revision"])
        except Refused as refusal:
            form.data = request.POST.copy()
            form.data["revision"] = str(contribution.revision)
            form.add_error(None, refusal.reasons)
        else:
            if request.POST.get("envoyer") == "1":
                return _send(request, contribution)
            messages.success(request, _("La réponse est écrite. Elle n’est pas encore envoyée."))
            return redirect(file_url(number))
    return _page(request, contribution, answer_form=form)


@for_sorters
@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    return _send(request, contribution_of(request, number))


def _send(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    try:
        sent = answers.send_answer(contribution, by=request.user, now=request.now)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        if sent:
            messages.success(request, _("La réponse part par courriel."))
        else:
            messages.warning(request, _("Aucune adresse : la réponse est enregistrée, et montrée sur la page de la contribution."))
    return redirect(file_url(contribution.number))


@for_sorters
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    contribution, form = contribution_of(request, number), ReasonForm(request.POST)
    if form.is_valid():
        try:
            told = sorting.reopen(contribution, by=request.user, now=request.now, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("L’examen reprend ; l’auteur en est prévenu.") if told else _("L’examen reprend."))
            return redirect(file_url(number))
    return _page(request, contribution, reason_form=form)


@for_sorters
@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    contribution, form = contribution_of(request, number), MergeForm(request.POST)
    if form.is_valid():
        into = Contribution.objects.visible_to(request.user).filter(number=form.cleaned_data["into"]).first()
        if into is None:
            form.add_error("into", _("Aucune contribution ne porte ce numéro."))
        else:
            try:
                pairs.merge(contribution, by=request.user, now=request.now, into=into)
            except Refused as refusal:
                form.add_error("into", refusal.reasons)
            else:
                messages.success(request, _("Regroupée avec la n° %(n)d. Les deux auteurs sont prévenus.") % {"n": into.number})
                return redirect(file_url(number))
    return _page(request, contribution, merge_form=form)


@for_sorters
@require_POST
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    done(request, pairs.unmerge, contribution_of(request, number), _("Elle est de nouveau étudiée à part."))
    return redirect(file_url(number))
