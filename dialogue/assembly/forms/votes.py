"""Forms of the assembly's secretariat: a session, its agenda, one row for each vote, a correction, an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.acts.votes import FACTS
from dialogue.assembly.importing import LABELS, NAMES
from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.stages import Outcome, SessionKind
from dialogue.chantiers.forms.life import day_field
from dialogue.ui.forms import ManyRowsField


class SessionForm(forms.Form):
    date = day_field(_("Date"))
    kind = forms.TypedChoiceField(label=_("Nature"), choices=SessionKind.choices, coerce=SessionKind, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Titre"),
        max_length=160,
        help_text=_("Par exemple : « Vote du budget primitif 2018 »."),
        error_messages={"required": _("Donnez un titre à la séance.")},
    )
    members_count = forms.IntegerField(
        label=_("Effectif"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Membres en exercice ; proposé à chaque vote."),
    )
    number_pattern = forms.CharField(
        label=_("Modèle de numéro des délibérations"),
        required=False,
        max_length=40,
        help_text=_("Un # pour chaque chiffre : « 2017.12.### ». Le numéro suivant est proposé à chaque vote."),
    )


class AgendaForm(forms.Form):
    """Propositions in instruction that go on the agenda of a session."""

    propositions = ManyRowsField(
        label=_("Propositions à inscrire"),
        queryset=Proposition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une proposition.")},
    )

    def __init__(self, *args: Any, rows: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["propositions"].queryset = rows
        self.fields["propositions"].label_from_instance = lambda row: f"{row.label} · {row.title} ({row.chantier})"


class SessionChoiceForm(forms.Form):
    session = forms.ModelChoiceField(
        label=_("Séance"),
        queryset=AssemblySession.objects.none(),
        empty_label=_("Choisir une séance"),
        error_messages={"required": _("Choisissez une séance.")},
    )

    def __init__(self, *args: Any, sessions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["session"].queryset = sessions


def _count(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "court"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=999, widget=widget)


#: What is always in sight in a row, and what unfolds.
MAIN = ("outcome", "votes_for", "votes_against", "abstentions", "number", "matter_code")
_FIRST = ("not_voting", "members_count", "date", "object")
MORE = (*_FIRST, *(name for name in FACTS if name not in {*MAIN, *_FIRST, "matter_name"}))


class VoteForm(forms.Form):
    """One vote. A row of the quick screen is filled in when an outcome is chosen; the act judges the rest, field by field."""

    outcome = forms.ChoiceField(
        label=_("Issue"),
        choices=[("", _("Choisir")), *Outcome.choices],
        error_messages={"required": _("Dites ce que l’assemblée a décidé.")},
    )
    number = forms.CharField(label=_("Numéro"), max_length=40, required=False)
    matter_code = forms.CharField(
        label=_("Matière"),
        max_length=180,
        required=False,
        widget=forms.TextInput(attrs={"list": "matieres", "autocomplete": "off"}),
        help_text=_("Son code, par exemple 7.5, ou son nom."),
    )
    votes_for = _count(_("Pour"))
    votes_against = _count(_("Contre"))
    abstentions = _count(_("Abstentions"))
    not_voting = _count(_("Ne prennent pas part"))
    members_count = _count(_("Effectif"))
    date = day_field(_("Date"))
    object = forms.CharField(
        label=_("Objet"), max_length=500, error_messages={"required": _("Écrivez l’objet de la délibération.")}
    )
    adopted_text = forms.CharField(
        label=_("Texte adopté"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Seulement si l’assemblée l’a modifié : corrigez ici le texte du groupe."),
    )
    adopted_text.says_optional = False  # type: ignore[attr-defined]
    reason = forms.CharField(
        label=_("Raison de l’ajournement ou du renvoi"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    budget_year = forms.IntegerField(label=_("Année du budget"), required=False, min_value=1980, max_value=2200)
    budget_name = forms.CharField(label=_("Nom du budget"), max_length=120, required=False)
    prefecture_id = forms.CharField(label=_("Identifiant en préfecture"), max_length=80, required=False)
    prefecture_date = day_field(_("Reçue en préfecture le"), required=False)
    url = forms.URLField(label=_("Adresse de la délibération"), max_length=500, required=False, assume_scheme="https")

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    @property
    def has_more_errors(self) -> bool:
        return any(self[name].errors for name in MORE)

    def take(self, errors: dict[str, list[str]]) -> None:
        """What the act found, beside each field."""
        for name, sentences in errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class CorrectionForm(VoteForm):
    motive = forms.CharField(
        label=_("Motif de la correction"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Il sera lu avec le vote ; ce qui était enregistré reste dans l’historique."),
        error_messages={"required": _("Écrivez le motif de la correction.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, *, resolution: Resolution) -> None:
        initial = {name: getattr(resolution, name) for name in (*FACTS, "revision") if name != "matter_name"}
        if resolution.outcome != Outcome.ADOPTED_AMENDED:
            initial["adopted_text"] = resolution.proposition.text
        super().__init__(data, initial=initial)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("CSV, Excel ou LibreOffice, 1 Mo au plus. Les noms de colonnes du SCDL sont reconnus."),
        error_messages={"required": _("Choisissez un fichier.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 1_000_000:  # noqa: PLR2004 — two thousand lines weigh less
            raise forms.ValidationError(_("Ce fichier est trop lourd : 1 Mo au plus."))
        return file


class MappingForm(forms.Form):
    """Which column is which; the table itself comes along, so that nothing is kept of a file that is not imported."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000)

    def __init__(self, *args: Any, header: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        columns = [("", _("Aucune"))] + [(place, name or str(place + 1)) for place, name in enumerate(header)]
        for name in NAMES:
            label = str(LABELS[name]).capitalize()
            self.fields[f"c_{name}"] = forms.TypedChoiceField(
                label=label, choices=columns, required=False, coerce=int, empty_value=None
            )

    def mapping(self) -> dict[str, int]:
        chosen = {name: self.cleaned_data.get(f"c_{name}") for name in NAMES}
        return {name: place for name, place in chosen.items() if place is not None}
