"""The second reading: how much is drawn, what the second reader says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.territories.models import Theme


class DrawForm(forms.Form):
    percent = forms.IntegerField(label=_("Part à relire, en %"), min_value=1, max_value=100, initial=5)
    seed = forms.IntegerField(
        label=_("Numéro de tirage"),
        min_value=1,
        max_value=9999,
        initial=1,
        help_text=_("Le même jour, le même numéro tire les mêmes contributions : chacun peut le vérifier."),
    )


class ThemeForm(forms.Form):
    theme = forms.ModelChoiceField(
        label=_("Quel est le thème ?"), queryset=Theme.objects.none(), empty_label="–", to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.defer("description", "keywords")  # type: ignore[attr-defined]
