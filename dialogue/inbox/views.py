"""The mails that wait for a decision, one mail, what is done with it; and the provider's door."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.views.space import space_of
from dialogue.discussion.letters import url_of_comment
from dialogue.inbox import pages, providers
from dialogue.inbox.acts import filing
from dialogue.inbox.acts import meetings as answering
from dialogue.inbox.files import enclosed_in
from dialogue.inbox.forms import AssignForm, FileForm, PresenceForm, RejectForm
from dialogue.inbox.letters import queue_url
from dialogue.inbox.models import Mail, MailQuerySet, Original
from dialogue.inbox.stages import LISTS, MailStage
from dialogue.ledger.acts import NotAllowed, Refused

logger = logging.getLogger(__name__)
PER_PAGE = 20
#: Digits of a number that every database holds.
LONGEST_NUMBER = 18


@login_required
@require_GET
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """The mails of a group, for those who answer for it."""
    chantier = space_of(request, slug)
    if not filing.file_mail.allows(request.user, chantier):
        raise PermissionDenied(_("Les courriels reçus sont lus par ceux qui répondent du groupe."))
    rows = Mail.objects.visible_to(request.user).filter(chantier=chantier)
    return render(request, "inbox/queue.html", _list(request, rows) | {"chantier": chantier, "here": "inbox"})


@login_required
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """All the mails, those of no group first to be handed over; for the coordination."""
    if not filing.assign_mail.allows(request.user):
        raise PermissionDenied
    return render(request, "inbox/all.html", _list(request, Mail.objects.visible_to(request.user)))


def _list(request: HttpRequest, rows: MailQuerySet) -> dict[str, Any]:
    code = request.GET.get("liste", "")
    code = code if code in LISTS else "a-rattacher"
    shown = rows.filter(stage=LISTS[code][0]).select_related(
        "chantier", "thread", "meeting", "person", "comment__thread__chantier"
    )
    page = Paginator(shown.defer("folded"), PER_PAGE).get_page(request.GET.get("page"))
    undo = rows.filter(pk=_number(request.GET.get("classe", "")), stage=MailStage.SET_ASIDE).first()
    return {"page": page, "code": code, "shelves": pages.shelves(rows), "undo": undo}


def _number(text: str) -> int | None:
    """What was typed in the address as the number of a mail."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _mail(request: HttpRequest, pk: int) -> Mail:
    rows = Mail.objects.visible_to(request.user).select_related(
        "thread", "meeting__chantier", "person", "settled_by", "comment__thread"
    )
    return get_object_or_404(rows.select_related("chantier__theme"), pk=pk)


@login_required
@require_GET
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _mail(request, pk))


def _page(request: HttpRequest, found: Mail, **bound: Any) -> HttpResponse:
    """One mail with what may be done; `bound` are the forms that were refused."""
    offer = pages.offer_of(found, request.user)
    forms: dict[str, Any] = {}
    if offer.file:
        forms["file_form"] = FileForm(mail=found, initial={"thread": found.thread_id or "", "title": found.subject})
    if offer.assign:
        forms["assign_form"] = AssignForm(initial={"chantier": found.chantier_id})
    if offer.reject:
        forms["reject_form"] = RejectForm()
    if offer.presence:
        forms["presence_form"] = PresenceForm()
    context = {
        "mail": found,
        "chantier": found.chantier,
        "here": "inbox",
        "offer": offer,
        "back_url": queue_url(found),
        "has_original": Original.objects.filter(mail=found).exists(),
        "posted_url": url_of_comment(found.comment) if found.comment else "",
    }
    refused = next(iter(bound.values()), None)
    return render(request, "inbox/mail.html", context | forms | bound | {"refused": refused}, status=422 if bound else 200)


@login_required
@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, to open in a mail client; never shown by a browser."""
    found = get_object_or_404(Original.objects.visible_to(request.user), mail=get_object_or_404(Mail, pk=pk))
    response = HttpResponse(found.raw, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="courriel-{pk}.eml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Published where the reader says; from the list, in one click, where the platform suggests."""
    found = _mail(request, pk)
    if found.chantier is None:
        raise Http404
    form = FileForm(request.POST, mail=found)
    if not form.is_valid():
        return _page(request, found, file_form=form)
    facts = {"thread": form.cleaned_data["thread"], "title": form.cleaned_data["title"]}
    author, files = pages.author_of(found), enclosed_in(found)
    try:
        filing.file_mail(found, by=request.user, now=request.now, author=author, files=files, **facts)
    except Refused as refusal:
        form.add_error(None, list(map(str, refusal.reasons)))
        return _page(request, found, file_form=form)
    messages.success(request, _("Publié dans « %(title)s ».") % {"title": found.comment.thread.title})
    return redirect(queue_url(found))


@login_required
@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _mail(request, pk), PresenceForm(request.POST)
    return _decide(request, found, "presence_form", form, answering.note_presence, _("La réponse est notée."))


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _mail(request, pk), AssignForm(request.POST)
    return _decide(
        request,
        found,
        "assign_form",
        form,
        filing.assign_mail,
        _("Confié : ceux qui répondent du groupe le savent."),
        to="inbox:all",
    )


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _mail(request, pk), RejectForm(request.POST)
    return _decide(request, found, "reject_form", form, filing.reject_mail, _("Refusé : votre réponse part à l’expéditeur."))


def _decide(request: HttpRequest, found: Mail, name: str, form: Any, act: Any, said: str, to: str = "") -> HttpResponse:
    if not act.allows(request.user, found):
        raise PermissionDenied
    if form.is_valid():
        try:
            act(found, by=request.user, now=request.now, **form.cleaned_data)
        except (Refused, NotAllowed) as refusal:
            form.add_error(
                None,
                list(map(str, getattr(refusal, "reasons", [_("Cette personne ne peut pas, ou plus, répondre pour ce groupe.")]))),
            )
        else:
            messages.success(request, said)
            return redirect(to or queue_url(found))
    return _page(request, found, **{name: form})


@login_required
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a question: it is undone as easily."""
    found = _mail(request, pk)
    _done(request, filing.set_aside, found, "")
    return redirect(f"{queue_url(found)}?classe={found.pk}")


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mail(request, pk)
    _done(request, filing.take_back, found, _("Il est de nouveau à rattacher."))
    return redirect(queue_url(found))


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mail(request, pk)
    _done(request, filing.retry_mail, found, _("Le courriel va être traité de nouveau."))
    return redirect("inbox:all")


def _done(request: HttpRequest, act: Any, found: Mail, said: str) -> None:
    try:
        act(found, by=request.user, now=request.now)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        if said:
            messages.success(request, said)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """What a provider received for us; answered once it is stored. Shut as long as INBOX_WEBHOOK_SECRET is not set."""
    if provider not in providers.PROVIDERS or not settings.INBOX_WEBHOOK_SECRET:
        raise Http404
    if request.method == "HEAD":  # some providers knock once when they are set up
        return HttpResponse()
    try:
        providers.receive(provider, request)
    except providers.Unfit as problem:
        logger.warning("%s posted something else: %s", provider, problem)
        return HttpResponse(status=400)
    except DatabaseError as problem:
        logger.warning("%s must post it again: %s", provider, problem)
        return HttpResponse(status=503)
    return HttpResponse()
