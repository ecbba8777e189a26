"""Forms of restitution: everything the coordination writes on one screen; the reason of a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dialogue.restitution.acts.paths import TEXTS
from dialogue.restitution.models import LONGEST, LONGEST_CALL, PointLine

DASHES = _("Une ligne par idée ; un tiret en début de ligne fait une liste.")


class DraftField(forms.CharField):
    """A text that must be there in the end, and may be saved empty until then: freezing asks for it, saving does not."""

    def validate(self, value: Any) -> None:
        """Length apart, nothing is refused."""


def area(
    label: str | Promise,
    initial: str,
    *,
    rows: int,
    longest: int = LONGEST,
    optional: bool = False,
    help_text: str | Promise = "",
) -> forms.CharField:
    return (forms.CharField if optional else DraftField)(
        label=label,
        initial=initial,
        required=not optional,
        max_length=longest,
        strip=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def cleaned(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class PaperForm(forms.Form):
    """Introduction and conclusion. `revision`: what was read, so that nobody's text is overwritten unseen."""

    use_required_attribute = False
    revision = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args: Any, paper: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.paper = paper
        self.fields["revision"].initial = paper.revision
        self.fields["introduction"] = area(_("Introduction"), paper.introduction, rows=4, help_text=DASHES)
        self.fields["conclusion"] = area(_("Conclusion"), paper.conclusion, rows=3, optional=True)

    def values(self) -> dict[str, str]:
        return {name: cleaned(self.cleaned_data[name]) for name in TEXTS}

    def show_conflict(self, paper: Any) -> None:
        """What somebody saved in between stands under each text that differs; the next save goes through."""
        self.data = self.data.copy()
        self.data["revision"] = str(paper.revision)
        for name in TEXTS:
            self._other(name, getattr(paper, name))

    def _other(self, name: str, text: str) -> None:
        if name in self.cleaned_data and cleaned(self.cleaned_data[name]) != text:
            self.add_error(name, _now("Enregistré entre-temps par quelqu’un d’autre : « %(text)s »") % {"text": text})


@dataclass(frozen=True)
class Group:
    """The fields of one chantier."""

    line: PointLine
    texts: list[forms.BoundField]
    calls: list[forms.BoundField]
    decisions: forms.BoundField | None
    ready: forms.BoundField


class PointForm(PaperForm):
    """The whole point on one screen: for each chantier four texts, whether it calls for partners, which decisions to show."""

    WORDS = (
        ("done", _("Ce qui est fait"), 5),
        ("left", _("Ce qui reste"), 5),
        ("asked", _("Ce que nous demandons"), 2),
    )

    def __init__(self, *args: Any, paper: Any, lines: list[PointLine], **options: Any) -> None:
        super().__init__(*args, paper=paper, **options)
        self.lines = [line for line in lines if not line.left_out]
        for line in self.lines:
            self._fields_of(line)

    def _fields_of(self, line: PointLine) -> None:
        for name, label, rows in self.WORDS:
            text = getattr(line, name)
            self.fields[f"{name}-{line.pk}"] = area(
                label, text, rows=max(rows, min(12, text.count("\n") + 2)), optional=name == "asked"
            )
        if line.facts.get("is_joinable"):
            calls = forms.BooleanField(label=_("Appeler de nouveaux partenaires"), required=False, initial=line.calls_partners)
            self.fields[f"calls-{line.pk}"] = calls
            self.fields[f"call-{line.pk}"] = area(
                _("L’appel, en une phrase"),
                line.call,
                rows=2,
                longest=LONGEST_CALL,
                help_text=_("Il mène à la demande pour rejoindre le groupe."),
            )
        decisions = line.facts.get("decisions", [])
        if decisions:
            shown = [d["number"] for d in decisions if d["number"] not in line.hidden_decisions]
            self.fields[f"decisions-{line.pk}"] = forms.TypedMultipleChoiceField(
                label=_("Décisions à montrer"),
                choices=[(d["number"], f"D{d['number']}. {d['text']}") for d in decisions],
                coerce=int,
                initial=shown,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields[f"ready-{line.pk}"] = forms.BooleanField(
            label=_("Relu : ce chantier est prêt"), required=False, initial=line.is_ready
        )

    def groups(self) -> list[Group]:
        return [
            Group(
                line,
                [self[f"{name}-{line.pk}"] for name, _label, _rows in self.WORDS],
                [self[name] for name in (f"calls-{line.pk}", f"call-{line.pk}") if name in self.fields],
                self[f"decisions-{line.pk}"] if f"decisions-{line.pk}" in self.fields else None,
                self[f"ready-{line.pk}"],
            )
            for line in self.lines
        ]

    def line_values(self) -> dict[int, Mapping[str, Any]]:
        """What `edit_point` takes."""
        return {line.pk: self._values_of(line) for line in self.lines}

    def _values_of(self, line: PointLine) -> dict[str, Any]:
        data, pk = self.cleaned_data, line.pk
        found: dict[str, Any] = {name: cleaned(data[f"{name}-{pk}"]) for name, _label, _rows in self.WORDS}
        if f"calls-{pk}" in data:
            found |= {"calls_partners": data[f"calls-{pk}"], "call": " ".join(data[f"call-{pk}"].split())}
        if f"decisions-{pk}" in data:
            proposed = [d["number"] for d in line.facts["decisions"]]
            found["hidden_decisions"] = [number for number in proposed if number not in data[f"decisions-{pk}"]]
        return found | {"is_ready": data[f"ready-{pk}"]}

    def show_conflict(self, paper: Any) -> None:
        super().show_conflict(paper)
        for line in paper.lines.filter(left_out=False):
            for name in ("done", "left", "asked", "call"):
                self._other(f"{name}-{line.pk}", getattr(line, name))


class NoteForm(forms.Form):
    """Why a published document changes; everybody reads it."""

    note = forms.CharField(
        label=_("Ce qui change, et pourquoi"),
        max_length=500,
        help_text=_("Cette phrase est publiée avec la nouvelle version."),
        error_messages={"required": _("Dites ce qui change, et pourquoi.")},
    )
