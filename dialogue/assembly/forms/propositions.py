"""Forms of a proposition: its text, its adoption, its instruction, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.acts.instruction import SERVICES
from dialogue.assembly.models import Opinion, Proposition
from dialogue.assembly.stages import Verdict
from dialogue.chantiers.forms.life import day_field
from dialogue.meetings.models import Decision
from dialogue.people.models import Organisation
from dialogue.people.stages import Kind
from dialogue.ui.forms import ManyRowsField


class StartForm(forms.Form):
    """Which decisions the proposition comes from; the text is drafted from them."""

    title = forms.CharField(
        label=_("Titre"),
        max_length=200,
        help_text=_("Ce que l’assemblée déciderait, en une ligne."),
        error_messages={"required": _("Donnez un titre à la proposition.")},
    )
    decisions = ManyRowsField(
        label=_("Décisions du groupe dont elle vient"),
        queryset=Decision.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leur texte sert de premier jet. Vous l’écrirez ensuite comme une délibération."),
    )
    deliverable = forms.TypedChoiceField(
        label=_("Livrable qu’elle prolonge"), required=False, coerce=int, empty_value=None, help_text=_("S’il y en a un.")
    )

    def __init__(self, *args: Any, decisions: Any, deliverables: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decisions"].queryset = decisions
        self.fields["decisions"].label_from_instance = lambda decision: f"{decision.label} · {decision.text}"
        if not decisions:
            del self.fields["decisions"]
        self.fields["deliverable"].choices = [("", _("Aucun")), *((row.pk, row.title) for row in deliverables)]
        if not deliverables:
            del self.fields["deliverable"]


class TextForm(forms.Form):
    """The text of the proposition; `revision` tells whether someone else wrote in the meantime."""

    title = forms.CharField(label=_("Titre"), max_length=200, error_messages={"required": _("Donnez un titre à la proposition.")})
    text = forms.CharField(
        label=_("Ce que le groupe propose de décider"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Le texte que l’assemblée pourrait voter, article par article."),
        error_messages={"required": _("Écrivez ce que le groupe propose.")},
    )
    reasons = forms.CharField(
        label=_("Pourquoi"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ce que le groupe a constaté. Nécessaire pour l’adopter."),
    )
    expected_effect = forms.CharField(
        label=_("Effet attendu"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Pour qui, combien, quand. Nécessaire pour l’adopter."),
    )
    # Nothing holds back a draft, but its adoption needs them: their help says so.
    for needed in (reasons, expected_effect):
        needed.says_optional = False  # type: ignore[attr-defined]
    del needed
    estimated_cost = forms.IntegerField(
        label=_("Coût estimé, en euros"), required=False, min_value=0, max_value=10**12, help_text=_("Sans centimes.")
    )
    decisions = ManyRowsField(
        label=_("Décisions du groupe dont elle vient"),
        queryset=Decision.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, *, proposition: Proposition, decisions: Any) -> None:
        initial = {name: getattr(proposition, name) for name in self.base_fields if name != "decisions"}
        initial["decisions"] = [row.pk for row in proposition.decisions.all()]
        super().__init__(data, initial=initial)
        self.fields["decisions"].queryset = decisions
        self.fields["decisions"].label_from_instance = lambda decision: f"{decision.label} · {decision.text}"
        if not decisions:
            del self.fields["decisions"]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "text", "reasons", "expected_effect", "estimated_cost")}


class AdoptForm(forms.Form):
    meeting = forms.TypedChoiceField(
        label=_("Adoptée à la séance"), coerce=int, error_messages={"required": _("Choisissez la séance.")}
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, meetings: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["meeting"].choices = meetings


def services_offered() -> Any:
    """What a group chooses from: the services of the Département, or all those whose opinion can be asked when it has none here."""
    rows = Organisation.objects.validated()
    own = rows.filter(kind=Kind.DIRECTORATE)
    return own if own.exists() else rows.filter(kind__in=SERVICES)


class SubmitForm(forms.Form):
    services = ManyRowsField(
        label=_("Services dont l’avis est demandé"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ils reçoivent un courriel. La coordination peut en ajouter ensuite."),
    )
    opinions_due_on = day_field(_("Avis attendus pour le"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["services"].queryset = services_offered()

    def clean_opinions_due_on(self) -> Any:
        return self.cleaned_data["opinions_due_on"] or None


class AskForm(forms.Form):
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choisir un service"),
        error_messages={"required": _("Choisissez un service.")},
    )
    opinions_due_on = day_field(_("Avis attendus pour le"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].queryset = Organisation.objects.validated().filter(kind__in=SERVICES)


class OpinionForm(forms.Form):
    verdict = forms.TypedChoiceField(
        label=_("Avis du service"),
        choices=Verdict.choices,
        coerce=Verdict,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un avis.")},
    )
    text = forms.CharField(
        label=_("Ce que dit le service"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Nécessaire pour des réserves ou un avis défavorable."),
    )
    cost = forms.IntegerField(label=_("Coût selon le service, en euros"), required=False, min_value=0, max_value=10**12)

    def __init__(self, data: Any, *, opinion: Opinion) -> None:
        super().__init__(data, initial={"verdict": opinion.verdict, "text": opinion.text, "cost": opinion.cost})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") in {Verdict.WITH_RESERVATIONS, Verdict.UNFAVOURABLE} and not (data.get("text") or "").strip():
            self.add_error("text", _("Dites les réserves, ou ce qui s’y oppose."))
        return data


class MotiveForm(forms.Form):
    motive = forms.CharField(
        label=_("Motif"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Il sera lu par tous ceux qui lisent la proposition."),
        error_messages={"required": _("Écrivez le motif.")},
    )


class NothingForm(forms.Form):
    """Only the button."""
