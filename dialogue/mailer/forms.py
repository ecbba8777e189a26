"""The choices of a person: one line a kind, for everything or for one space."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.mailer import kinds
from dialogue.mailer.kinds import Frequency, Kind, Mode
from dialogue.mailer.models import Choice, Rhythm

WRONG = {"invalid_choice": _("Choisissez parmi les réponses proposées."), "required": _("Choisissez une des réponses.")}
#: In a space, nothing chosen means: as everywhere else.
AS_USUAL = "as-usual"
USUAL: tuple[str, str | Promise] = (AS_USUAL, _("comme d’habitude"))


@dataclass(frozen=True)
class Line:
    """One line of the table: a kind, and one button for each answer."""

    field: BoundField

    kind: Kind

    @property
    def default(self) -> str | Promise:
        """When it leaves for someone who chose nothing."""
        return self.kind.default.label

    @property
    def buttons(self) -> list[Any]:
        return list(self.field.subwidgets)


class ChoicesForm(forms.Form):
    """Every optional kind shows when it leaves now. What was never chosen and still equals the default is not recorded."""

    def __init__(self, person: Any, *args: Any, space: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.space = space
        self.chosen = dict(Choice.objects.filter(person=person, space=space).values_list("kind", "mode"))
        self.rhythm, self.quiet = Rhythm.objects.filter(person=person).values_list("frequency", "quiet").first() or ("", True)
        self.kinds = kinds.choosable(in_space=bool(space))
        for kind in self.kinds:
            self.fields[kind.code] = forms.ChoiceField(
                label=str(kind.label),
                choices=self.answers,
                widget=forms.RadioSelect,
                initial=self.chosen.get(kind.code, AS_USUAL if space else kind.default),
                error_messages=WRONG,
            )
        if not space:
            self.fields["frequency"] = forms.ChoiceField(
                label=_("Quand recevoir le résumé ?"),
                help_text=_(
                    "Il part à 8 heures, seulement s’il y a du nouveau. « Jamais » : ce qui devait s’y trouver n’est pas envoyé."
                ),
                choices=Frequency.choices,
                initial=self.rhythm or Frequency.WEEKLY,
                error_messages=WRONG,
            )
            self.fields["quiet_hours"] = forms.BooleanField(
                label=_("Ne rien m’envoyer le soir après 20 heures, la nuit avant 7 heures, ni le dimanche"),
                help_text=_(
                    "Ce qui attendait part à 7 heures. Les codes et les convocations pour le lendemain partent toujours tout de suite."
                ),
                required=False,
                initial=self.quiet,
            )

    @property
    def answers(self) -> list[tuple[str, str | Promise]]:
        return [USUAL, *Mode.choices] if self.space else list(Mode.choices)

    @property
    def lines(self) -> Iterator[Line]:
        return (Line(self[kind.code], kind) for kind in self.kinds)

    def decided(self) -> dict[str, Any]:
        """The arguments of the act: only what differs from what stands, so that defaults stay defaults."""
        choices = {}
        for kind in self.kinds:
            wanted, stands = self.cleaned_data[kind.code], self.chosen.get(kind.code, "")
            if self.space:
                wanted = "" if wanted == AS_USUAL else wanted
            elif not stands and wanted == kind.default:
                wanted = ""
            if wanted != stands:
                choices[kind.code] = wanted
        frequency = self.cleaned_data.get("frequency")
        stands = self.rhythm or Frequency.WEEKLY
        quiet = self.cleaned_data.get("quiet_hours")
        return {
            "choices": choices,
            "space": self.space,
            "frequency": frequency if frequency != stands else None,
            "quiet_hours": quiet if quiet != self.quiet and not self.space else None,
        }
