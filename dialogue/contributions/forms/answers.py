"""Answers, templates of answers, what is said of one contribution on its page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.answers import left_places, unknown_places
from dialogue.contributions.models import AnswerTemplate
from dialogue.contributions.stages import Outcome


class AnswerForm(forms.Form):
    """Referred or closed, with the words that its author will read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    outcome = forms.ChoiceField(
        label=_("Que devient-elle ?"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.LINKED],
    )
    answer = forms.CharField(
        label=_("Réponse, que son auteur lira"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, decided: bool = False, **kwargs: Any) -> None:
        """`decided`: its outcome is known already, only the words change."""
        super().__init__(*args, **kwargs)
        if decided:
            del self.fields["outcome"]

    def clean_answer(self) -> str:
        text: str = self.cleaned_data["answer"].replace("\x00", "")
        if left := left_places(text):
            raise forms.ValidationError(_("Remplacez %(what)s par des mots."), params={"what": ", ".join(left)})
        return text


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Si l’auteur a déjà reçu une réponse, il lira cette raison."),
    )


class MergeForm(forms.Form):
    into = forms.IntegerField(label=_("Numéro de la contribution la plus ancienne"), min_value=1, max_value=2**31 - 1)


class TemplateForm(forms.ModelForm):
    class Meta:
        model = AnswerTemplate
        fields = ["kind", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"text": _("{titre}, {chantier} et {territoire} seront remplacés pour chaque contribution.")}

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\x00", "")
        if unknown := unknown_places(text):
            raise forms.ValidationError(
                _("%(what)s ne veut rien dire ici : seuls {titre}, {chantier} et {territoire} sont remplacés."),
                params={"what": ", ".join(unknown)},
            )
        return text
