"""Forms of the roadmap: one small form a line, its adoption, its steps and deliverables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.acts.roadmap import LINES, TYPED
from dialogue.chantiers.forms.life import day_field, sensible_day
from dialogue.chantiers.models import Objective, PlannedDeliverable, Step
from dialogue.people.stages import Circle


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    """`revision` is that of the text being corrected: it tells whether someone else wrote in the meantime."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].error_messages["required"] = _("Écrivez l’intitulé.")
        if "due_on" in self.fields:
            self.fields["due_on"].validators.append(sensible_day)
            self.fields["due_on"].error_messages["required"] = _("Indiquez une échéance.")
        if self.instance.pk:
            self.initial["revision"] = self.instance.revision

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TYPED[self._meta.model]}


class ObjectiveForm(LineForm):
    class Meta:
        model = Objective
        fields = TYPED[Objective]
        help_texts = {"indicator": _("Ce que l’on comptera, par exemple : cantines approvisionnées.")}


class DeliverableForm(LineForm):
    class Meta:
        model = PlannedDeliverable
        fields = TYPED[PlannedDeliverable]


class StepForm(LineForm):
    class Meta:
        model = Step
        fields = TYPED[Step]


FORMS: dict[str, type[LineForm]] = {"objectif": ObjectiveForm, "livrable": DeliverableForm, "etape": StepForm}


def line_form(kind: str, data: Any = None, *, item: Any = None) -> LineForm:
    """The form of a line of `kind`; its ids do not clash with those of the other lines of the page."""
    prefix = f"{kind}-{item.pk}" if item is not None else f"{kind}-nouveau"
    return FORMS[kind](data, instance=item or LINES[kind](), auto_id=f"{prefix}-%s")


class RhythmForm(forms.Form):
    rhythm = forms.CharField(
        label=_("Rythme des séances"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Par exemple : une séance toutes les six semaines, le mardi après-midi."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AdoptForm(forms.Form):
    """The meeting that adopts; `change_note` for the versions after the first."""

    meeting_number = forms.TypedChoiceField(
        label=_("Arrêtée à la séance"), coerce=int, error_messages={"required": _("Choisissez la séance.")}
    )
    adopted_on = day_field(_("Le"))
    circle = forms.TypedChoiceField(
        label=_("Qui pourra la lire"),
        coerce=Circle,
        choices=[(c.value, c.label) for c in (Circle.PARTNERS, Circle.PUBLIC)],
        initial=Circle.PARTNERS,
        widget=forms.RadioSelect,
    )
    change_note = forms.CharField(
        label=_("Ce qui change et pourquoi"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites ce qui change et pourquoi.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meetings: list[tuple[int, str]], first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting_number"].choices = meetings  # type: ignore[attr-defined]
        if first:
            del self.fields["change_note"], self.fields["version"]


class StepDoneForm(forms.Form):
    done_on = day_field(_("Faite le"))

