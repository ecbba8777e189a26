"""Forms of the year ahead: closing one, opening the next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.ui.forms import ManyRowsField

FIRST, LAST = 2000, 2100


def _day(label: Any, **options: Any) -> forms.DateField:
    wrong = {"invalid": _("Indiquez une date, par exemple 14/11/2017."), "required": _("Indiquez une date.")}
    return forms.DateField(label=label, error_messages=wrong, **options)


class CloseForm(forms.Form):
    word = forms.CharField(
        label=_("Le mot de l’année"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("En tête de la page de l’année, que tout le monde lira : ce qui a été fait, ce qui reste."),
    )
    carried = ManyRowsField(
        Chantier.objects.none(),
        label=_("Chantiers qui se poursuivent l’an prochain"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _("Choisissez des chantiers de la liste.")),
        help_text=_("Un chantier évalué que vous ne cochez pas est archivé : plus rien n’y change, tout s’y lit encore."),
    )

    def __init__(self, *args: Any, living: list[Chantier], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["carried"]
        field.queryset = Chantier.objects.filter(pk__in=[row.pk for row in living]).order_by("number")  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.number}. {row.title} ({row.shown_state.label})"  # type: ignore[attr-defined]


class OpenForm(forms.Form):
    year = forms.IntegerField(
        label=_("Année"),
        min_value=FIRST,
        max_value=LAST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Indiquez une année, par exemple 2018.")
        ),
    )
    starts_on = _day(_("Premier jour"))
    ends_on = _day(_("Dernier jour"))
    first_series = forms.IntegerField(
        label=_("Numéro de la première série de conseils de territoire"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("Laissez vide pour n’inscrire aucun conseil."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Indiquez un nombre, de 1 à 999.")),
    )
    first_month = _day(
        _("Mois de cette série"), required=False, help_text=_("Un jour quelconque de ce mois : seul le mois est annoncé.")
    )
    second_month = _day(_("Mois de la série suivante"), required=False)
    conference_on = _day(_("Mois de la conférence départementale"), required=False)
    campaign_title = forms.CharField(label=_("Titre de la campagne de contributions"), max_length=120, required=False)
    campaign_opens_on = _day(_("Ouverture de la campagne"), required=False)
    campaign_closes_on = _day(_("Clôture de la campagne"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        needed = [
            ("first_series", "first_month", _("Dites en quel mois se tient cette série de conseils.")),
            ("second_month", "first_series", _("Dites d’abord le numéro de la première série.")),
            ("campaign_title", "campaign_opens_on", _("Dites quel jour s’ouvre la campagne.")),
            ("campaign_opens_on", "campaign_title", _("Donnez un titre à la campagne.")),
        ]
        for given, wanted, sentence in needed:
            if data.get(given) and not data.get(wanted) and wanted not in self.errors:
                self.add_error(wanted, sentence)
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("Le dernier jour vient après le premier."))
        return data

    def facts(self) -> dict[str, Any]:
        """What `open_year` takes."""
        data = self.cleaned_data
        months = [month for month in (data["first_month"], data["second_month"]) if month and data["first_series"]]
        campaign = {
            "title": data["campaign_title"],
            "opens_on": data["campaign_opens_on"],
            "closes_on": data["campaign_closes_on"],
        }
        return {
            "year": data["year"],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "councils": [(data["first_series"] + n, month) for n, month in enumerate(months)],
            "conference_on": data["conference_on"],
            "campaign": campaign if data["campaign_title"] else None,
        }


def next_year(last: Any, series: int, today: date) -> dict[str, Any]:
    """What is most likely: the year after the last one, its two series of councils, its conference."""
    year = (last.year if last else today.year - 1) + 1
    first = max(date(year, 1, 1), last.ends_on + timedelta(days=1)) if last else date(year, 1, 1)
    return {
        "year": year,
        "starts_on": first,
        "ends_on": date(year, 12, 31),
        "first_series": series + 1,
        "first_month": date(year, 4, 1),
        "second_month": date(year, 11, 1),
    }
