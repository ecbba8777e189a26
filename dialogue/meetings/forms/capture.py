"""Forms of the session and of the registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field
from dialogue.meetings.models import Decision
from dialogue.meetings.stages import DecisionState, MaterialKind

#: What the capture form adds: two registers, then the kinds of material that are words.
DECISION, ACTION = "decision", "action"
LINES = [
    (DECISION, _("Décision")),
    (ACTION, _("Action")),
    (MaterialKind.VERBATIM, _("Parole")),
    (MaterialKind.FIGURE, _("Chiffre")),
    (MaterialKind.STORY, _("Récit")),
]


class LineForm(forms.Form):
    """One line of the relevé, or some material; `owners`: (id, name) of the member organisations."""

    line = forms.ChoiceField(label=_("Ajouter"), choices=LINES, widget=forms.RadioSelect, initial=DECISION)
    text = forms.CharField(
        label=_("Une phrase complète, compréhensible seule"),
        max_length=2000,
        error_messages={"required": _("Écrivez une phrase complète.")},
    )
    agreement = forms.CharField(label=_("Comment elle a été prise"), max_length=200, required=False)
    owner = forms.TypedChoiceField(label=_("Qui s’en charge ?"), required=False, coerce=int, empty_value=None)
    owner_text = forms.CharField(label=_("ou, en toutes lettres"), max_length=200, required=False)
    due_on = forms.DateField(label=_("Pour quand ?"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    credit = forms.CharField(label=_("Qui parle ? Un rôle plutôt qu’un nom"), max_length=200, required=False)
    consent = forms.BooleanField(label=_("La personne est d’accord pour le carnet de voyage"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, owners: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", _("Choisir un organisme")), *owners]


class DecisionForm(forms.Form):
    text = forms.CharField(
        label=_("Une phrase complète, compréhensible seule"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreement = forms.CharField(label=_("Comment elle a été prise"), max_length=200, required=False)
    follow_up = forms.CharField(label=_("Suivi"), max_length=200, required=False)


class ActionForm(forms.Form):
    text = forms.CharField(
        label=_("Une phrase complète, compréhensible seule"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.TypedChoiceField(label=_("Qui s’en charge ?"), required=False, coerce=int, empty_value=None)
    owner_text = forms.CharField(label=_("ou, en toutes lettres"), max_length=200, required=False)
    due_on = forms.DateField(label=_("Pour quand ?"), required=False)

    def __init__(self, *args: Any, owners: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", _("Choisir un organisme")), *owners]


class MaterialForm(forms.Form):
    """Some material taken up again; `is_photo` asks for what one sees instead of words."""

    text = forms.CharField(label=_("Texte"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    alternative = forms.CharField(label=_("Ce que l’on voit, en une phrase"), max_length=300, required=False)
    credit = forms.CharField(label=_("Qui parle ? Un rôle plutôt qu’un nom"), max_length=200, required=False)
    consent = forms.BooleanField(label=_("Les personnes citées ou reconnaissables sont d’accord"), required=False)

    def __init__(self, *args: Any, is_photo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("text", "credit") if is_photo else ("alternative",):
            del self.fields[name]


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("Ajouter une photo"), error_messages={"required": _("Choisissez une photo.")})
    alternative = forms.CharField(
        label=_("Ce que l’on voit, en une phrase"),
        max_length=300,
        error_messages={"required": _("Décrivez la photo en une phrase.")},
    )
    consent = forms.BooleanField(
        label=_("Les personnes reconnaissables sont d’accord"),
        error_messages={"required": _("Sans leur accord, la photo ne peut pas être gardée.")},
    )


class ConflictForm(forms.Form):
    text = forms.CharField(label=_("Le texte qui réunit les deux"), required=False, widget=forms.Textarea(attrs={"rows": 10}))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class DecisionStateForm(forms.Form):
    state = forms.TypedChoiceField(
        coerce=DecisionState, label=_("Où en est la décision ?"), choices=DecisionState.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Précision"), max_length=300, required=False)
    replaced_by = forms.ModelChoiceField(label=_("Remplacée par"), queryset=Decision.objects.none(), required=False)

    def __init__(self, *args: Any, decision: Decision, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["replaced_by"].queryset = Decision.objects.filter(chantier=decision.chantier).exclude(pk=decision.pk)


class ActionDoneForm(forms.Form):
    done_on = day_field(_("Faite le"))
    note = forms.CharField(label=_("Résultat"), max_length=300, required=False)


class ActionDropForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif"), max_length=300, error_messages={"required": _("Dites pourquoi l’action est abandonnée.")}
    )
