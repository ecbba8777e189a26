"""The author's page: what became of a contribution, correct it, complete it, withdraw it. The link is enough, no account."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.contributions import drafts
from dialogue.contributions.acts import deposit as acts
from dialogue.contributions.acts.deposit_files import MOST_FILES, attach_file, remove_file
from dialogue.contributions.acts.privacy import written_by
from dialogue.contributions.forms.deposit import ConsentForm, CorrectForm, FileForm, initial_of
from dialogue.contributions.letters.news import read_stop_token
from dialogue.contributions.models import Attachment, Contribution, Support
from dialogue.contributions.pages_tracking import steps_of
from dialogue.contributions.stages import AUTHORS, Stage
from dialogue.contributions.views.doors import UNFIT, private, say
from dialogue.ledger.acts import Refused

#: What a browser shows by itself.
SHOWN = {"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp"}


def _row(key: str) -> Contribution:
    """By the secret of the link: whoever holds it is the author."""
    related = ("campaign", "territory", "commune", "theme", "second_theme", "organisation", "person", "merged_into")
    return get_object_or_404(Contribution.objects.select_related(*related), key=key)


@private
@require_GET
def tracking(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _row(key))


def _page(request: HttpRequest, row: Contribution, **bound: Any) -> HttpResponse:
    files = list(row.attachments.all())
    has_body = bool(row.organisation_id or row.organisation_name)
    initial = {"may_publish": row.may_publish, "naming": row.naming, "author_name": row.author_name}
    reader = request.user
    context = {
        "contribution": row,
        "steps": steps_of(row, reader),
        "files": files,
        "supports": row.supports.confirmed().count(),
        "may_correct": acts.correct.offered(reader, row),
        "may_complete": acts.complete.offered(reader, row),
        "may_withdraw": acts.withdraw.offered(reader, row),
        "may_attach": row.stage in AUTHORS and row.stage != Stage.DRAFT and len(files) < MOST_FILES,
        "may_remove": row.stage in AUTHORS and row.stage != Stage.DRAFT,
        "consent_form": ConsentForm(initial=initial, has_organisation=has_body)
        if acts.change_consent.offered(reader, row)
        else None,
        "file_form": FileForm(),
        "is_by_mail": not row.person_id and bool(row.author_email),
    }
    return render(request, "contributions/tracking.html", context | bound, status=UNFIT if bound else 200)


@private
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Corrected, or completed when the team asked for more."""
    row = _row(key)
    act = acts.complete if row.stage == Stage.TO_COMPLETE else acts.correct
    if not act.offered(request.user, row):
        messages.error(request, _("L’équipe travaille déjà sur votre contribution : elle ne se corrige plus ici."))
        return redirect("contributions:tracking", key=key)
    form = CorrectForm(request.POST or None, initial=initial_of(row), territories=row.campaign.territories.all())
    if request.method == "POST" and form.is_valid():
        try:
            act(row, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            done = _("Merci : votre complément est reçu.") if act is acts.complete else _("Votre correction est enregistrée.")
            messages.success(request, done)
            return redirect("contributions:tracking", key=key)
    context = {"contribution": row, "form": form, "completes": act is acts.complete}
    return render(request, "contributions/tracking_correct.html", context, status=UNFIT if form.is_bound else 200)


@private
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    row = _row(key)
    if not acts.withdraw.offered(request.user, row):
        messages.error(request, _("Il n’est plus possible de retirer cette contribution ici : écrivez à la coordination."))
        return redirect("contributions:tracking", key=key)
    if request.method == "POST":
        _done(request, lambda: acts.withdraw(row, by=request.user, now=request.now), _("Votre contribution est retirée."))
        return redirect("contributions:tracking", key=key)
    context = {
        "title": _("Retirer votre contribution ?"),
        "consequence": _("Personne ne la lira plus, et rien n’en sera fait. Vous ne pourrez pas la remettre."),
        "button": _("Retirer ma contribution"),
        "back_url": reverse("contributions:tracking", args=[key]),
    }
    return render(request, "ui/confirm.html", context)


def _done(request: HttpRequest, do: Any, said: str) -> None:
    try:
        do()
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, said)


