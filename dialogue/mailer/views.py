"""The choices of a reader, the one-click unsubscribe, the letters that failed, the mail of the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.ledger.acts import Refused
from dialogue.mailer import acts, folder, kinds, spaces, unsubscribing
from dialogue.mailer.forms import ChoicesForm
from dialogue.mailer.models import Choice, Letter, Suspension

PER_PAGE = 25
#: The HTML part of a mail runs nothing and fetches nothing; its links open beside.
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"


@login_required
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """What I receive, and when; with `?espace=`, for one group only."""
    person: Any = request.user
    space = request.GET.get("espace", "")[:120]
    own = list(Choice.objects.visible_to(person).exclude(space="").order_by("space", "kind"))
    written = set(Letter.objects.visible_to(person).filter(person=person).values_list("space", flat=True).distinct())
    names = spaces.names_for(person, {space, *written, *(choice.space for choice in own)} - {""})
    if space and space not in names:
        raise Http404
    form = ChoicesForm(person, request.POST or None, space=space)
    if request.method == "POST" and form.is_valid() and _done(form, person, request):
        return redirect(f"{reverse('mailer:choices')}?espace={space}" if space else "mailer:choices")
    rows = [{"choice": choice, "kind": kinds.REGISTRY.get(choice.kind), "name": names.get(choice.space)} for choice in own]
    context = {
        "form": form,
        "space_name": names.get(space, ""),
        "mandatory": [kind for _code, kind in sorted(kinds.REGISTRY.items()) if kind.mandatory and kind is not kinds.DIGEST],
        "by_space": rows,
        "groups": sorted((name, known) for known, name in names.items() if known in written),
        "suspended": Suspension.objects.filter(address=person.email.lower()).first(),
    }
    return render(request, "mailer/choices.html", context, status=422 if form.errors else 200)


def _done(form: ChoicesForm, person: Any, request: Any) -> bool:
    try:
        acts.choose(person, by=person, now=request.now, **form.decided())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    messages.success(request, _("Vos choix sont enregistrés."))
    return True


@login_required
@require_POST
def forget(request: Any, pk: int) -> HttpResponse:
    """A choice made for one group goes back to the general one."""
    choice = get_object_or_404(Choice.objects.visible_to(request.user), pk=pk)
    _act(
        request,
        acts.choose,
        request.user,
        _("Pour ce groupe, votre choix général compte de nouveau."),
        choices={choice.kind: ""},
        space=choice.space,
    )
    return redirect("mailer:choices")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """RFC 8058: a POST unsubscribes in one click, without a session; a GET only asks (scanners follow links)."""
    wish = unsubscribing.read(token)
    if wish is None:
        raise Http404
    person = get_object_or_404(get_user_model(), pk=wish.person_id, is_active=True)
    before, done = unsubscribing.standing(wish), ""
    if request.method == "POST" and "annuler" in request.POST:
        before, done = request.POST["annuler"], "back"
        acts.subscribe_again(person, by=request.user, now=request.now, token=token, before=before)
    elif request.method == "POST":
        done = "stopped"
        acts.unsubscribe(person, by=request.user, now=request.now, token=token)
    # The link came by mail: its holder may know the name of the group, as that mail told it.
    space_name = spaces.names_for(person, [wish.space]).get(wish.space, "") if wish.space else ""
    context = {"wish": wish, "space_name": space_name, "done": done, "before": before}
    return render(request, "mailer/unsubscribe.html", context)


@login_required
@require_GET
def failures(request: HttpRequest) -> HttpResponse:
    """Letters that could not be sent, and the addresses that refuse our mail."""
    if not acts.retry_letter.allows(request.user):
        raise PermissionDenied
    letters = Letter.objects.visible_to(request.user).failed().order_by("-queued_at", "-pk")
    suspended = Suspension.objects.visible_to(request.user)
    context = {
        "page": Paginator(letters, PER_PAGE).get_page(request.GET.get("page")),
        "suspensions": Paginator(suspended, PER_PAGE).get_page(request.GET.get("adresses")),
    }
    return render(request, "mailer/failures.html", context)


@login_required
@require_POST
def retry(request: Any, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    _act(request, acts.retry_letter, letter, _("Le courriel repart."))
    return redirect("mailer:failures")


@login_required
@require_POST
def lift(request: Any, pk: int) -> HttpResponse:
    """By the coordination, by the person, or by those who answer for a group of theirs; back to the page it was asked from."""
    suspension = get_object_or_404(Suspension, pk=pk)
    if not acts.lift_suspension.allows(request.user, suspension):
        raise Http404
    said = _("Cette adresse peut de nouveau recevoir nos courriels.")
    if acts.retry_letter.allows(request.user):
        said += " " + _("Ceux qui ont échoué attendent que vous les renvoyiez.")
    _act(request, acts.lift_suspension, suspension, said)
    back = request.POST.get("suite", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else "mailer:failures")


def _act(request: Any, act: Any, thing: Any, said: str, **facts: Any) -> None:
    try:
        act(thing, by=request.user, now=request.now, **facts)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, said)


@require_GET
def folder_list(request: HttpRequest) -> HttpResponse:
    """The mail that the demonstration wrote instead of sending it."""
    _demo_only()
    address = request.GET.get("adresse", "").strip()[:254]
    page = Paginator(folder.files(address), PER_PAGE).get_page(request.GET.get("page"))
    mails = [folder.read(file) for file in page]
    return render(request, "mailer/folder.html", {"page": page, "mails": mails, "address": address})


@require_GET
def folder_mail(request: HttpRequest, name: str) -> HttpResponse:
    _demo_only()
    return render(request, "mailer/folder_mail.html", {"mail": _stored(name)})


@require_GET
def folder_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, as a mail client shows it."""
    _demo_only()
    mail = _stored(name)
    response = HttpResponse(mail.html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = SANDBOX
    return response


def _stored(name: str) -> folder.Stored:
    mail = folder.stored(name)
    if mail is None:
        raise Http404
    return mail


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404
