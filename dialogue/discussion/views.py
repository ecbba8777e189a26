"""The group's talk: its threads, a thread, and what one does in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.views.space import refuse, space_of
from dialogue.discussion import acts, mentions, pages
from dialogue.discussion.forms import CommentForm, EditForm, MotiveForm, OutcomeForm, ThreadForm
from dialogue.discussion.letters import url_of, url_of_comment
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Outcome, Subject
from dialogue.ledger.acts import Refused

PER_PAGE = 30


@login_required
@require_http_methods(["GET", "POST"])
def threads(request: HttpRequest, slug: str) -> HttpResponse:
    """The talks, latest first, and the form that starts one."""
    chantier = space_of(request, slug)
    may_write = acts.start_thread.allows(request.user, chantier)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = _thread_form(request, chantier) if may_write else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            thread = acts.start_thread(chantier, by=request.user, now=request.now, **form.facts())
        except Refused as refusal:
            _show(form, refusal)
        else:
            _take_files(request, thread.comments.first(), form)
            messages.success(request, _("Votre message est publié, le groupe est prévenu."))
            return redirect("discussion:thread", slug=slug, pk=thread.pk)
    subject = request.GET.get("sujet", "")
    rows = Thread.objects.visible_to(request.user).filter(chantier=chantier)
    if subject in Subject.values:
        rows = rows.filter(subject=subject)
    rows = pages.with_counts(rows).filter(last_id__isnull=False).order_by("-last_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "chantier": chantier,
        "here": "discussion",
        "page": page,
        "lines": pages.thread_lines(page.object_list, chantier),
        "form": form,
        "subject": subject,
        "subjects": Subject.choices,
    }
    return render(request, "discussion/list.html", context, status=422 if form is not None and form.is_bound else 200)


def _thread_form(request: HttpRequest, chantier: Chantier) -> ThreadForm:
    members = [person for person in mentions.members_of(chantier) if person.pk != request.user.pk]
    if request.method == "POST":
        return ThreadForm(request.POST, request.FILES, members=members)
    return ThreadForm(members=members)


@login_required
@require_GET
def thread(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, found = _thread(request, slug, pk)
    if found.subject != Subject.GROUP and url_of(found) != request.path:
        return redirect(url_of(found))
    return _thread_page(request, chantier, found)


@login_required
@require_POST
def post(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A message in a thread; back to the page of the thing it speaks of."""
    chantier, found = _thread(request, slug, pk)
    if not acts.post_comment.allows(request.user, found):
        raise PermissionDenied
    members = [person for person in mentions.members_of(chantier) if person.pk != request.user.pk]
    given = request.POST.get("passage", "")
    form = CommentForm(request.POST, request.FILES, passages=[(given, given)] if given else (), members=members)
    done = publish(request, form, lambda: acts.post_comment(found, by=request.user, now=request.now, **form.facts()))
    return done or _thread_page(request, chantier, found, form)


