"""The sign-up forms of allauth, made whole: all of it is written, or nothing is."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as StandardSignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.socialaccount.forms import SignupForm as StandardSocialSignupForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AllOrNothing:
    """In one transaction; the second of two identical requests is answered like an address that has an account."""

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[misc]
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])  # type: ignore[attr-defined]


class SignupForm(AllOrNothing, StandardSignupForm):
    """Address, declaration, and a password for those who want one (a code is mailed to the others)."""

    field_order = ("email", "name", "job", "declared_organisation", "declared_reason", "password1", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse électronique")
        self.fields["email"].help_text = _("Nous y envoyons un code pour vérifier qu’elle est à vous.")
        self.fields["email"].error_messages["required"] = _("Indiquez une adresse électronique.")
        if "password1" in self.fields:
            self.fields["password1"].label = _("Mot de passe")
            self.fields["password1"].help_text = _(
                "Sans mot de passe, un code vous est envoyé à chaque connexion. Douze caractères au moins."
            )


class SocialSignupForm(AllOrNothing, StandardSocialSignupForm):
    """The same declaration for someone whom ProConnect has identified."""

    field_order = ("email", "name", "job", "declared_organisation", "declared_reason", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse électronique")
        if self.initial.get("email"):
            # ProConnect vouches for this one and no other: it is changed later, with its own proof.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Donnée par ProConnect. Vous pourrez la changer dans votre compte.")
