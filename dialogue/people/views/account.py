"""One's own account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dialogue.ledger.acts import Refused
from dialogue.mailer.models import Suspension
from dialogue.people import acts, exports
from dialogue.people.adapters import speak
from dialogue.people.forms import AccountForm, CloseForm
from dialogue.people.models import Mandate


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Who one is here, and every door to one's settings."""
    person = request.user
    form = AccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        person.refresh_from_db()
        try:
            acts.change_account(person, by=person, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            with override(person.language):
                messages.success(request, _("Votre compte est à jour."))
            response = redirect("people:account")
            speak(response, person.language)
            return response
    return render(request, "people/account.html", _account_context(request, form), status=422 if form.errors else 200)


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """After the sign-up: what happens now, and what can already be done."""
    if request.user.is_partner:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "people/waiting.html")


@login_required
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    acts.renew_calendar_key(request.user, by=request.user, now=request.now)
    messages.success(request, _("Votre calendrier a une nouvelle adresse. L’ancienne ne répond plus."))
    return redirect("people:account")


@login_required
@require_POST
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about oneself, as a ZIP of JSON and CSV."""
    response = HttpResponse(exports.archive_of(request.user), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.zip"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required
def close(request: HttpRequest) -> HttpResponse:
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.close_account(request.user, by=request.user, now=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            logout(request)
            messages.success(request, _("Votre compte est fermé. Merci d’avoir participé."))
            return redirect("/")
    context = {
        "title": _("Fermer mon compte ?"),
        "consequence": _(
            "Votre nom, vos coordonnées et vos moyens de connexion sont effacés tout de suite et pour toujours. Vous ne "
            "représentez plus votre organisme et vous quittez vos chantiers. Ce que vous y avez fait reste, sans votre nom."
        ),
        "button": _("Fermer mon compte"),
        "back_url": reverse("people:account"),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


def _account_context(request: HttpRequest, form: AccountForm) -> dict[str, object]:
    person = request.user
    return {
        "form": form,
        "mandates": Mandate.objects.visible_to(person).filter(person=person).select_related("organisation"),
        "address": EmailAddress.objects.filter(user=person, primary=True).first(),
        "factors": set(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
        "suspended": Suspension.objects.visible_to(person).filter(address=person.email.lower()).first(),
        "calendar_url": _calendar_url(person.calendar_key),
    }


def _calendar_url(key: str) -> str:
    """The door is the portal's, a room above: named, not imported; empty when it is not there."""
    try:
        return settings.BASE_URL + reverse("portal:personal_ics", args=[key])
    except NoReverseMatch:
        return ""
