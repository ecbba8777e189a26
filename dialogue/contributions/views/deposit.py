"""Depositing in three short steps, each sent to the server: with or without script, with or without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.contributions import deposit_limits, drafts, likeness
from dialogue.contributions.acts import deposit as acts
from dialogue.contributions.acts.deposit_files import MOST_FILES, attach_file, remove_file
from dialogue.contributions.forms.deposit import WhatForm, WhereForm, WhoForm, initial_of
from dialogue.contributions.forms.places import offered
from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.stages import Naming
from dialogue.contributions.views.doors import TOO_MANY, UNFIT, organisations_of, private, say, status_of
from dialogue.ledger.acts import Refused


@require_GET
def deposits(request: HttpRequest) -> HttpResponse:
    """The open campaigns; straight to the form when there is one."""
    open_now = list(Campaign.objects.visible_to(request.user).open_on(request.today).prefetch_related("territories"))
    if len(open_now) == 1:
        return redirect("contributions:deposit", slug=open_now[0].slug)
    announced = Campaign.objects.filter(is_announced=True)
    context = {
        "campaigns": open_now,
        "coming": announced.filter(opens_on__gt=request.today).order_by("opens_on"),
        "last": announced.filter(closes_on__lt=request.today).order_by("-closes_on").first(),
    }
    return render(request, "contributions/deposits.html", context)


@private
@require_http_methods(["GET", "POST"])
def deposit(request: HttpRequest, slug: str) -> HttpResponse:
    """One page per step (`etape`): 1, 2, the resembling ones (`proches`), 3."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    draft = drafts.current(request, campaign)
    if not campaign.is_open(request.today):
        return render(request, "contributions/deposit_closed.html", {"campaign": campaign, "draft": draft})
    step = request.POST.get("etape") or request.GET.get("etape", "1")
    if step == "1":
        return _what(request, campaign, draft)
    if draft is None or step not in STEPS:
        return redirect(step_url(campaign, "1"))
    try:
        if request.method == "POST" and request.user.is_authenticated and draft.person_id is None:
            acts.take_over_draft(draft, by=request.user, now=request.now)
        return STEPS[step](request, draft)
    except Refused:
        # Sent from another window, or by a second click, in the meantime.
        draft.refresh_from_db()
        return redirect("contributions:tracking", key=draft.key)


def step_url(campaign: Campaign, step: str) -> str:
    return reverse("contributions:deposit", args=[campaign.slug]) + ("" if step == "1" else f"?etape={step}")


def _page(
    request: HttpRequest, template: str, draft: Contribution | None, form: Any, status: int = 0, **more: Any
) -> HttpResponse:
    campaign = more.pop("campaign", None) or draft.campaign  # type: ignore[union-attr]
    context = {"campaign": campaign, "draft": draft, "form": form, "here": "deposit"} | more
    return render(request, f"contributions/{template}", context, status=status or status_of(form))


def _what(request: HttpRequest, campaign: Campaign, draft: Contribution | None) -> HttpResponse:
    form = WhatForm(request.POST or None, initial=initial_of(draft) if draft else {"nature": "initiative"})
    status = 0
    if request.method == "POST" and form.is_valid():
        if draft is None and not deposit_limits.allowed(request, "draft"):
            status = TOO_MANY
            form.add_error(
                None, _("Beaucoup de contributions viennent de cet appareil. Rien n’est perdu : renvoyez dans une heure.")
            )
        else:
            try:
                if draft is None:
                    draft = acts.start_draft(campaign, by=request.user, now=request.now, **form.facts())
                else:
                    acts.keep_draft(draft, by=request.user, now=request.now, **form.facts())
            except Refused as refusal:
                say(form, refusal)
            else:
                drafts.remember(request, draft, reached=2)
                return redirect(step_url(campaign, "2"))
    if form.is_bound:
        form.clock_again()
    return _page(request, "deposit_what.html", draft, form, status, campaign=campaign, step=1, hints=_hints(request, draft))


def _hints(request: HttpRequest, draft: Contribution | None) -> dict[str, Any]:
    return hints_of(f"{draft.title}\n{draft.text}", request.user, draft) if draft else {}


def hints_of(text: str, reader: Any, draft: Contribution | None = None) -> dict[str, Any]:
    """What the page shows beside a text: the theme it seems to speak of, those that resemble it."""
    guesses = likeness.suggest_theme(text)
    return {"guess": guesses[0] if guesses else None, "near": likeness.similar(text, reader, but=draft), "asked": True}


def _where(request: HttpRequest, draft: Contribution) -> HttpResponse:
    campaign, back = draft.campaign, "revenir" in request.POST
    guesses = likeness.suggest_theme(f"{draft.title}\n{draft.text}")
    answered = drafts.reached(request, campaign) > 2  # noqa: PLR2004
    initial = initial_of(draft, chosen=answered)
    if draft.theme is None and not answered and guesses:
        initial["theme"] = guesses[0].theme.code
    form = WhereForm(request.POST or None, initial=initial, territories=campaign.territories.all())
    if request.method == "POST" and (form.is_valid() or back):
        acts.keep_draft(draft, by=request.user, now=request.now, **form.facts())
        if back:
            return redirect(step_url(campaign, "1"))
        drafts.remember(request, draft, reached=3)
        near = likeness.similar(f"{draft.title}\n{draft.text}", request.user, but=draft)
        return redirect(step_url(campaign, "proches" if near else "3"))
    return _page(request, "deposit_where.html", draft, form, step=2, guess=guesses[0] if guesses else None)