def publish(request: HttpRequest, form: CommentForm, post: Callable[[], Comment]) -> HttpResponse | None:
    """What `post` publishes, with the files of the form; None when it is refused, the form then says why and `post` left
    no trace. For every door where one speaks."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            comment = post()
    except Refused as refusal:
        _show(form, refusal)
        return None
    _take_files(request, comment, form)
    messages.success(request, _("Votre message est publié."))
    return redirect(url_of_comment(comment))


def _thread_page(request: HttpRequest, chantier: Chantier, found: Thread, form: CommentForm | None = None) -> HttpResponse:
    talk = pages.remarks_of(found, request, chantier=chantier, passages=None, form=form)
    context = {
        "chantier": chantier,
        "here": "discussion",
        "thread": found,
        "talk": talk,
        "url": url_of(found),
        "may_close": acts.close_thread.allows(request.user, found) and found.subject == Subject.GROUP,
    }
    return render(request, "discussion/thread.html", context, status=422 if form is not None else 200)


def _take_files(request: HttpRequest, comment: Comment, form: CommentForm) -> None:
    for taker in pages.attachment_takers:
        for refused in taker(comment, form.cleaned_data.get("files") or [], by=request.user, now=request.now):
            messages.warning(request, refused)


def _show(form: Any, refusal: Refused) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _thread(request: HttpRequest, slug: str, pk: int) -> tuple[Chantier, Thread]:
    chantier = space_of(request, slug)
    found = get_object_or_404(Thread.objects.visible_to(request.user), chantier=chantier, pk=pk)
    found.chantier = chantier
    return chantier, found


def _back(request: HttpRequest, found: Thread) -> str:
    """The page one came from, when it is ours."""
    given = request.POST.get("next", "")
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/") else url_of(found)


def _comment(request: HttpRequest, slug: str, pk: int) -> tuple[Chantier, Comment]:
    chantier = space_of(request, slug)
    rows = Comment.objects.visible_to(request.user).select_related("thread", "author", "organisation")
    comment = get_object_or_404(rows, thread__chantier=chantier, pk=pk)
    comment.thread.chantier = chantier
    return chantier, comment


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, comment = _comment(request, slug, pk)
    if not acts.edit_comment.allows(request.user, comment):
        raise PermissionDenied
    form = EditForm(request.POST or None, initial={"text": comment.text})
    return _answer(
        request,
        chantier,
        comment,
        form,
        "edit",
        lambda: acts.edit_comment(comment, by=request.user, now=request.now, **form.cleaned_data),
    )


@login_required
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, comment = _comment(request, slug, pk)
    if not acts.hide_comment.allows(request.user, comment):
        raise PermissionDenied
    form = MotiveForm(request.POST or None)
    return _answer(
        request,
        chantier,
        comment,
        form,
        "hide",
        lambda: acts.hide_comment(comment, by=request.user, now=request.now, **form.cleaned_data),
    )


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chantier, comment = _comment(request, slug, pk)
    if not acts.settle_remark.allows(request.user, comment):
        raise PermissionDenied
    if request.method == "POST" and "reopen" in request.POST:
        return _done(
            request, comment, lambda: acts.settle_remark(comment, by=request.user, now=request.now, outcome=Outcome.OPEN)
        )
    initial = {"outcome": comment.outcome, "reason": comment.outcome_reason} if comment.outcome != Outcome.OPEN else {}
    form = OutcomeForm(request.POST or None, initial=initial)
    return _answer(
        request,
        chantier,
        comment,
        form,
        "settle",
        lambda: acts.settle_remark(comment, by=request.user, now=request.now, **form.cleaned_data),
    )


def _answer(request: HttpRequest, chantier: Chantier, comment: Comment, form: Any, what: str, do: Any) -> HttpResponse:
    """A small form about one message; back to the message when it is done."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("C’est fait."))
            return redirect(url_of_comment(comment))
    context = {
        "chantier": chantier,
        "here": "discussion",
        "comment": comment,
        "thread": comment.thread,
        "form": form,
        "what": what,
        "back": url_of_comment(comment),
    }
    return render(request, "discussion/comment_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _chantier, comment = _comment(request, slug, pk)
    return _done(request, comment, lambda: acts.show_comment(comment, by=request.user, now=request.now))


def _done(request: HttpRequest, comment: Comment, do: Any) -> HttpResponse:
    try:
        do()
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(url_of_comment(comment))


@login_required
@require_POST
def follow(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Follow, or no more."""
    _chantier, found = _thread(request, slug, pk)
    if "stop" in request.POST:
        acts.unfollow_thread(found, by=request.user, now=request.now)
        messages.success(request, _("Vous ne recevrez plus les messages de cette discussion, sauf si l’on vous y nomme."))
    else:
        acts.follow_thread(found, by=request.user, now=request.now)
        messages.success(request, _("Vous recevrez tout de suite chaque message de cette discussion."))
    return redirect(_back(request, found))


@login_required
@require_POST
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close a talk, or open it again."""
    _chantier, found = _thread(request, slug, pk)
    act = acts.reopen_thread if "reopen" in request.POST else acts.close_thread
    try:
        act(found, by=request.user, now=request.now)
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(url_of(found))
