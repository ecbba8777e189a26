"""What is typed of an action: its words, where it comes from, where it stands; and the action that takes up a contribution."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import Proposition
from dialogue.contributions.models import Contribution
from dialogue.pacts.models import Pact, PactAction
from dialogue.pacts.models.action import HELD
from dialogue.pacts.stages import OPEN, ActionState, Origin
from dialogue.people.models import Organisation
from dialogue.people.stages import OrganisationStage
from dialogue.territories.models import Theme

MOST_CONTRIBUTIONS = 50
_NUMBERS = re.compile(r"[\s,;]+")


class ActionForm(forms.ModelForm):
    """An action, new or known. `contributions` are numbers: those of a known action are tied on its own page."""

    contributions = forms.CharField(
        label=_("Contributions, par leurs numéros"),
        max_length=500,
        required=False,
        help_text=_("Séparés par des virgules : 128, 1 044 s’écrit 1044."),
    )

    class Meta:
        model = PactAction
        fields = [
            "title", "text", "theme", "entered_year", "lead", "lead_words", "cost", "starts_on", "due_on", "origin", "proposition",
            "origin_words",
        ]  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "origin": forms.RadioSelect}

    field_order = [*Meta.fields[:10], "contributions", *Meta.fields[10:]]

    def __init__(self, *args: Any, pact: Pact, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.fields["theme"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        self.fields["lead"].queryset = Organisation.objects.filter(stage=OrganisationStage.VALIDATED)  # type: ignore[attr-defined]
        voted = Proposition.objects.visible_to(reader).filter(stage__in=HELD, chantier__territories=pact.territory_id)
        self.fields["proposition"].queryset = voted.order_by("-number")  # type: ignore[attr-defined]
        self.fields["origin"].choices = Origin.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["contributions"]
            self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
            self.initial["revision"] = self.instance.revision

    def clean_contributions(self) -> list[Contribution]:
        """Those that the reader may read, all of them or an error that names the others."""
        typed = [part for part in _NUMBERS.split(self.cleaned_data["contributions"].strip()) if part]
        wrong = [part for part in typed if not (part.isascii() and part.isdigit() and len(part) < 10)]  # noqa: PLR2004
        if wrong:
            raise forms.ValidationError(_("Écrivez des numéros : %(what)s n’en est pas un."), params={"what": wrong[0]})
        if len(typed) > MOST_CONTRIBUTIONS:
            raise forms.ValidationError(_("Cinquante contributions au plus : rattachez les autres ensuite."))
        numbers = {int(part) for part in typed}
        rows = list(Contribution.objects.visible_to(self.reader).filter(number__in=numbers).select_related("campaign"))
        unknown = numbers - {row.number for row in rows}
        if unknown:
            raise forms.ValidationError(_("Aucune contribution ne porte le n° %(n)d."), params={"n": min(unknown)})
        return rows

    def _post_clean(self) -> None:
        """The instance stays as it stands: the act writes, and says what is missing in its own words."""

    @property
    def facts(self) -> dict[str, Any]:
        """What `add_action` and `change_action` take."""
        found = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        return found | {"origin": Origin(found["origin"])}


class QuickForm(forms.Form):
    """One line of the page of a pact: where an action stands, and until when."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    state = forms.ChoiceField(label=_("État"), choices=ActionState.choices)
    due_on = forms.DateField(label=_("Échéance"), required=False, widget=forms.DateInput)
    done_on = forms.DateField(label=_("Réalisée le"), required=False, widget=forms.DateInput)
    motive = forms.CharField(label=_("Motif de l’abandon"), max_length=2000, required=False)

    def __init__(self, *args: Any, action: PactAction, **kwargs: Any) -> None:
        initial = {"revision": action.revision, "state": action.state, "due_on": action.due_on}
        super().__init__(*args, prefix=f"a{action.number}", initial=initial, **kwargs)
        self.action = action
        allowed = [state for state in ActionState if state != ActionState.PLANNED or action.state == ActionState.PLANNED]
        self.fields["state"].choices = [(state.value, state.label) for state in allowed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("state") == ActionState.DROPPED and not data.get("motive", "").strip():
            self.add_error("motive", _("Écrivez le motif de l’abandon : il sera lu par tous."))
        if data.get("state") == ActionState.DONE and not data.get("done_on"):
            self.add_error("done_on", _("Dites quel jour elle a été réalisée."))
        return data

    @property
    def changes(self) -> bool:
        """Whether the line says something else than what stands."""
        data = self.cleaned_data
        return data["state"] != self.action.state or data["due_on"] != self.action.due_on


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("Réalisée le"), widget=forms.DateInput)


class DropForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif de l’abandon"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Il sera lu par tous ceux qui lisent le pacte."),
    )


class LinkForm(forms.Form):
    """The action that takes up a contribution, and what its author will read."""

    action = forms.ModelChoiceField(label=_("Action du pacte"), queryset=PactAction.objects.none(), empty_label="–")
    answer = forms.CharField(
        label=_("Réponse, que son auteur lira"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Laissez vide pour notre phrase habituelle, avec le numéro et l’intitulé de l’action."),
    )

    def __init__(self, *args: Any, contribution: Contribution, reader: Any, asks_answer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = PactAction.objects.visible_to(reader).filter(state__in=OPEN).exclude(contribution_links__contribution=contribution)
        if contribution.territory_id:
            rows = rows.filter(pact__territory=contribution.territory_id)
        field: Any = self.fields["action"]
        field.queryset = rows.select_related("pact__territory").order_by("pact__territory__order", "number")
        # Read once: the page says so when there is nothing to choose.
        told = [(row.pk, f"{row.pact.territory.short_name} · {row.number} · {row.title}") for row in field.queryset]
        self.has_actions = bool(told)
        field.choices = [("", "–"), *told]
        if not asks_answer:
            del self.fields["answer"]
