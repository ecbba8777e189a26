"""The assembly's secretariat: its sessions, their agenda, and one quick screen to record all the votes of a session."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.assembly import desk, pages
from dialogue.assembly.acts import instruction, sessions, votes
from dialogue.assembly.forms.propositions import NothingForm
from dialogue.assembly.forms.votes import AgendaForm, CorrectionForm, SessionForm
from dialogue.assembly.matters import MATTERS
from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.rows import VoteRow, rows_of
from dialogue.assembly.rules import records
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.ledger.acts import Refused
from dialogue.territories.models import Department

S = PropositionStage
PER_PAGE = 30


def _desk(request: HttpRequest) -> None:
    if not records.test(request.user):
        raise PermissionDenied


def session_of(request: HttpRequest, pk: int) -> AssemblySession:
    _desk(request)
    return get_object_or_404(AssemblySession.objects.visible_to(request.user), pk=pk)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The sessions, what waits on each, what waits for a session."""
    _desk(request)
    tabled = Count("propositions", filter=Q(propositions__stage=S.TABLED), distinct=True)
    rows = AssemblySession.objects.visible_to(request.user).annotate(waiting=tabled, recorded=Count("resolutions", distinct=True))
    page = Paginator(rows.order_by("-date", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    seen = Proposition.objects.visible_to(request.user)
    waiting = desk.waiting_for(request.user)
    department = Department.objects.first()
    context = {
        "page": page,
        "ready": waiting.count(),
        "named": list(waiting[: desk.MOST_NAMED]),
        "back": list(
            seen.filter(stage__in=[S.ADJOURNED, S.REFERRED_BACK]).select_related("chantier", "session").order_by("number")
        ),
        "has_siret": bool(department and department.siret),
    }
    return render(request, "assembly/desk.html", context)


@login_required
@require_GET
def moved(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """An address of before, when one recorded the outcome of a whole chantier."""
    return redirect("assembly:desk", permanent=True)


@login_required
@require_POST
def back(request: HttpRequest, number: int) -> HttpResponse:
    """Adjourned or referred back: to the services again."""
    _desk(request)
    proposition = get_object_or_404(Proposition.objects.visible_to(request.user).select_related("chantier"), number=number)
    try:
        instruction.return_to_instruction(proposition, by=request.user, now=request.now)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("La proposition est de nouveau à l’instruction."))
    return redirect("assembly:desk")


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    _desk(request)
    form = SessionForm(request.POST or None, initial={"kind": "plenary"})
    if request.method == "POST" and form.is_valid():
        try:
            made = sessions.create_session(None, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            held = made.date < request.today
            said = _("La séance est ajoutée. Inscrivez-y les propositions qu’elle a examinées.")
            messages.success(request, said if held else _("La séance est ajoutée. Inscrivez-y les propositions."))
            return redirect("assembly:agenda", pk=made.pk)
    return render(request, "assembly/session_form.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    names = ("date", "kind", "title", "members_count", "number_pattern")
    form = SessionForm(request.POST or None, initial={name: getattr(session, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            sessions.change_session(session, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La séance est modifiée."))
            return redirect("assembly:session", pk=pk)
    context = {"form": form, "session": session}
    return render(request, "assembly/session_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    form = NothingForm(request.POST or None)
    if request.method == "POST":
        try:
            sessions.remove_session(session, by=request.user, now=request.now, date=session.date)
        except Refused as refusal:
            form = NothingForm(request.POST)
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La séance est retirée de la liste."))
            return redirect("assembly:desk")
    context = {
        "title": _("Retirer cette séance"),
        "about": session.title,
        "consequence": _("Elle disparaît de la liste. C’est possible parce que rien n’y est inscrit."),
        "button": _("Retirer la séance"),
        "back_url": reverse("assembly:session", args=[pk]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "POST"])
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts propositions in instruction on the agenda of a session, several at once."""
    session = session_of(request, pk)
    rows = desk.waiting_for(request.user).exclude(resolutions__session=session)
    form = AgendaForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        done, refused = _table_all(request, session, list(form.cleaned_data["propositions"]))
        for sentence in refused:
            form.add_error("propositions", sentence)
        if done:
            words = ngettext(
                "%(n)d proposition inscrite. Son groupe est prévenu.",
                "%(n)d propositions inscrites. Leurs groupes sont prévenus.",
                done,
            )
            messages.success(request, words % {"n": done})
        if not refused:
            return redirect("assembly:session", pk=pk)
    context = {
        "session": session,
        "form": form,
        "any": rows.exists(),
        "is_past": session.date < request.today,
        "closed": instruction.closed_agenda(session, request.today),
        "seen": desk.seen_at(session, request.user),
    }
    return render(request, "assembly/agenda.html", context, status=422 if form.is_bound else 200)


def _table_all(request: HttpRequest, session: AssemblySession, chosen: list[Proposition]) -> tuple[int, list[str]]:
    """(how many, sentences on those refused): one that cannot go does not hold the others."""
    done, refused = 0, []
    for proposition in chosen:
        try:
            instruction.table(proposition, by=request.user, now=request.now, session=session)
            done += 1
        except Refused as refusal:
            refused.append(f"{proposition.label} : {' '.join(refusal.reasons)}")
    return done, refused


@login_required
@require_http_methods(["GET", "POST"])
def untable(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    session = session_of(request, pk)
    rows = Proposition.objects.visible_to(request.user).select_related("chantier")
    proposition = get_object_or_404(rows, number=number, session=session, stage=S.TABLED)
    form = NothingForm(request.POST or None)
    if request.method == "POST":
        try:
            instruction.untable(proposition, by=request.user, now=request.now, session=session)
        except Refused as refusal:
            form = NothingForm(request.POST)
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La proposition est de nouveau à l’instruction."))
            return redirect("assembly:session", pk=pk)
    context = {
        "title": _("Retirer de l’ordre du jour"),
        "about": proposition.title,
        "consequence": _(
            "La proposition revient à l’instruction, et à ses lecteurs d’avant. Elle pourra être inscrite à une autre séance. "
            "Ceux qui ont déjà reçu la nouvelle sont prévenus."
        ),
        "button": _("Retirer de l’ordre du jour"),
        "back_url": reverse("assembly:session", args=[pk]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The quick screen. Every row that has an outcome is recorded apart; a row with an error keeps what was typed, and so do
    the rows that were not sent."""
    found = session_of(request, pk)
    rows = rows_of(found, request.user, request.POST if request.method == "POST" else None, request.today)
    if request.method == "POST":
        sent = [row for row in rows if row.form.is_bound]
        said = [sentence for row in sent if (sentence := _record(request, row))]
        for sentence in said:
            messages.success(request, sentence)
        if not sent:
            messages.info(request, _("Choisissez l’issue d’au moins une proposition."))
        # What is typed in the other rows stays; with nothing left to keep, the page is asked anew.
        if sent and len(said) == sum(row.is_filled for row in rows):
            return redirect("assembly:session", pk=pk)
        rows = [row for row in rows if row.proposition.stage == S.TABLED]
    return _session_page(request, found, rows)


def _session_page(request: HttpRequest, found: AssemblySession, rows: list[VoteRow]) -> HttpResponse:
    seen = Resolution.objects.visible_to(request.user).filter(session=found)
    department = Department.objects.first()
    wrong = [link for row in rows for link in row.wrong]
    context = {
        "session": found,
        "rows": rows,
        "wrong": wrong,
        "recorded": list(seen.select_related("proposition__chantier").order_by("number", "pk")),
        "matters": MATTERS,
        "is_to_come": found.date > request.today,
        "has_siret": bool(department and department.siret),
    }
    return render(request, "assembly/session.html", context, status=422 if wrong else 200)


def _record(request: HttpRequest, row: VoteRow) -> str:
    """Says what was recorded and who will be told; "" when the row has an error, now beside its field."""
    if not row.form.is_valid():
        return ""
    data = dict(row.form.cleaned_data)
    data["outcome"] = Outcome(data["outcome"])
    try:
        votes.record_vote(row.proposition, by=request.user, now=request.now, **data)
    except votes.BadVote as bad:
        row.form.take(bad.errors)
        return ""
    except Refused as refusal:
        row.form.take({"": refusal.reasons})
        return ""
    words = {"label": row.proposition.label, "outcome": data["outcome"].label, "told": row.told}
    return _("%(label)s · %(outcome)s : enregistré. Seront prévenus : %(told)s.") % words


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A recorded vote that was wrong: what changes and why; what it said stays in its history."""
    _desk(request)
    rows = Resolution.objects.visible_to(request.user).select_related("proposition__chantier", "session")
    resolution = get_object_or_404(rows, pk=pk)
    proposition = pages.with_told(Proposition.objects.filter(pk=resolution.proposition_id)).get()
    form = CorrectionForm(request.POST or None, resolution=resolution)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["outcome"] = Outcome(data["outcome"])
        try:
            votes.correct_vote(resolution, by=request.user, now=request.now, **data)
        except votes.BadVote as bad:
            form.take(bad.errors)
        except Refused as refusal:
            form.take({"": refusal.reasons})
        else:
            messages.success(request, _("Le vote est corrigé. Le groupe est prévenu."))
            return redirect("assembly:session", pk=resolution.session_id)
    context = {
        "resolution": resolution,
        "proposition": resolution.proposition,
        "form": form,
        "matters": MATTERS,
        "former": list(resolution.former.select_related("by")),
        "told": pages.told_words(proposition),
    }
    return render(request, "assembly/correct.html", context, status=422 if form.is_bound else 200)
