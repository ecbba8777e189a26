"""The six digits that prove an address: of a depositor, of a supporter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dialogue.contributions import deposit_limits, drafts
from dialogue.contributions.acts import deposit as acts
from dialogue.contributions.acts import support as support_acts
from dialogue.contributions.forms.deposit import CodeForm, SupportForm
from dialogue.contributions.models import AddressProof, Campaign, Contribution
from dialogue.contributions.views.deposit import sent, step_url
from dialogue.contributions.views.doors import TOO_MANY, UNFIT, organisations_of, private, say, status_of
from dialogue.ledger.acts import Refused


@private
@require_http_methods(["GET", "POST"])
def deposit_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft becomes a contribution once its author's address is proven, not before."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    draft = drafts.current(request, campaign)
    if draft is None or not draft.author_email:
        return redirect(step_url(campaign, "1" if draft is None else "3"))

    def again() -> None:
        acts.ask_code(draft, by=request.user, now=request.now)

    def proven() -> HttpResponse:
        draft.refresh_from_db()
        acts.send_draft(draft, by=request.user, now=request.now)
        return sent(request, draft)

    return _asked(
        request,
        AddressProof.objects.filter(contribution=draft).select_related("contribution", "support").first(),
        again=again,
        proven=proven,
        is_proven=not acts.needs_code(draft, request.user),
        context={
            "campaign": campaign,
            "email": draft.author_email,
            "back_url": step_url(campaign, "3"),
            "step": 3,
            "what": draft,
        },
    )


@private
@require_http_methods(["GET", "POST"])
def support(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody else said it well: one signs rather than writing again."""
    contribution = get_object_or_404(Contribution.objects.published_to(request.user).for_list(), number=number)
    given = drafts.support_of(request, contribution)
    if given is not None and given.confirmed_at and request.method == "GET":
        waiting = drafts.any_draft(request)
        return render(
            request, "contributions/support_done.html", {"contribution": contribution, "support": given, "draft": waiting}
        )
    is_known = bool(getattr(request.user, "is_partner", False))
    form = SupportForm(request.POST or None, organisations=organisations_of(request.user), is_known=is_known)
    status = 0
    if request.method == "POST" and form.is_valid():
        if not deposit_limits.allowed(request, "code", form.cleaned_data.get("author_email", "")):
            status = TOO_MANY
            form.add_error(None, _("Plusieurs codes sont déjà partis. Rien n’est perdu : renvoyez dans une heure."))
        else:
            try:
                row = support_acts.support(contribution, by=request.user, now=request.now, **form.facts())
            except Refused as refusal:
                say(form, refusal)
            else:
                drafts.remember_support(request, row)
                return redirect("contributions:support" if is_known else "contributions:support_code", number=number)
    if form.is_bound:
        form.clock_again()
    context = {"contribution": contribution, "form": form, "is_known": is_known, "draft": drafts.any_draft(request)}
    return render(request, "contributions/support.html", context, status=status or status_of(form))


@private
@require_http_methods(["GET", "POST"])
def support_code(request: HttpRequest, number: int) -> HttpResponse:
    contribution = get_object_or_404(Contribution.objects.published_to(request.user).for_list(), number=number)
    given = drafts.support_of(request, contribution)
    if given is None:
        return redirect("contributions:support", number=number)

    def again() -> None:
        support_acts.ask_support_code(given, by=request.user, now=request.now)

    return _asked(
        request,
        AddressProof.objects.filter(support=given).select_related("contribution", "support__contribution").first(),
        again=again,
        proven=lambda: redirect("contributions:support", number=number),
        is_proven=False,
        context={
            "contribution": contribution,
            "email": given.author_email,
            "back_url": reverse("contributions:support", args=[number]),
            "what": contribution,
        },
    )


def _asked(
    request: HttpRequest,
    proof: AddressProof | None,
    *,
    again: Callable[[], None],
    proven: Callable[[], HttpResponse],
    is_proven: bool,
    context: dict[str, Any],
) -> HttpResponse:
    """The page of the code: typed, sent again, or refused with what to do."""
    form, status = CodeForm(), 0
    if request.method == "POST":
        try:
            if "renvoyer" in request.POST:
                if deposit_limits.allowed(request, "code", context["email"]):
                    again()
                    messages.success(request, _("Un nouveau code est parti. Le précédent ne sert plus."))
                    return redirect(request.path)
                messages.error(request, _("Plusieurs codes sont déjà partis : attendez une heure avant d’en demander un autre."))
                return redirect(request.path)
            form, status = CodeForm(request.POST), UNFIT
            if is_proven or _right(request, form, proof, context["email"]):
                return proven()
        except Refused as refusal:
            say(form, refusal)
    context |= {"form": form, "minutes": acts.CODE_MINUTES}
    return render(request, "contributions/deposit_code.html", context, status=status or status_of(form))


def _right(request: HttpRequest, form: CodeForm, proof: AddressProof | None, email: str) -> bool:
    if not form.is_valid():
        return False
    if not deposit_limits.allowed(request, "try", email):
        form.add_error("code", _("Trop d’essais. Attendez une heure, puis demandez un nouveau code."))
        return False
    if proof is not None and acts.try_code(proof, by=request.user, now=request.now, code=form.cleaned_data["code"]):
        return True
    form.add_error("code", _why(proof))
    return False


def _why(proof: AddressProof | None) -> str:
    """What was wrong with the code, and what to do."""
    row = AddressProof.objects.filter(pk=proof.pk).first() if proof else None
    if row is None or row.expires_at <= timezone.now():
        return _("Ce code ne sert plus : demandez-en un nouveau.")
    left = acts.MOST_TRIES - row.tries
    if left <= 0:
        return _("Cinq essais ont été faits : demandez un nouveau code.")
    sentence = ngettext(
        "Ce n’est pas le bon code : vérifiez le courriel. Il reste %(n)d essai.",
        "Ce n’est pas le bon code : vérifiez le courriel. Il reste %(n)d essais.",
        left,
    )
    return sentence % {"n": left}
