"""The choices of a person, one field a kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.mailer import kinds
from dialogue.mailer.kinds import Mode
from dialogue.mailer.models import Choice


class ChoicesForm(forms.Form):
    """`modes()` gives what was chosen; what stays on the default is not a choice."""

    def __init__(self, person: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = dict(Choice.objects.filter(person=person, space="").values_list("kind", "mode"))
        for kind in optional_kinds():
            default = _("par défaut : %(mode)s") % {"mode": kind.default.label}
            self.fields[kind.code] = forms.ChoiceField(
                label=kind.label,
                choices=[("", default), *Mode.choices],
                required=False,
                initial=chosen.get(kind.code, ""),
                error_messages={"invalid_choice": _("Choisissez parmi les réponses proposées.")},
            )

    def modes(self) -> dict[str, str]:
        return dict(self.cleaned_data)


def optional_kinds() -> list[kinds.Kind]:
    return [kind for kind in kinds.REGISTRY.values() if not kind.mandatory]


def mandatory_kinds() -> list[kinds.Kind]:
    return [kind for kind in kinds.REGISTRY.values() if kind.mandatory]
