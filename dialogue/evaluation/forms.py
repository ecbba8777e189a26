"""Forms of the room: the sheet of a chantier, its publication, the survey, the evaluation of the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Rating
from dialogue.evaluation.baseline import SUMMARY, Baseline, values_of
from dialogue.evaluation.models import Evaluation, ProcessEvaluation
from dialogue.evaluation.stages import QUESTIONS, WORDS, Choice
from dialogue.people.stages import Circle

#: A deliverable is done or not; the codes are those of an objective.
DONE: list[tuple[str, str | Promise]] = [
    (Rating.REACHED, _("Réalisé")), (Rating.PARTLY, _("Réalisé en partie")), (Rating.NOT, _("Non réalisé")),
]  # fmt: skip
NOT_YET: tuple[str, str | Promise] = ("", _("À apprécier"))


def _unified(text: str) -> str:
    """One way of writing the end of a line, whatever the browser."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class SheetForm(forms.Form):
    """Every line of version 1 and the three texts, each optional while one drafts. Every field carries what it was when the page was
    read (`initial-…`): only what was changed is written, and what somebody else wrote meanwhile is not lost."""

    def __init__(self, *args: Any, baseline: Baseline, evaluation: Evaluation | None, today: date, **kwargs: Any) -> None:
        self.baseline, self.today = baseline, today
        self.stored = values_of(baseline, evaluation)
        super().__init__(*args, initial=self.stored, **kwargs)
        for line in baseline.objectives:
            self._rated(f"objective-{line.item.pk}", Rating.choices)
            value = forms.CharField(label=_("Valeur mesurée"), max_length=80, required=False, show_hidden_initial=True)
            self.fields[f"objective-{line.item.pk}-value"] = value
            self.fields[f"objective-{line.item.pk}-on"] = day_field(_("Mesurée le"), required=False, show_hidden_initial=True)
        for each in baseline.deliverables:
            self._rated(f"deliverable-{each.item.pk}", DONE)
        for name in SUMMARY:
            self.fields[name] = _text(_upper(name), rows=5, longest=4000, show_hidden_initial=True)

    def _rated(self, key: str, choices: Any) -> None:
        self.fields[f"{key}-rating"] = forms.ChoiceField(
            label=_("Appréciation"),
            choices=[NOT_YET, *choices],
            required=False,
            widget=forms.RadioSelect,
            show_hidden_initial=True,
        )
        self.fields[f"{key}-why"] = _text(_("Pourquoi, en une phrase"), rows=2, longest=600, show_hidden_initial=True)

    def clean(self) -> dict[str, Any]:
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, date) and value > self.today:
                self.add_error(
                    name, _("Une mesure ne peut pas dater de demain : indiquez une date passée ou celle d’aujourd’hui.")
                )
        return self.cleaned_data

    def changes(self) -> dict[str, tuple[str, str]]:
        """Field → (what it was when the page was read, what was typed), for the valid fields that came and changed."""
        found = {}
        for name, value in self.cleaned_data.items():
            if name not in self.data:
                continue
            before = _unified(self.data.get(f"initial-{name}", self.stored[name]))
            after = value.isoformat() if isinstance(value, date) else _unified(value or "")
            if before != after:
                found[name] = (before, after)
        return found

    def take_theirs(self, fields: Mapping[str, str]) -> None:
        """After a conflict, the page knows what the others wrote: saving again is then a choice, not an accident."""
        self.data = self.data.copy()
        for name, theirs in fields.items():
            self.data[f"initial-{name}"] = theirs

    @property
    def objectives(self) -> Iterator[dict[str, Any]]:
        for line in self.baseline.objectives:
            key = f"objective-{line.item.pk}"
            yield {"line": line, "fields": [self[f"{key}-{part}"] for part in ("rating", "value", "on", "why")]}

    @property
    def deliverables(self) -> Iterator[dict[str, Any]]:
        for line in self.baseline.deliverables:
            key = f"deliverable-{line.item.pk}"
            yield {"line": line, "fields": [self[f"{key}-{part}"] for part in ("rating", "why")]}

    @property
    def summary(self) -> list[Any]:
        return [self[name] for name in SUMMARY]


