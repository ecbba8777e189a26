"""Forms of the life of a chantier; the acts that its settings page offers, with the words that go with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Reason, Weather
from dialogue.people.stages import Circle
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.territories.stages import DateKind
from dialogue.ui.forms import ManyRowsField

#: No date of a chantier is before or after: catches slips of the keyboard.
YEARS = range(2000, 2101)


def sensible_day(day: date) -> None:
    """A validator of dates."""
    if day.year not in YEARS:
        raise ValidationError(_("Indiquez une date entre 2000 et 2100."))


def day_field(label: str | Promise, **options: Any) -> forms.DateField:
    wrong = {"invalid": _("Indiquez une date, par exemple 14/11/2017."), "required": _("Indiquez une date.")}
    return forms.DateField(label=label, validators=[sensible_day], error_messages=wrong, **options)


class DescriptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why this chantier, where, on what, for which result. Give it a copy of the chantier: cleaning writes on it."""

    class Meta:
        model = Chantier
        fields = [
            "title", "theme", "territories", "reason", "reason_text", "evidence_count", "council", "objective",
            "deliverable", "deliverable_due_on",
        ]
        field_classes = {"territories": ManyRowsField}
        widgets = {
            "territories": forms.CheckboxSelectMultiple,
            "reason": forms.RadioSelect,
            "reason_text": forms.Textarea(attrs={"rows": 4}),
            "objective": forms.Textarea(attrs={"rows": 3}),
            "deliverable": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": _("Court, en mots de tous les jours."),
            "reason_text": _("Ce que disent les contributions, ou ce que le projet change pour le territoire."),
            "council": _("Celui qui a décidé l’ouverture."),
        }
        error_messages = {
            "title": {"required": _("Donnez un titre au chantier.")},
            "theme": {"required": _("Choisissez un thème dans la liste.")},
            "territories": {"required": _("Choisissez au moins un territoire.")},
            "reason": {"required": _("Choisissez la raison de l’ouverture.")},
            "reason_text": {"required": _("Dites pourquoi ce chantier s’ouvre.")},
            "objective": {"required": _("Écrivez l’objectif, atteignable dans un temps court.")},
            "deliverable": {"required": _("Écrivez le livrable attendu, précisément.")},
        }

    def __init__(self, *args: Any, promises: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        councils = CalendarDate.objects.filter(kind=DateKind.COUNCIL).order_by("-starts_on")
        self.fields["council"].queryset = councils  # type: ignore[attr-defined]
        self.fields["council"].empty_label = _("Aucun, ou je ne sais pas")  # type: ignore[attr-defined]
        self.fields["theme"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        self.fields["theme"].empty_label = _("Choisir dans la liste")  # type: ignore[attr-defined]
        self.fields["territories"].queryset = Territory.objects.all()  # type: ignore[attr-defined]
        self.fields["reason"].choices = Reason.choices  # type: ignore[attr-defined]
        self.fields["deliverable_due_on"].validators.append(sensible_day)
        if not promises:
            for name in life.PROMISES:
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What the act takes."""
        facts = dict(self.cleaned_data)
        facts["reason"] = Reason(facts["reason"])
        facts["territories"] = list(facts["territories"])
        return facts


class ProposeForm(DescriptionForm):
    class Meta(DescriptionForm.Meta):
        fields = [*DescriptionForm.Meta.fields, "circle"]
        widgets = {**DescriptionForm.Meta.widgets, "circle": forms.RadioSelect}
        help_texts = {
            **DescriptionForm.Meta.help_texts,
            "circle": _(
                "La page du chantier : objectif, livrable, calendrier, organismes membres. Rien ne paraît avant l’ouverture."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(c.value, c.label) for c in (Circle.PUBLIC, Circle.PARTNERS)]
        self.fields["circle"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {**facts, "circle": Circle(facts["circle"])}


class WeatherForm(forms.Form):
    weather = forms.TypedChoiceField(
        label=_("La météo du chantier"),
        choices=Weather.choices,
        coerce=Weather,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une météo.")},
    )
    sentence = forms.CharField(
        label=_("En une phrase"),
        max_length=300,
        required=False,
        help_text=_("Obligatoire pour un avis de vent : de quelle aide avez-vous besoin ? Les partenaires la liront."),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("weather") == Weather.GALE and not (facts.get("sentence") or "").strip() and "sentence" not in self.errors:
            self.add_error("sentence", _("Avis de vent : dites en une phrase de quelle aide le chantier a besoin."))
        return facts


class NothingForm(forms.Form):
    """A confirmation asks for nothing else."""


class MotiveForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Le fait, la cause, la suite. Il sera lu par tous ceux qui lisent le chantier."),
        error_messages={"required": _("Écrivez le motif.")},
    )


class OpenedForm(forms.Form):
    opened_on = day_field(_("Ouvert le"))


class TabledForm(forms.Form):
    tabled_on = day_field(_("Transmises le"))


class PactForm(forms.Form):
    in_pact_on = day_field(_("Inscrit au pacte le"))


class NoFollowUpForm(forms.Form):
    no_follow_up_on = day_field(_("Sans suite depuis le"))
