"""The form of a campaign, and the day until which one is opened again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.contributions.models import Campaign
from dialogue.people.stages import Circle
from dialogue.territories.models import Territory
from dialogue.ui.forms import ManyRowsField

MOST_DAYS = 365
_DATE = {"invalid": gettext_lazy("Indiquez une date, par exemple 14/11/2017.")}


class CampaignForm(forms.ModelForm):
    territories = ManyRowsField(
        Territory.objects.all(),
        label=gettext_lazy("Territoires"),
        help_text=gettext_lazy("Aucun coché : tous les territoires."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Campaign
        fields = (
            "title", "introduction", "question", "opens_on", "closes_on", "territories", "circle", "moderate_first", "read_within_days",
            "answer_within_days",
        )  # fmt: skip
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4}), "circle": forms.RadioSelect}
        error_messages = {
            "title": {"required": gettext_lazy("Donnez un titre à la campagne.")},
            "opens_on": {"required": gettext_lazy("Indiquez le premier jour.")} | _DATE,
            "closes_on": _DATE,
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["circle"].choices = [(Circle.PUBLIC, _("tout le monde")), (Circle.PARTNERS, _("les partenaires"))]
        self.fields["moderate_first"].help_text = _("Décoché : une contribution paraît dès qu’elle est reçue.")
        for name in ("read_within_days", "answer_within_days"):
            self.fields[name].max_value = MOST_DAYS
            self.fields[name].widget.attrs |= {"min": 1, "max": MOST_DAYS}

    def _days(self, name: str) -> int:
        days: int = self.cleaned_data[name]
        if not 1 <= days <= MOST_DAYS:
            raise forms.ValidationError(_("Indiquez un nombre de jours entre 1 et 365."))
        return days

    def clean_read_within_days(self) -> int:
        return self._days("read_within_days")

    def clean_answer_within_days(self) -> int:
        return self._days("answer_within_days")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("opens_on") and data.get("closes_on") and data["closes_on"] < data["opens_on"]:
            self.add_error("closes_on", _("Le dernier jour vient après le premier."))
        return data

    def _post_clean(self) -> None:
        """The instance is the act's to write: nothing is copied onto it here."""


class ReopenForm(forms.Form):
    closes_on = forms.DateField(
        label=gettext_lazy("Nouveau dernier jour"),
        help_text=gettext_lazy("Vide : sans fin."),
        required=False,
        error_messages=_DATE,
    )
