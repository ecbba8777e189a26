"""What is typed of a yearly update: its year, its texts, its adoption."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Resolution
from dialogue.pacts.models import EditionLine, Pact, PactEdition
from dialogue.pacts.models.action import FIRST_YEAR, LAST_YEAR

#: Days before the end of a year from which the update proposed is that of the next one.
NEXT_YEAR_FROM = 10


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Année du pacte actualisé"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


def proposed_year(today: date) -> int:
    """In autumn the next year's pact is prepared, with the budget (the guide: December)."""
    return today.year + 1 if today.month >= NEXT_YEAR_FROM else today.year


class PactForm(forms.ModelForm):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = Pact
        fields = ["introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision

    def _post_clean(self) -> None:
        """The instance stays as it stands: the act writes."""


class EditionForm(forms.ModelForm):
    """The texts of a draft, and one note for each of its actions (`note_<number>`)."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    class Meta:
        model = PactEdition
        fields = ["introduction", "report", "change_note"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 8}), "report": forms.Textarea(attrs={"rows": 16})}

    def __init__(self, *args: Any, lines: list[EditionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        self.lines = lines
        if self.instance.number == 1:
            del self.fields["change_note"]
        else:
            self.fields["change_note"].says_optional = False  # type: ignore[attr-defined]  # the adoption needs it
        for line in lines:
            self.fields[f"note_{line.action.number}"] = forms.CharField(
                label=_("Où en est-elle ?"),
                initial=line.note,
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def _post_clean(self) -> None:
        """The instance stays as it stands: the act writes."""

    @property
    def texts(self) -> list[Any]:
        return [self[name] for name in ("introduction", "report", "change_note") if name in self.fields]

    @property
    def rows(self) -> list[tuple[EditionLine, Any]]:
        return [(line, self[f"note_{line.action.number}"]) for line in self.lines]

    @property
    def facts(self) -> dict[str, Any]:
        """What `write_edition` takes."""
        data = self.cleaned_data
        return {
            "introduction": data["introduction"],
            "report": data["report"],
            "change_note": data.get("change_note", ""),
            "notes": {line.action.number: data[f"note_{line.action.number}"] for line in self.lines},
            "revision": data["revision"],
        }


class AdoptForm(forms.Form):
    adopted_on = forms.DateField(label=_("Adoptée par l’assemblée le"), widget=forms.DateInput)
    resolution = forms.ModelChoiceField(
        label=_("Délibération enregistrée"),
        queryset=Resolution.objects.none(),
        required=False,
        empty_label=_("aucune, ou une autre"),
    )
    resolution_words = forms.CharField(
        label=_("Ou, en toutes lettres"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : délibération n° 2017-112, budget primitif 2018."),
    )

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["resolution"]
        field.queryset = (
            Resolution.objects.visible_to(reader).decisive().select_related("proposition").order_by("-date", "number")
        )
        field.label_from_instance = lambda row: f"{row.number} · {row.date:%d/%m/%Y} · {row.object[:80]}"
