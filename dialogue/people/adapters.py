"""What allauth asks of us: our letters, our redirections, our language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.ledger import clock
from dialogue.people import acts, letters, second_factor
from dialogue.people.models import Person
from dialogue.people.proconnect.logout import keep_id_token, logout_address
from dialogue.people.stages import AccountStage

#: allauth's template → (our template, subject). What is not listed is a notice: "people/mail/security_notice".
CODES: dict[str, tuple[str, Callable[[], str]]] = {
    "account/email/login_code": ("people/mail/code", lambda: _("Votre code de connexion")),
    "account/email/password_reset_code": ("people/mail/code", lambda: _("Votre code pour changer de mot de passe")),
    "account/email/email_confirmation": ("people/mail/code", lambda: _("Votre code de vérification")),
    "account/email/email_confirmation_signup": ("people/mail/code", lambda: _("Votre code pour ouvrir un compte")),
    "account/email/account_already_exists": ("people/mail/already_here", lambda: _("Vous avez déjà un compte")),
    "account/email/unknown_account": ("people/mail/unknown", lambda: _("Aucun compte à cette adresse")),
}
NOTICES = {
    "password_changed": gettext_lazy("Le mot de passe de votre compte a été changé."),
    "password_set": gettext_lazy("Un mot de passe a été ajouté à votre compte."),
    "password_reset": gettext_lazy("Le mot de passe de votre compte a été remplacé."),
    "email_changed": gettext_lazy("L’adresse électronique de votre compte a été changée."),
    "email_deleted": gettext_lazy("Une adresse électronique a été retirée de votre compte."),
    "email_confirm": gettext_lazy("L’adresse électronique de votre compte a été vérifiée."),
    "totp_activated": gettext_lazy("Une application d’authentification a été ajoutée à votre compte."),
    "totp_deactivated": gettext_lazy("L’application d’authentification a été retirée de votre compte."),
    "webauthn_added": gettext_lazy("Une clé d’accès a été ajoutée à votre compte."),
    "webauthn_removed": gettext_lazy("Une clé d’accès a été retirée de votre compte."),
    "recovery_codes_generated": gettext_lazy("De nouveaux codes de secours ont été créés pour votre compte."),
    "account_connected": gettext_lazy("Une connexion par ProConnect a été ajoutée à votre compte."),
    "account_disconnected": gettext_lazy("La connexion par ProConnect a été retirée de votre compte."),
}
#: What a template of a code or a notice may need; the rest of allauth's context (request, site…) stays here.
PASSED_ON = ("code", "ip", "user_agent", "timestamp")
STATE_LENGTH = 48


class AccountAdapter(DefaultAccountAdapter):
    """Letters go through our outbox; a proven address brings the request to the coordination; a language follows."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kept = {key: context[key] for key in PASSED_ON if key in context}
        kept |= {"minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60}
        # The codes of an unproven address go to that address, not to the person's own.
        person = Person.objects.active().filter(email__iexact=email).first()
        to: Person | str = person if person is not None and person.can_receive_mail else email
        if template_prefix in CODES:
            template, subject = CODES[template_prefix]
            kept |= {"subject": subject(), "login_url": letters.absolute("account_login"), "signup_url": letters.absolute("account_signup")}
        else:
            template, subject = "people/mail/security_notice", lambda: _("La sécurité de votre compte")
            kept |= {"what": NOTICES.get(template_prefix.rpartition("/")[2], ""), "url": letters.absolute("people:account")}
        with transaction.atomic():
            letters.security(to, template, kept, subject, now=_moment())

    def send_notification_mail(self, template_prefix: str, user: Person, *args: Any, **kwargs: Any) -> None:
        """allauth calls this whenever a factor comes or goes: the session then knows it too."""
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        if template_prefix.startswith("mfa/"):
            second_factor.note(self.request, user)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """The address is proven by now: a newcomer's request goes to the coordination, once.

        Pages speak the person's language from this moment on.
        """
        if user.stage == AccountStage.PENDING and user.asked_at is None:
            acts.ask_validation(user, by=user, now=_moment())
        second_factor.note(request, user)
        response = super().post_login(request, user, **kwargs)
        if sociallogin := (kwargs.get("signal_kwargs") or {}).get("sociallogin"):
            keep_id_token(request, sociallogin)
        speak(response, user.language)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Out of ProConnect too, when the person came in by it."""
        return logout_address(request) or super().get_logout_redirect_url(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """People who come by ProConnect declare themselves like the others: who they are for us is not the provider's to say."""

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """ProConnect refuses a state of fewer than 32 characters."""
        return get_random_string(STATE_LENGTH)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never without a form: an organisation, a reason and a consent are missing."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        person = super().populate_user(request, sociallogin, data)
        person.name = " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))[:120]
        return person

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return super().get_signup_form_initial_data(sociallogin) | {"name": sociallogin.user.name}

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        with transaction.atomic():
            return super().save_user(request, sociallogin, form)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("people:account")


def speak(response: HttpResponse, language: str) -> None:
    """Keep the language in the cookie that Django's own middleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _moment() -> Any:
    request = allauth_context.request
    return getattr(request, "now", None) or clock.now()