def _near(request: HttpRequest, draft: Contribution) -> HttpResponse:
    """Before sending: somebody may have said it already."""
    rows = likeness.similar(f"{draft.title}\n{draft.text}", request.user, but=draft)
    if not rows:
        return redirect(step_url(draft.campaign, "3"))
    context = {"campaign": draft.campaign, "draft": draft, "near": rows, "step": 2, "here": "deposit"}
    return render(request, "contributions/deposit_near.html", context)


def _who(request: HttpRequest, draft: Contribution) -> HttpResponse:
    campaign = draft.campaign
    is_known = bool(getattr(request.user, "is_partner", False))
    options = {"organisations": organisations_of(request.user), "is_known": is_known, "initial": _initial_who(request, draft)}
    if request.method != "POST":
        return _who_page(request, draft, WhoForm(**options))
    form = WhoForm(request.POST, request.FILES, **options)
    is_valid = form.is_valid()
    _take_files(request, draft, form)
    acts.keep_draft(draft, by=request.user, now=request.now, **form.facts())
    if "revenir" in request.POST:
        return redirect(step_url(campaign, "2"))
    if "retirer" in request.POST or "joindre" in request.POST:
        return redirect(step_url(campaign, "3") + "#fichiers") if "files" not in form.errors else _who_page(request, draft, form)
    if not is_valid or form.errors:
        form.clock_again()
        return _who_page(request, draft, form)
    return _finish(request, draft, form)


def _initial_who(request: HttpRequest, draft: Contribution) -> dict[str, Any]:
    """A signed-in person finds their name and their first organisation."""
    initial, person = initial_of(draft), request.user
    own = organisations_of(person)
    if not initial["who"]:
        initial |= {"who": "organisation", "naming": Naming.ORGANISATION}
        if own:
            initial["organisation"] = own[0].pk
        if person.is_authenticated:
            initial |= {"author_name": person.name, "author_email": person.email}
    return initial


def _who_page(request: HttpRequest, draft: Contribution, form: WhoForm, status: int = 0) -> HttpResponse:
    files = list(draft.attachments.all())
    needs_code = acts.needs_code(draft, request.user)
    context = {"step": 3, "files": files, "may_attach": len(files) < MOST_FILES, "needs_code": needs_code}
    return _page(request, "deposit_who.html", draft, form, status, **context)


def _take_files(request: HttpRequest, draft: Contribution, form: WhoForm) -> None:
    """Kept at once, whatever else is to be corrected: a browser does not send them twice."""
    gone = request.POST.get("retirer", "")
    for row in draft.attachments.all():
        if str(row.key) == gone:
            remove_file(draft, by=request.user, now=request.now, attachment=row)
    for file in form.cleaned_data.get("files", []):
        try:
            attach_file(draft, by=request.user, now=request.now, file=file)
        except Refused as refusal:
            form.add_error("files", f"{file.name} : {' '.join(map(str, refusal.reasons))}")


def _finish(request: HttpRequest, draft: Contribution, form: WhoForm) -> HttpResponse:
    """Sent at once by somebody who is known; else the code leaves."""
    campaign = draft.campaign
    try:
        if not acts.needs_code(draft, request.user):
            acts.send_draft(draft, by=request.user, now=request.now)
            return sent(request, draft)
        if not deposit_limits.allowed(request, "code", draft.author_email):
            form.add_error(None, _("Plusieurs codes sont déjà partis. Votre texte est gardé : reprenez dans une heure."))
            return _who_page(request, draft, form, TOO_MANY)
        acts.ask_code(draft, by=request.user, now=request.now)
    except Refused as refusal:
        say(form, refusal)
        return _who_page(request, draft, form, UNFIT)
    return redirect("contributions:deposit_code", slug=campaign.slug)


def sent(request: HttpRequest, draft: Contribution) -> HttpResponse:
    drafts.forget(request, draft.campaign)
    messages.success(request, _("Merci. Votre contribution est reçue ; gardez l’adresse de cette page pour la suivre."))
    return redirect("contributions:tracking", key=draft.key)


STEPS = {"2": _where, "proches": _near, "3": _who}


@require_POST
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """The visitor's own draft, erased."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    draft = drafts.current(request, campaign)
    if draft is not None:
        acts.discard_draft(draft, by=request.user, now=request.now)
        messages.success(request, _("Votre brouillon est effacé."))
    drafts.forget(request, campaign)
    return redirect("contributions:mine" if request.user.is_authenticated else "contributions:deposits")


@private
@require_POST
def hints(request: HttpRequest, slug: str) -> HttpResponse:
    """The aside, while one writes; a piece of page. Nothing is kept."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    if not deposit_limits.allowed(request, "hints"):
        return HttpResponse(status=TOO_MANY)
    text = f"{request.POST.get('title', '')[:200]}\n{request.POST.get('text', '')[: likeness.MOST_READ]}".replace("\x00", "")
    found = hints_of(text, request.user, drafts.current(request, campaign))
    return render(request, "contributions/_deposit_hints.html", {"campaign": campaign, "hints": found})


@require_GET
def communes(request: HttpRequest) -> HttpResponse:
    """What completes `q`, as the entries of a list of suggestions (a native datalist)."""
    rows = offered(request.GET.get("q", "")[:80].replace("\x00", ""))
    if request.headers.get("X-Requested-With") != "deposit":
        raise Http404  # entries for the script of the page: no page of its own
    return render(request, "contributions/_communes.html", {"communes": rows})
