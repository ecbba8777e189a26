"""Forms of the editors' table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.logbook.models import Chapter, Edition
from dialogue.logbook.stages import LAYOUTS, EntryKind, Layout

#: Rows of figures beyond those that are there.
SPARE = 3
CHANGED_MEANWHILE = _(
    "Quelqu’un a enregistré cette page pendant que vous écriviez. Ce qu’elle dit à présent est rappelé sous chaque champ ; "
    "votre texte est resté : enregistrez de nouveau pour le mettre à la place."
)


class WrittenTogether(forms.Form):
    """A form on a row that two people may write at once: the second one reads what the first one wrote before replacing it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any = None, names: Iterable[str] = (), **options: Any) -> None:
        self._stored = {name: str(getattr(row, name) or "") for name in names} if row is not None else {}
        mark = hashlib.sha256(json.dumps(self._stored).encode()).hexdigest()[:32] if self._stored else ""
        options["initial"] = options.get("initial", {}) | {"seen": mark}
        super().__init__(*args, **options)
        self._mark = mark

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self._mark and cleaned.pop("seen", "") not in {"", self._mark}:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._mark
            self.add_error(None, CHANGED_MEANWHILE)
            for name, words in self._stored.items():
                if name in self.fields and words and words != str(self.data.get(self.add_prefix(name), "")):
                    self.add_error(name, words)
        cleaned.pop("seen", None)
        return cleaned


class EditionForm(WrittenTogether):
    title = forms.CharField(label=_("Titre"), max_length=120, error_messages={"required": _("Donnez un titre au carnet.")})
    period = forms.CharField(label=_("Période"), max_length=80, required=False, help_text=_("Par exemple : automne 2017."))
    editorial = forms.CharField(
        label=_("Éditorial"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Quelques phrases, sur la couverture."),
    )
    colophon = forms.CharField(
        label=_("À propos de ce carnet"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Qui l’écrit, avec quoi ; quand paraîtra le prochain."),
    )
    figures_title = forms.CharField(
        label=_("Titre de la page des chiffres"),
        max_length=120,
        required=False,
        help_text=_("Par exemple : Ce qu’il y a dans le filet."),
    )
    change_note = forms.CharField(
        label=_("Ce que cette édition corrige"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites ce que cette édition corrige.")},
    )

    def __init__(self, *args: Any, edition: Edition | None = None, **options: Any) -> None:
        names = ("title", "period", "editorial", "colophon", "figures_title", "change_note")
        if edition is not None:
            options["initial"] = {name: getattr(edition, name) for name in names}
        super().__init__(*args, row=edition, names=names, **options)
        if edition is None or not edition.replaces_id:
            del self.fields["change_note"]


class ChapterForm(WrittenTogether):
    title = forms.CharField(
        label=_("Titre de l’escale"), max_length=120, error_messages={"required": _("Donnez un titre à l’escale.")}
    )
    place = forms.CharField(label=_("Où"), max_length=120, required=False)
    period = forms.CharField(label=_("Quand"), max_length=120, required=False)
    chantier = forms.ModelChoiceField(
        label=_("Le chantier dont elle parle"),
        queryset=Chantier.objects.none(),
        required=False,
        empty_label=_("Aucun en particulier"),
    )
    introduction = forms.CharField(
        label=_("Récit"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Une ligne vide entre deux paragraphes."),
    )

    def __init__(self, *args: Any, chantiers: Any, chapter: Chapter | None = None, **options: Any) -> None:
        names = ("title", "place", "period", "introduction")
        if chapter is not None:
            options["initial"] = {name: getattr(chapter, name) for name in names} | {"chantier": chapter.chantier_id}
        super().__init__(*args, row=chapter, names=names, **options)
        self.fields["chantier"].queryset = chantiers


class PlaceForm(forms.Form):
    """One thing chosen, into a chapter of this edition."""

    chapter = forms.ModelChoiceField(label=_("Dans l’escale"), queryset=Chapter.objects.none())

    def __init__(self, *args: Any, chapters: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["chapter"].queryset = chapters


class LayoutForm(forms.Form):
    layout = forms.TypedChoiceField(label=_("Mise en page"), coerce=Layout)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["layout"].choices = layouts_of(kind)


def layouts_of(kind: str) -> list[tuple[str, Any]]:
    """(code, words) of the layouts that suit a nature."""
    return [(layout.value, layout.label) for layout in LAYOUTS[EntryKind(kind)]]


class FigureForm(forms.Form):
    value = forms.CharField(label=_("Chiffre"), max_length=40, required=False)
    title = forms.CharField(label=_("Ce qu’il compte"), max_length=160, required=False)
    source = forms.CharField(label=_("D’où il vient"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("value")) != bool(data.get("title")):
            missing = "title" if data.get("value") else "value"
            self.add_error(missing, _("Un chiffre va avec ce qu’il compte."))
        return data


FigureFormSet = forms.formset_factory(FigureForm, extra=SPARE, max_num=24)
