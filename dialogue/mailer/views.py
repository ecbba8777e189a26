"""The choices of a reader, the one-click unsubscribe, the letters that failed, the mail of the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.ledger.acts import Refused
from dialogue.mailer import acts, folder, kinds
from dialogue.mailer.forms import ChoicesForm, mandatory_kinds
from dialogue.mailer.kinds import Mode
from dialogue.mailer.message import SALT
from dialogue.mailer.models import Choice, Letter, Suspension

PER_PAGE = 25


@login_required
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """What I receive, and when."""
    form = ChoicesForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts.choose(request.user, by=request.user, now=request.now, choices=form.modes())
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("mailer:choices")
    by_space = Choice.objects.filter(person=request.user).exclude(space="").order_by("space", "kind")
    context = {
        "form": form,
        "mandatory": mandatory_kinds(),
        "by_space": [{"choice": choice, "kind": kinds.REGISTRY.get(choice.kind)} for choice in by_space],
        "suspension": Suspension.objects.filter(address__iexact=request.user.email).first(),
    }
    return render(request, "mailer/choices.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """A choice made for one chantier goes back to the general one."""
    choice = get_object_or_404(Choice, pk=pk, person=request.user)
    acts.choose(request.user, by=request.user, now=request.now, choices={choice.kind: ""}, space=choice.space)
    messages.success(request, _("C’est votre choix général qui compte de nouveau."))
    return redirect("mailer:choices")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST unsubscribes in one click, without a session; a GET only asks (scanners follow links)."""
    try:
        pk, code, space = signing.loads(token, salt=SALT)
    except signing.BadSignature as bad:
        raise Http404 from bad
    person = get_object_or_404(get_user_model(), pk=pk, is_active=True)
    kind = kinds.REGISTRY.get(code)
    if kind is None or kind.mandatory:
        raise Http404
    done = ""
    if request.method == "POST":
        done = "back" if request.POST.get("annuler") else "stopped"
        mode = "" if done == "back" else Mode.NEVER.value
        acts.choose(person, by=person, now=request.now, choices={code: mode}, space=space)
    context = {"kind": kind, "space": space, "address": person.email, "done": done}
    return render(request, "mailer/unsubscribe.html", context)


def _watch(request: HttpRequest) -> None:
    if not acts.retry_letter.allows(request.user):
        raise PermissionDenied


@login_required
@require_GET
def failures(request: HttpRequest) -> HttpResponse:
    """Letters that could not be sent, and the addresses that refuse our mail."""
    _watch(request)
    letters = Letter.objects.visible_to(request.user).failed().order_by("-queued_at", "-pk")
    page = Paginator(letters, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mailer/failures.html", {"page": page, "suspensions": Suspension.objects.all()[:200]})


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    _act(request, acts.retry_letter, letter, _("Le courriel repart."))
    return redirect("mailer:failures")


@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    _watch(request)
    suspension = get_object_or_404(Suspension, pk=pk)
    _act(request, acts.lift_suspension, suspension, _("Cette adresse peut de nouveau recevoir nos courriels."))
    return redirect("mailer:failures")


def _act(request: HttpRequest, act: Any, thing: Any, said: str) -> None:
    try:
        act(thing, by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, said)


@require_GET
def folder_list(request: HttpRequest) -> HttpResponse:
    """The mail that the demonstration wrote instead of sending it."""
    _demo_only()
    address = request.GET.get("adresse", "")[:254]
    page = Paginator(folder.listing(address), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mailer/folder.html", {"page": page, "address": address})


@require_GET
def folder_mail(request: HttpRequest, name: str) -> HttpResponse:
    _demo_only()
    mail = folder.stored(name)
    if mail is None:
        raise Http404
    return render(request, "mailer/folder_mail.html", {"mail": mail})


@require_GET
def folder_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, as a mail client shows it: nothing runs, nothing is fetched, only its own styles apply."""
    _demo_only()
    mail = folder.stored(name)
    if mail is None:
        raise Http404
    response = HttpResponse(mail.html)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'"
    return response


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404
