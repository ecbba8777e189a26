"""What a newcomer declares, whichever way they come in (allauth: SIGNUP_FORM_CLASS; it must import none of its forms)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Declaration(forms.Form):
    """The fields that our sign-up adds to the address and the password."""

    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Écrivez votre prénom et votre nom.")},
    )
    job = forms.CharField(
        label=_("Fonction"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    declared_organisation = forms.CharField(
        label=_("Organisme"),
        max_length=160,
        help_text=_("La commune, l’association, le service ou l’entreprise pour qui vous parlez."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Écrivez le nom de votre organisme.")},
    )
    declared_reason = forms.CharField(
        label=_("Pourquoi souhaitez-vous un compte ?"),
        max_length=2000,
        help_text=_("Une phrase suffit. L’équipe de coordination la lit pour valider votre compte."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites en une phrase pourquoi vous souhaitez un compte.")},
    )
    consent = forms.BooleanField(
        label=_("J’ai lu la page « Données personnelles » et j’accepte que ces informations servent à gérer mon compte"),
        error_messages={"required": _("Cochez cette case pour créer un compte.")},
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth once the row of the person exists, in the same transaction (see `signup_forms`)."""
        from dialogue.people import acts

        data = self.cleaned_data
        acts.declare_oneself(
            user,
            by=user,
            now=request.now,
            name=data["name"],
            job=data["job"],
            organisation=data["declared_organisation"],
            reason=data["declared_reason"],
            language=get_language() or "fr",
            consented=True,
        )