@private
@require_POST
def consent(request: HttpRequest, key: str) -> HttpResponse:
    row = _row(key)
    form = ConsentForm(request.POST, has_organisation=bool(row.organisation_id or row.organisation_name))
    if not form.is_valid():
        return _page(request, row, consent_form=form, form=form)
    said = (
        _("Votre contribution peut être publiée.")
        if form.cleaned_data["may_publish"]
        else _("Elle ne sera montrée qu’à l’équipe.")
    )
    _done(request, lambda: acts.change_consent(row, by=request.user, now=request.now, **form.cleaned_data), said)
    return redirect("contributions:tracking", key=key)


@private
@require_POST
def files(request: HttpRequest, key: str) -> HttpResponse:
    """Add some, or take one away."""
    row = _row(key)
    if gone := request.POST.get("retirer", ""):
        found = next((each for each in row.attachments.all() if str(each.key) == gone), None)
        if found is None:
            raise Http404
        _done(
            request,
            lambda: remove_file(row, by=request.user, now=request.now, attachment=found),
            _("« %(name)s » est retiré.") % {"name": found.filename},
        )
        return redirect("contributions:tracking", key=key)
    form = FileForm(request.POST, request.FILES)
    form.is_valid()
    for file in form.cleaned_data.get("files", []):
        try:
            attach_file(row, by=request.user, now=request.now, file=file)
        except Refused as refusal:
            form.add_error("files", f"{file.name} : {' '.join(map(str, refusal.reasons))}")
        else:
            messages.success(request, _("« %(name)s » est joint.") % {"name": file.name})
    return _page(request, row, file_form=form, form=form) if form.errors else redirect("contributions:tracking", key=key)


@private
@require_GET
def file(request: HttpRequest, key: str, file_key: uuid.UUID) -> HttpResponseBase:
    """The author's own file."""
    return handed_out(get_object_or_404(Attachment, contribution=_row(key), key=file_key))


@require_GET
def attachment(request: HttpRequest, file_key: uuid.UUID) -> HttpResponseBase:
    """A file of a contribution that the reader may read."""
    return handed_out(get_object_or_404(Attachment.objects.visible_to(request.user), key=file_key))


def handed_out(row: Attachment) -> HttpResponseBase:
    if not row.is_handed_out:
        raise Http404
    try:
        response = FileResponse(
            row.file.open("rb"), filename=row.filename, content_type=row.content_type, as_attachment=row.content_type not in SHOWN
        )
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@private
@require_POST
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Letters on this contribution: stopped, or wanted again."""
    row = _row(key)
    if "reprendre" in request.POST:
        _done(request, lambda: acts.resume_mail(row, by=request.user, now=request.now), _("Nous vous écrirons de nouveau."))
    else:
        _done(request, lambda: acts.stop_mail(row, by=request.user, now=request.now), _("Nous ne vous écrirons plus à ce sujet."))
    return redirect("contributions:tracking", key=key)


@csrf_exempt
@private
@require_http_methods(["GET", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST stops in one click, without a session; a GET only asks (scanners follow links)."""
    row = read_stop_token(token)
    if row is None:
        raise Http404
    if request.method == "POST":
        act = acts.resume_mail if "annuler" in request.POST else acts.stop_mail
        act(row, by=request.user, now=request.now)
    done = request.method == "POST"
    return render(
        request, "contributions/stop_mail.html", {"contribution": row, "done": done, "stopped": bool(row.mail_stopped_at)}
    )


@private
@require_POST
def resume(request: HttpRequest, key: str) -> HttpResponse:
    """Back to a draft, from its link."""
    row = _row(key)
    if row.stage == Stage.DRAFT and row.person_id in {None, request.user.pk}:
        drafts.remember(request, row, reached=2)
        return redirect("contributions:deposit", slug=row.campaign.slug)
    return redirect("contributions:tracking", key=key)


@private
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the signed-in person wrote and supported."""
    rows = list(drafts.mine(request.user))
    context = {
        "drafts": [row for row in rows if row.stage == Stage.DRAFT and row.person_id == request.user.pk],
        "rows": [row for row in rows if row.stage != Stage.DRAFT],
        "supports": Support.objects.filter(written_by(request.user))
        .confirmed()
        .select_related("contribution__territory", "contribution__theme", "organisation"),
    }
    return render(request, "contributions/mine.html", context)
