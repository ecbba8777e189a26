"""Forms of the date poll."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import sensible_day
from dialogue.meetings.models import PollOption
from dialogue.meetings.stages import Available

LINES = 6


class OptionForm(forms.Form):
    day = forms.DateField(
        label=_("Date"),
        required=False,
        validators=[sensible_day],
        error_messages={"invalid": _("Indiquez une date, par exemple 14/11/2017.")},
    )
    starts = forms.TimeField(
        label=_("De"), required=False, error_messages={"invalid": _("Indiquez une heure, par exemple 14:30.")}
    )
    ends = forms.TimeField(label=_("À"), required=False, error_messages={"invalid": _("Indiquez une heure, par exemple 16:30.")})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(name) for name in ("day", "starts", "ends")]
        if any(given) and not all(given) and not self.errors:
            self.add_error("day", _("Indiquez la date, l’heure de début et l’heure de fin."))
        if all(given) and data["ends"] <= data["starts"]:
            self.add_error("ends", _("La fin vient après le début."))
        return data

    def moments(self) -> tuple[datetime, datetime] | None:
        data = self.cleaned_data
        if not data.get("day"):
            return None
        return tuple(timezone.make_aware(datetime.combine(data["day"], data[name])) for name in ("starts", "ends"))  # type: ignore[return-value]


OptionsFormSet = forms.formset_factory(OptionForm, extra=LINES, max_num=12)


class PollForm(forms.Form):
    deadline = forms.DateField(
        label=_("Réponse attendue au plus tard le"),
        validators=[sensible_day],
        error_messages={"required": _("Indiquez une date."), "invalid": _("Indiquez une date, par exemple 14/11/2017.")},
    )
    message = forms.CharField(label=_("Message"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    emails = forms.CharField(
        label=_("Autres personnes à interroger"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Adresses électroniques, séparées par des virgules ou des retours à la ligne. Elles répondent sans compte."),
    )

    def clean_emails(self) -> list[str]:
        return addresses(self.cleaned_data["emails"])

    def facts(self) -> dict[str, Any]:
        day = self.cleaned_data["deadline"]
        end = timezone.make_aware(datetime.combine(day, datetime.max.time().replace(microsecond=0)))
        return {"deadline": end, "message": self.cleaned_data["message"], "emails": self.cleaned_data["emails"]}


def addresses(text: str) -> list[str]:
    """The addresses of a list; raises ValidationError for the first that is none."""
    found = [part.strip() for part in text.replace(",", "\n").replace(";", "\n").split("\n") if part.strip()]
    for each in found:
        try:
            validate_email(each)
        except forms.ValidationError:
            raise forms.ValidationError(
                _("« %(address)s » n’est pas une adresse électronique."), params={"address": each[:80]}
            ) from None
    return found


class InviteForm(forms.Form):
    emails = forms.CharField(label=_("Autres personnes à interroger"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_emails(self) -> list[str]:
        return addresses(self.cleaned_data["emails"])


class PollAnswerForm(forms.Form):
    """One choice for each date."""

    def __init__(self, *args: Any, options: list[PollOption], labels: dict[int, str], needs_name: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.options = options
        if needs_name:
            self.fields["name"] = forms.CharField(
                label=_("Votre nom"),
                max_length=200,
                error_messages={"required": _("Indiquez votre nom : le groupe saura qui a répondu.")},
            )
        for option in options:
            self.fields[f"option-{option.pk}"] = forms.TypedChoiceField(
                coerce=Available,
                label=labels[option.pk],
                choices=Available.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Répondez pour cette date.")},
            )
        self.fields["comment"] = forms.CharField(label=_("Remarque"), max_length=500, required=False)

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {option.pk: data[f"option-{option.pk}"] for option in self.options}
        return {"answers": answers, "comment": data["comment"], "name": data.get("name", "")}
