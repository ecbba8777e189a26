"""Forms of the agenda, of the answers, of the attendance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.documents.models import Document
from dialogue.meetings.stages import ItemKind, Presence, Rsvp
from dialogue.people.models import Organisation


def organisations_of(chantier: Chantier) -> Any:
    """The member organisations, by name."""
    return Organisation.objects.filter(memberships__chantier=chantier, memberships__until=None).distinct().order_by("name")


class ItemForm(forms.Form):
    title = forms.CharField(label=_("Intitulé"), max_length=200, error_messages={"required": _("Donnez un intitulé au point.")})
    kind = forms.TypedChoiceField(coerce=ItemKind, label=_("Nature"), choices=ItemKind.choices, initial=ItemKind.DISCUSSION)
    planned_minutes = forms.IntegerField(label=_("Durée prévue, en minutes"), min_value=1, max_value=480, required=False)
    owner = forms.ModelChoiceField(
        label=_("Qui présente"), queryset=Organisation.objects.none(), required=False, empty_label=_("Personne en particulier")
    )
    documents = forms.TypedMultipleChoiceField(
        label=_("À lire avant"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, chantier: Chantier, reader: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = organisations_of(chantier)
        # By hand rather than by Django's own field, whose query fails on a number beyond any column (SQLite).
        self._documents = {each.pk: each for each in Document.objects.visible_to(reader).shown().filter(chantier=chantier)}
        if self._documents:
            self.fields["documents"].choices = [(pk, str(each)) for pk, each in self._documents.items()]
        else:
            del self.fields["documents"]

    def facts(self) -> dict[str, Any]:
        chosen = [self._documents[pk] for pk in self.cleaned_data.get("documents", ())]
        return {**self.cleaned_data, "documents": chosen}


class AnswerForm(forms.Form):
    rsvp = forms.TypedChoiceField(
        coerce=Rsvp,
        label=_("Serez-vous là ?"),
        choices=Rsvp.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    replaced_by = forms.CharField(label=_("Par qui serez-vous remplacé ?"), max_length=200, required=False)
    comment = forms.CharField(label=_("Un mot pour qui convoque"), max_length=500, required=False)


class AttendanceForm(forms.Form):
    """One organisation's line; the whole table is several of them, each with its prefix."""

    presence = forms.TypedChoiceField(
        coerce=Presence, label=_("Présence"), choices=Presence.choices, required=False, empty_value=Presence.UNKNOWN
    )
    people = forms.CharField(label=_("Qui est venu"), max_length=300, required=False)
    represented_by = forms.ModelChoiceField(
        label=_("Représenté par"), queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    represented_by_name = forms.CharField(label=_("ou par"), max_length=200, required=False)
    arrived_at = forms.TimeField(label=_("Arrivé à"), required=False)
    left_at = forms.TimeField(label=_("Parti à"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        # The same list for every line: asked once.
        self.fields["represented_by"] = forms.TypedChoiceField(
            label=_("Représenté par"), required=False, choices=[("", "—"), *choices], coerce=int, empty_value=None
        )


class IntroductionForm(forms.Form):
    introduction = forms.CharField(
        label=_("Mot d’introduction"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class DraftForm(forms.Form):
    place = forms.CharField(label=_("Lieu"), max_length=300, required=False, help_text=_("S’il est déjà connu."))
    online_url = forms.URLField(label=_("Lien de visioconférence"), max_length=500, required=False, assume_scheme="https")
    introduction = forms.CharField(
        label=_("Mot d’introduction"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RemindersForm(forms.Form):
    hours = forms.TypedMultipleChoiceField(
        label=_("Rappeler la séance au groupe"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (336, _("deux semaines avant")),
            (168, _("une semaine avant")),
            (72, _("trois jours avant")),
            (24, _("la veille")),
            (3, _("trois heures avant")),
        ],
    )
