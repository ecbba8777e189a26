"""The sign-up form of allauth, made whole: all of it is written, or nothing is."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as StandardSignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignupForm(StandardSignupForm):
    """Address, declaration, and a password for those who want one (a code is mailed to the others)."""

    field_order = ("email", "name", "job", "declared_organisation", "declared_reason", "password1", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse électronique")
        self.fields["email"].help_text = _("Nous y envoyons un code pour vérifier qu’elle est à vous.")
        if "password1" in self.fields:
            self.fields["password1"].label = _("Mot de passe")
            self.fields["password1"].help_text = _(
                "Facultatif : sans mot de passe, un code vous est envoyé à chaque connexion. Douze caractères au moins."
            )

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """As allauth's, in one transaction; the second of two identical requests is answered like an existing address."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])
