"""Forms of the people room: what may be typed, and what to do when it is wrong."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.language.text import normalise
from dialogue.people import logos
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import AccountStage, Kind, Office, OrganisationStage

PHONE = re.compile(r"\+?[0-9][0-9 .\-()]{5,28}")
PHONE_DIGITS = range(6, 16)  # E.164 allows fifteen


class PhoneField(forms.CharField):
    """A telephone number as people write it: digits, spaces, dots, a leading plus."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(**{"max_length": 30, "required": False, "widget": widget} | options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        digits = sum(sign.isdigit() for sign in text)
        if text and (not PHONE.fullmatch(text) or digits not in PHONE_DIGITS):
            raise forms.ValidationError(_("Écrivez un numéro comme 05 56 00 00 00, ou laissez vide."))
        return text


class CommuneField(forms.CharField):
    """A commune by its name, accents and case aside, or by its INSEE code; cleaned to the row, or None."""

    def __init__(self, **options: Any) -> None:
        options = {
            "label": gettext_lazy("Commune"),
            "required": False,
            "max_length": 80,
            "help_text": gettext_lazy("Son nom, ou son code INSEE quand deux communes portent le même nom."),
        } | options
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        communes = _communes()
        if value and not isinstance(value, str):
            return str(value)
        found = communes.filter(pk=value).first() if value and re.fullmatch(r"\w{5}", value) else None
        return str(found) if found else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        by_code = _communes().filter(pk=text).first()
        if by_code is not None:
            return by_code
        wanted = normalise(text)
        found = [row for row in _communes().only("pk", "name") if normalise(row.name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("Plusieurs communes portent ce nom : écrivez le code INSEE."))
        raise forms.ValidationError(_("Écrivez le nom d’une commune du département, ou laissez vide."))


def _communes() -> Any:
    """The table of the room above, through the foreign key that names it (docs/adr/0003)."""
    return Organisation._meta.get_field("commune").related_model._default_manager.all()


class AccountForm(forms.ModelForm):
    """One's own details."""

    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Écrivez votre prénom et votre nom.")},
    )
    phone = PhoneField(
        label=gettext_lazy("Téléphone"),
        help_text=gettext_lazy("Montré aux membres de vos chantiers si vous cochez la case plus bas."),
    )

    class Meta:
        model = Person
        fields = ("name", "job", "phone", "language", "share_contact")
        widgets = {"job": forms.TextInput(attrs={"autocomplete": "organization-title"})}