#: A word of help under each text of the summary.
SUMMARY_LABELS = {
    "worked": _("Ce qui a bien marché"),
    "fell_short": _("Ce qui n’a pas marché"),
    "differently": _("Ce que nous ferions autrement"),
}


def _upper(name: str) -> str | Promise:
    return SUMMARY_LABELS[name]


def _text(label: str | Promise, *, rows: int, longest: int, **options: Any) -> forms.CharField:
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


def _circle(chantier: Chantier) -> forms.TypedChoiceField:
    circles = [Circle.PARTNERS, Circle.PUBLIC] if chantier.circle == Circle.PUBLIC else [Circle.PARTNERS]
    return forms.TypedChoiceField(
        label=_("Qui pourra la lire"), coerce=Circle, choices=[(c.value, c.label) for c in circles], widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez qui pourra la lire.")},
    )  # fmt: skip


def _note() -> forms.CharField:
    return _text(
        _("Ce qui change et pourquoi"), rows=2, longest=500, required=True,
        error_messages={"required": _("Dites ce qui change et pourquoi.")},
    )  # fmt: skip


class PublishForm(forms.Form):
    def __init__(self, *args: Any, chantier: Chantier, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"] = _circle(chantier)
        if corrects:
            self.fields["change_note"] = _note()


class CircleForm(forms.Form):
    def __init__(self, *args: Any, chantier: Chantier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"] = _circle(chantier)


class OpenSurveyForm(forms.Form):
    closes_on = day_field(_("Dernier jour pour répondre"), help_text=_("Entre sept et quatre-vingt-dix jours."))


class AnswerForm(forms.Form):
    """Every question has an answer, be it « sans avis »; the texts are facultative."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.code] = forms.TypedChoiceField(
                label=question.text, choices=Choice.choices, coerce=Choice, widget=forms.RadioSelect,
                error_messages={"required": _("Choisissez une réponse, ou « Sans avis ».")},
            )  # fmt: skip
        for question in WORDS:
            self.fields[question.code] = _text(
                question.text, rows=3, longest=2000, help_text=_("Sans nom propre : votre texte est lu tel quel par le groupe."),
            )  # fmt: skip

    def choices(self) -> dict[str, Choice]:
        return {question.code: self.cleaned_data[question.code] for question in QUESTIONS}

    def texts(self) -> dict[str, str]:
        return {question.code: _unified(self.cleaned_data[question.code]) for question in WORDS}


class YearForm(forms.Form):
    year = forms.IntegerField(
        label=_("Année"), min_value=2000, max_value=2100,
        error_messages={"required": _("Indiquez une année."), "invalid": _("Indiquez une année, par exemple 2017.")},
    )  # fmt: skip


class ProcessForm(forms.Form):
    starts_on = day_field(_("Premier jour de la période"))
    ends_on = day_field(_("Dernier jour de la période"))
    introduction = _text(_("Ce que cette évaluation regarde"), rows=5, longest=6000)
    lessons = _text(_("Ce que nous en retenons"), rows=8, longest=6000)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("La période finit après avoir commencé."))
        return self.cleaned_data

    @staticmethod
    def initial_of(process: ProcessEvaluation) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "introduction", "lessons")
        seen = process.edited_at.isoformat() if process.edited_at else ""
        return {name: getattr(process, name) for name in names} | {"seen_at": seen}

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        try:
            facts["seen_at"] = datetime.fromisoformat(facts["seen_at"]) if facts["seen_at"] else None
        except ValueError:
            facts["seen_at"] = None
        return facts


class PublishProcessForm(forms.Form):
    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["change_note"] = _note()


class PeriodForm(forms.Form):
    """A period in the address of a page; what makes no sense leaves the one before."""

    du = day_field(_("Du"))
    au = day_field(_("Au"))

    def clean(self) -> dict[str, Any]:
        starts, ends = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if starts and ends and ends < starts:
            self.add_error("au", _("La période finit après avoir commencé."))
        return self.cleaned_data
