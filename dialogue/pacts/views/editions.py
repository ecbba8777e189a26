"""The yearly update: prepared for one territory or for all, written, previewed, adopted, published, corrected."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done
from dialogue.pacts import pages
from dialogue.pacts.acts import editions as acts
from dialogue.pacts.content import adoption_of, content_of, lines_of
from dialogue.pacts.forms.editions import AdoptForm, EditionForm, YearForm, proposed_year
from dialogue.pacts.letters import partners_of
from dialogue.pacts.missing import last_vote_in, missing_of
from dialogue.pacts.models import PactEdition
from dialogue.pacts.report import figures_of
from dialogue.pacts.stages import EditionStage
from dialogue.pacts.views.doors import for_pilots, latest_of, pact_of, say, status_of
from dialogue.territories.models import Territory


@for_pilots
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """One click: what it will bring is said first."""
    pact = pact_of(request, code)
    form = YearForm(request.POST or None, initial={"year": proposed_year(request.today)})
    if request.method == "POST" and form.is_valid():
        try:
            edition = acts.prepare_edition(pact, by=request.user, now=request.now, year=form.cleaned_data["year"])
        except Refused as refusal:
            say(form, refusal, "year")
        else:
            messages.success(request, _("L’actualisation %(year)d est prête à être relue.") % {"year": edition.year})
            return redirect("pacts:draft", code=code, year=edition.year)
    year = form.cleaned_data.get("year") if form.is_bound and form.is_valid() else proposed_year(request.today)
    context = {
        "form": form,
        "pact": pact,
        "territory": pact.territory,
        "found": pages.preparation_of(pact, year or request.today.year),
    }
    return render(request, "pacts/prepare.html", context, status=status_of(form))


@for_pilots
@require_http_methods(["GET", "POST"])
def prepare_all(request: HttpRequest) -> HttpResponse:
    """Every territory at once; one whose pact cannot be prepared is said, the others are."""
    form = YearForm(request.POST or None, initial={"year": proposed_year(request.today)})
    lines = pages.pilot_lines(request.user, request.today)
    if request.method == "POST" and form.is_valid():
        made, refused = _prepare_all(request, form.cleaned_data["year"])
        if made:
            said = ngettext(
                "%(n)d actualisation est prête à être relue.", "%(n)d actualisations sont prêtes à être relues.", made
            )
            messages.success(request, said % {"n": made})
        for sentence in refused:
            messages.warning(request, sentence)
        return redirect("pacts:pilot")
    return render(request, "pacts/prepare_all.html", {"form": form, "lines": lines}, status=status_of(form))


def _prepare_all(request: HttpRequest, year: int) -> tuple[int, list[str]]:
    """(how many were prepared, sentences on the others)."""
    made, refused = 0, []
    for territory in Territory.objects.all():
        try:
            with transaction.atomic():
                pact = acts.open_pact(None, by=request.user, now=request.now, territory=territory)
                acts.prepare_edition(pact, by=request.user, now=request.now, year=year)
        except Refused as refusal:
            refused.append(f"{territory} : {' '.join(map(str, refusal.reasons))}")
        else:
            made += 1
    return made, refused


@for_pilots
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Where a draft is written; once adopted, what is left to do with it."""
    edition = latest_of(request, code, year)
    if edition.stage != EditionStage.DRAFT:
        return _adopted(request, edition)
    lines = lines_of(edition)
    form = EditionForm(request.POST or None, instance=PactEdition.objects.get(pk=edition.pk), lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_edition(edition, by=request.user, now=request.now, **form.facts)
        except Refused as refusal:
            say(form, refusal)
            form.data = form.data.copy()
            form.data["revision"] = str(PactEdition.objects.values_list("revision", flat=True).get(pk=edition.pk))
        else:
            messages.success(request, _("Les textes sont enregistrés."))
            return redirect("pacts:draft", code=code, year=year)
    context = {
        "edition": edition,
        "pact": edition.pact,
        "territory": edition.pact.territory,
        "form": form,
        "missing": missing_of(edition, lines, request.today),
        "figures": figures_of(edition.figures),
        "moves": ["actualiser", "renoncer"],
    }
    return render(request, "pacts/draft.html", context, status=status_of(form))


def _adopted(request: HttpRequest, edition: PactEdition) -> HttpResponse:
    context = {
        "edition": edition,
        "pact": edition.pact,
        "territory": edition.pact.territory,
        "adoption": adoption_of(edition),
        "may_publish": acts.publish_edition.offered(request.user, edition),
        "partners": len(partners_of(edition.pact)) if edition.stage == EditionStage.ADOPTED else 0,
    }
    return render(request, "pacts/draft_adopted.html", context)


@for_pilots
@require_GET
def preview(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """As everybody will read it, made from the rows as they stand."""
    edition = latest_of(request, code, year)
    content = content_of(edition) if edition.stage == EditionStage.DRAFT else edition.content
    context = pages.edition_page(edition, content, request.user)
    return render(request, "pacts/edition.html", context | {"preview": True, "versions": [], "is_latest": True, "is_whole": True})


@for_pilots
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What the assembly decided is recorded; from then on nothing changes."""
    edition = latest_of(request, code, year)
    if edition.stage != EditionStage.DRAFT:
        return redirect("pacts:draft", code=code, year=year)
    last = edition.corrects
    initial: dict[str, Any] = {"adopted_on": request.today}
    # A correction is most often adopted by the same vote, unless it takes in what was voted since.
    if last is not None and last.adopted_on and (last_vote_in(edition) or last.adopted_on) <= last.adopted_on:
        initial["adopted_on"] = last.adopted_on
        initial |= {"resolution": last.resolution_id, "resolution_words": last.resolution_words}
    form = AdoptForm(request.POST or None, initial=initial, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            acts.adopt_edition(edition, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("Le pacte %(year)d est adopté. Il reste à le publier.") % {"year": year})
            return redirect("pacts:draft", code=code, year=year)
    lines = lines_of(edition)
    context = {
        "form": form,
        "edition": edition,
        "territory": edition.pact.territory,
        "missing": missing_of(edition, lines, request.today),
        "entering": sum(1 for line in lines if line.action.proposition_id and line.action.published_on is None),
    }
    return render(request, "pacts/adopt.html", context, status=status_of(form))


#: Moves of an edition that ask first: name in the address → act.
MOVES: dict[str, Any] = {
    "actualiser": acts.refresh_edition,
    "bilan": acts.refresh_edition,
    "publier": acts.publish_edition,
    "corriger": acts.correct_edition,
    "renoncer": acts.discard_edition,
}


@for_pilots
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str, year: int, move: str) -> HttpResponse:
    """A page that says the consequence, then the act."""
    edition = latest_of(request, code, year)
    if move not in MOVES:
        raise Http404
    here = reverse("pacts:draft", args=[code, year])
    if request.method == "POST":
        facts = {"redraft": True} if move == "bilan" else {}
        if done(request, MOVES[move], edition, _said(move, edition), **facts) and move in {"renoncer", "publier"}:
            return redirect("pacts:pilot_pact", code=code)
        return redirect(here)
    title, consequence, button = _question(move, edition)
    context = {"title": title, "about": str(edition), "consequence": consequence, "button": button, "back_url": here}
    return render(request, "ui/confirm.html", context, status=200)


def _said(move: str, edition: PactEdition) -> str:
    said = {
        "actualiser": _("Les actions et les chiffres sont à jour."),
        "bilan": _("Le bilan est réécrit à partir des données."),
        "publier": _("Le pacte %(year)d est publié."),
        "corriger": _("La correction du pacte %(year)d est en préparation."),
        "renoncer": _("L’actualisation %(year)d est abandonnée."),
    }
    return said[move] % {"year": edition.year}


def _question(move: str, edition: PactEdition) -> tuple[str, str, str]:
    """Title, consequence, button."""
    if move == "publier":
        n = len(partners_of(edition.pact))
        told = ngettext("%(n)d partenaire du territoire le lira", "%(n)d partenaires du territoire le liront", n) % {"n": n}
        consequence = _(
            "Tout le monde lira ce pacte et ses actions. %(told)s dans son résumé. Une erreur se corrige ensuite par une nouvelle édition."
        )
        return _("Publier ce pacte ?"), consequence % {"told": told}, _("Publier le pacte")
    words = {
        "actualiser": (
            _("Mettre à jour à partir des données ?"),
            _("Les propositions votées depuis et les actions terminées entrent dans l’édition. Vos textes ne changent pas."),
            _("Mettre à jour"),
        ),
        "bilan": (
            _("Réécrire le bilan à partir des données ?"),
            _("Le texte du bilan est remplacé par une nouvelle proposition : ce que vous y avez écrit est perdu."),
            _("Réécrire le bilan"),
        ),
        "corriger": (
            _("Corriger ce pacte ?"),
            _(
                "Une nouvelle édition de la même année se prépare, avec les mêmes textes. Chaque action y sera reprise telle qu’elle est "
                "aujourd’hui : intitulé, état, coût, dates ; les propositions votées depuis y entrent. L’édition actuelle reste "
                "lisible, et liée à la nouvelle."
            ),
            _("Préparer la correction"),
        ),
        "renoncer": (
            _("Renoncer à cette actualisation ?"),
            _(
                "Ses textes sont effacés, et avec eux les actions qu’elle tirait de propositions votées, sauf celles que vous avez "
                "modifiées. Les propositions restent votées."
            ),
            _("Renoncer à l’actualisation"),
        ),
    }
    return words[move]