class CloseForm(forms.Form):
    """A word to type: nobody closes an account by mistake."""

    WORD = gettext_lazy("FERMER")

    confirmation = forms.CharField(
        label=gettext_lazy("Pour confirmer, écrivez FERMER"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Écrivez FERMER pour confirmer.")},
    )

    def clean_confirmation(self) -> str:
        typed = self.cleaned_data["confirmation"]
        if normalise(typed) not in {normalise(str(self.WORD)), "fermer"}:
            raise forms.ValidationError(_("Écrivez FERMER pour confirmer."))
        return typed


class OrganisationForm(forms.ModelForm):
    """What is said of an organisation. `reader`: once validated, only the coordination renames it."""

    commune = CommuneField()
    contact_phone = PhoneField(label=gettext_lazy("Téléphone du service"))
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG ou WebP, 500 ko au plus."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Retirer le logo actuel"), required=False)

    class Meta:
        model = Organisation
        fields = ("name", "kind", "commune", "website", "contact_email", "contact_phone")
        error_messages = {
            "name": {"required": gettext_lazy("Écrivez le nom de l’organisme.")},
            "kind": {"required": gettext_lazy("Choisissez la nature de l’organisme dans la liste.")},
            "website": {"invalid": gettext_lazy("Écrivez une adresse comme https://www.exemple.fr, ou laissez vide.")},
        }

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].assume_scheme = "https"
        named = self.instance.pk and self.instance.stage == OrganisationStage.VALIDATED
        if named and not reader.is_coordination:
            del self.fields["name"], self.fields["kind"]
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_website(self) -> str:
        address = self.cleaned_data["website"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Écrivez une adresse comme https://www.exemple.fr, ou laissez vide."))
        return address

    def clean_logo(self) -> Any:
        upload = self.cleaned_data["logo"]
        if upload:
            logos.check(upload)
        return upload

    def validate_unique(self) -> None:
        """The act says it, with what to do (a double may appear between this check and the writing)."""

    def validate_constraints(self) -> None:
        """See `validate_unique`."""

    @property
    def facts(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key not in {"title", "speaks"}}


class ProposalForm(OrganisationForm):
    """An organisation that is not in the list yet, and what the person is in it."""

    title = forms.CharField(label=gettext_lazy("Votre fonction dans cet organisme"), max_length=120, required=False)
    field_order = ("name", "kind", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["logo"]


class ValidationForm(forms.Form):
    """The coordination's yes: for whom the person speaks, and whether they hold a charge."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisme représenté"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("Aucun, ou un nouvel organisme ci-dessous"),
        error_messages={"invalid_choice": gettext_lazy("Choisissez un organisme dans la liste.")},
    )
    new_name = forms.CharField(
        label=gettext_lazy("Nouvel organisme"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Seulement s’il n’est pas dans la liste : il y entre avec ce compte."),
    )
    new_kind = forms.ChoiceField(
        label=gettext_lazy("Nature du nouvel organisme"), choices=[("", "—"), *Kind.choices], required=False
    )
    title = forms.CharField(label=gettext_lazy("Fonction dans l’organisme"), max_length=120, required=False)
    office = forms.ChoiceField(label=gettext_lazy("Charge"), choices=Office.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.standing().only("name", "kind", "stage")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("organisation") and data.get("new_name"):
            self.add_error("new_name", _("Choisissez un organisme dans la liste, ou écrivez-en un nouveau, pas les deux."))
        if data.get("new_name") and not data.get("new_kind"):
            self.add_error("new_kind", _("Choisissez la nature du nouvel organisme."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        new = {"name": data["new_name"], "kind": data["new_kind"]} if data["new_name"] else None
        return {
            "organisation": data["organisation"],
            "new_organisation": new,
            "title": data["title"],
            "office": Office(data["office"]),
        }


class RefusalForm(forms.Form):
    motive = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        max_length=2000,
        help_text=gettext_lazy("La personne reçoit ce texte."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Dites pourquoi : la personne reçoit ce motif.")},
    )


class OfficeForm(forms.Form):
    office = forms.ChoiceField(label=gettext_lazy("Charge"), choices=Office.choices, required=False)


class MandateForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisme"),
        queryset=Organisation.objects.none(),
        error_messages={"required": gettext_lazy("Choisissez un organisme dans la liste.")},
    )
    title = forms.CharField(label=gettext_lazy("Fonction dans l’organisme"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.standing().only("name", "kind", "stage")


class MergeForm(forms.Form):
    """Into which organisation this one goes."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Organisme à garder"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choisir dans la liste"),
        error_messages={
            "required": gettext_lazy("Choisissez l’organisme à garder."),
            "invalid_choice": gettext_lazy("Choisissez un organisme dans la liste."),
        },
    )

    def __init__(self, *args: Any, source: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Organisation.objects.validated().exclude(pk=source.pk).only("name", "kind", "stage")


class AccountFilter(forms.Form):
    """Filters of the list of accounts, in the address of the page."""

    q = forms.CharField(label=gettext_lazy("Chercher"), max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    etat = forms.ChoiceField(
        label=gettext_lazy("État"), choices=[("", gettext_lazy("Tous")), *AccountStage.choices], required=False
    )
    charge = forms.ChoiceField(
        label=gettext_lazy("Charge"),
        choices=[("", gettext_lazy("Toutes")), *((value, label) for value, label in Office.choices if value)],
        required=False,
    )


class OrganisationFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Chercher"), max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    nature = forms.ChoiceField(label=gettext_lazy("Nature"), choices=[("", gettext_lazy("Toutes")), *Kind.choices], required=False)


class PilotOrganisationFilter(OrganisationFilter):
    etat = forms.ChoiceField(
        label=gettext_lazy("État"), choices=[("", gettext_lazy("Tous")), *OrganisationStage.choices], required=False
    )
