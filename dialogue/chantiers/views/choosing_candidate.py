"""One candidate: its evidence, its note, its announcement, what a council said, the chantier that opens from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue.chantiers import choosing, choosing_pages, proof
from dialogue.chantiers.acts import choosing as acts
from dialogue.chantiers.forms.choosing import AnnounceForm, CouncilForm, NoteForm, OpenForm, SetAsideForm
from dialogue.chantiers.models import Candidate
from dialogue.chantiers.stages import CandidateStage
from dialogue.chantiers.views.choosing import candidate_or_404, chooser
from dialogue.ledger.acts import Refused
from dialogue.ledger.doing import done
from dialogue.people.circles import Glance
from dialogue.territories.models import CalendarDate
from dialogue.territories.stages import DateKind


@require_http_methods(["GET", "POST"])
@chooser
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence page; posting writes the note."""
    found = candidate_or_404(pk)
    form = NoteForm(request.POST or None, initial={"note": found.note, "shown": found.note})
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_candidate_note(found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            found.refresh_from_db(fields=["note"])
            form = form.renewed(found.note)
            form.add_error("note", refusal.reasons[0])
        else:
            messages.success(request, _("La note est enregistrée."))
            return redirect("chantiers:candidate", pk=pk)
    page, listed = choosing_pages.candidate_page(found, request.GET.get("page"))
    context = {"candidate": found, "page": page, "listed": listed, "form": form, "reads": found.stage in {"to_examine", "retained"}}
    return render(request, "chantiers/choose_candidate.html", context, status=422 if form.is_bound else 200)


@require_POST
@chooser
def stop_announcing(request: HttpRequest, pk: int) -> HttpResponse:
    done(request, acts.stop_announcing_candidate, candidate_or_404(pk), _("Ce candidat n’est plus annoncé."))
    return redirect("chantiers:candidate", pk=pk)


@require_http_methods(["GET", "POST"])
@chooser
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """What the public reads of the candidates, with this one as it stands, or as it will be; posting announces it."""
    found = candidate_or_404(pk)
    form = AnnounceForm(request.POST or None, candidate=found, today=request.today)
    sentence = _("Ce candidat est annoncé sur la page des contributions.")
    if form.is_bound and form.is_valid() and done(request, acts.announce_candidate, found, sentence, **form.cleaned_data):
        return redirect("chantiers:candidate", pk=pk)
    groups = choosing.announced(Glance())
    shown = any(found in rows for _reason, rows in groups)
    if not shown:
        groups = [(reason, [*rows, found] if reason == found.reason else rows) for reason, rows in groups]
    context = {"candidate": found, "groups": groups, "shown": shown, "form": form}
    return render(request, "chantiers/choose_announce.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@chooser
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = candidate_or_404(pk)
    back = reverse("chantiers:candidate", args=[pk])
    if request.method == "POST":
        left = done(request, acts.withdraw_candidate, found, _("Le candidat est retiré."))
        return redirect("chantiers:candidates" if left else back)
    context = {
        "title": _("Retirer ce candidat ?"),
        "about": str(found),
        "consequence": _("Personne d’autre que la coordination ne l’a lu. Il disparaît, avec sa note."),
        "button": _("Retirer ce candidat"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
@chooser
def reexamine(request: HttpRequest, pk: int) -> HttpResponse:
    found = candidate_or_404(pk)
    back = reverse("chantiers:candidate", args=[pk])
    if request.method == "POST":
        done(request, acts.reexamine_candidate, found, _("Le candidat est de nouveau à examiner."))
        return redirect(back)
    context = {
        "title": _("Remettre ce candidat à l’examen ?"),
        "about": str(found),
        "consequence": _("La décision du conseil et son motif s’effacent de cette fiche ; le registre en garde la trace."),
        "button": _("Remettre à l’examen"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


def _form(kind: type[CouncilForm], request: HttpRequest, candidate: Candidate) -> CouncilForm:
    asked = kind is SetAsideForm
    data = request.POST if request.method == "POST" and ("ecarter" in request.POST) == asked else None
    prefix = "ecarter" if asked else "retenir"
    return kind(data, candidate=candidate, today=request.today, prefix=prefix)


@require_http_methods(["GET", "POST"])
@chooser
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What a council said: retained, or set aside with its motive."""
    found = candidate_or_404(pk)
    if found.stage != CandidateStage.TO_EXAMINE:
        return redirect("chantiers:candidate", pk=pk)
    keep, aside = _form(CouncilForm, request, found), _form(SetAsideForm, request, found)
    form = aside if aside.is_bound else keep
    if form.is_bound and form.is_valid():
        act = acts.set_aside_candidate if form is aside else acts.retain_candidate
        sentence = _("Le conseil écarte ce candidat.") if form is aside else _("Le conseil retient ce candidat.")
        if done(request, act, found, sentence, **form.cleaned_data):
            return redirect("chantiers:candidate", pk=pk)
    context = {"candidate": found, "keep": keep, "aside": aside}
    return render(request, "chantiers/choose_decide.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@chooser
def open_chantier(request: HttpRequest, pk: int) -> HttpResponse:
    """From a retained candidate to its chantier: drafted, read again by a person, proposed."""
    found = candidate_or_404(pk)
    if found.stage != CandidateStage.RETAINED:
        return redirect("chantiers:candidate", pk=pk)
    stood = proof.from_json(found.evidence) or proof.prove(found)
    form = OpenForm.drafted(found, stood, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chantier = acts.open_from_candidate(found, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            sentence = _("Le chantier n° %(n)d est proposé, avec ses contributions. Il ne paraît pas encore : ouvrez-le quand il est prêt.")
            messages.success(request, sentence % {"n": chantier.number})
            return redirect("chantiers:settings", slug=chantier.slug)
    context = {"candidate": found, "form": form, "proof": stood}
    return render(request, "chantiers/choose_open.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@chooser
def council(request: HttpRequest, pk: int) -> HttpResponse:
    """The candidates of one council, in the meeting room: one click to retain, a motive to set aside."""
    sitting = get_object_or_404(CalendarDate.objects.select_related("territory"), pk=pk, kind=DateKind.COUNCIL)
    rows = Candidate.objects.select_related("theme", "territory", "chantier", "council")
    if sitting.territory_id:
        rows = rows.filter(territory=sitting.territory_id)
    if request.method == "POST":
        key = request.POST.get("candidat", "")
        found = get_object_or_404(rows, pk=int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0)  # noqa: PLR2004
        name = str(found)
        if "ecarter" in request.POST:
            motive = request.POST.get("motif", "").replace("\x00", "")[:2000]
            said = _("Écarté : %(name)s.") % {"name": name}
            done(request, acts.set_aside_candidate, found, said, council=sitting, motive=motive)
        else:
            done(request, acts.retain_candidate, found, _("Retenu : %(name)s.") % {"name": name}, council=sitting)
        return redirect("chantiers:council_choices", pk=pk)
    listed = [c for c in rows if c.stage == CandidateStage.TO_EXAMINE or c.council_id == sitting.pk]
    proofs = proof.proofs(listed)
    lines = [choosing_pages.Line(c, proofs[c.pk]) for c in listed]
    context = {
        "council": sitting,
        "waiting": [line for line in lines if line.candidate.stage == CandidateStage.TO_EXAMINE],
        "decided": [line for line in lines if line.candidate.stage != CandidateStage.TO_EXAMINE],
        "held": sitting.starts_on <= request.today,
    }
    return render(request, "chantiers/choose_council.html", context)
