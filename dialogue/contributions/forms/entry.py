"""What an agent types in for somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.contributions.forms.deposit import SubjectForm, WordsForm, without_nul
from dialogue.contributions.stages import Naming


class EnterForm(WordsForm, SubjectForm):
    """An agent, for somebody."""

    written_on = forms.DateField(
        label=gettext_lazy("Date du papier"),
        required=False,
        error_messages={"invalid": gettext_lazy("Indiquez une date, par exemple 14/11/2017.")},
    )
    organisation_name = forms.CharField(label=gettext_lazy("Organisme de l’auteur"), required=False, max_length=160)
    author_name = forms.CharField(label=gettext_lazy("Nom de l’auteur"), required=False, max_length=120)
    author_email = forms.CharField(
        label=gettext_lazy("Adresse électronique de l’auteur"),
        help_text=gettext_lazy("S’il en a donné une, il reçoit l’accusé de réception et la réponse."),
        required=False,
        max_length=254,
    )
    author_phone = forms.CharField(label=gettext_lazy("Téléphone de l’auteur"), required=False, max_length=30)
    naming = forms.ChoiceField(
        label=gettext_lazy("Sous quel nom ?"), choices=Naming.choices, initial=Naming.ANONYMOUS, required=False
    )
    may_publish = forms.BooleanField(label=gettext_lazy("L’auteur accepte la publication"), required=False)
    wants_news = forms.BooleanField(label=gettext_lazy("L’auteur veut être prévenu si un chantier s’ouvre"), required=False)

    field_order = (
        "nature", "title", "text", "territory", "commune", "commune_code", "theme", "second_theme", "audiences", "written_on",
        "organisation_name", "author_name", "author_email", "author_phone", "may_publish", "naming", "wants_news",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(without_nul(data), **options)
        self.today = today
        self.fields["nature"].required = False

    def clean_written_on(self) -> date | None:
        day: date | None = self.cleaned_data["written_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("La date du papier est passée, ou c’est celle d’aujourd’hui."))
        return day

    def clean_author_email(self) -> str:
        address = str(self.cleaned_data["author_email"])
        if address:
            try:
                validate_email(address)
            except forms.ValidationError:
                raise forms.ValidationError(_("Écrivez une adresse entière, comme nom@exemple.fr, ou laissez vide.")) from None
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        needed = {Naming.ORGANISATION: "organisation_name", Naming.NAME: "author_name"}.get(data.get("naming") or "")
        if needed and not data.get(needed, "").strip() and needed not in self.errors:
            self.add_error(needed, _("Écrivez le nom à afficher, ou choisissez « sans nom »."))
        data["naming"] = Naming(data.get("naming") or Naming.ANONYMOUS)
        return data
