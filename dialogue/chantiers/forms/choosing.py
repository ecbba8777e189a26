"""Forms of the choice: putting a candidate, its note, what a council says, the chantier that opens from it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers import choosing_words, proof
from dialogue.chantiers.forms.life import ProposeForm
from dialogue.chantiers.models import Candidate
from dialogue.contributions.models import Contribution
from dialogue.territories.models import CalendarDate, Territory, Theme
from dialogue.territories.stages import DateKind

#: The most contributions that one structuring project rests on.
MOST = 2000
_NUMBER = re.compile(r"\d{1,9}")


def note_field() -> forms.CharField:
    return forms.CharField(
        label=_("Ce qui plaide pour lui"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que les chiffres ne disent pas. Elle paraît quand le candidat est annoncé, et entre dans la raison du chantier."),
    )


class PutForm(forms.Form):
    note = note_field()


class NoteForm(forms.Form):
    """`shown` is the note that the page was made from."""

    note = note_field()
    shown = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def renewed(self, stands: str) -> NoteForm:
        """What was typed, upon the note that stands now: sending it again is then a choice."""
        form = NoteForm({"note": self.cleaned_data["note"], "shown": stands})
        form.full_clean()
        return form


class StructuringForm(forms.Form):
    """A project that a person flags, from contributions that this person chose."""

    theme = forms.ModelChoiceField(
        Theme.objects.none(), label=_("Thème"), empty_label=_("Choisir dans la liste"),
        error_messages={"required": _("Choisissez un thème dans la liste.")},
    )  # fmt: skip
    territory = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Territoire"), empty_label=_("Choisir dans la liste"),
        error_messages={"required": _("Choisissez un territoire dans la liste.")},
    )  # fmt: skip
    numbers = forms.CharField(
        label=_("Numéros des contributions qui le portent"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Séparés par une virgule, un espace ou une ligne : 1284, 2051."),
        error_messages={"required": _("Indiquez au moins un numéro.")},
    )
    note = note_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        self.fields["territory"].queryset = Territory.objects.all()  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[Contribution]:
        wanted = list(dict.fromkeys(int(word) for word in _NUMBER.findall(self.cleaned_data["numbers"].replace("\u202f", ""))))
        if not wanted:
            raise ValidationError(_("Indiquez au moins un numéro."))
        if len(wanted) > MOST:
            raise ValidationError(_("Indiquez %(n)d numéros au plus."), params={"n": MOST})
        found = list(Contribution.objects.standing().filter(number__in=wanted).only("pk", "number"))
        missing = sorted(set(wanted) - {row.number for row in found})
        if missing:
            shown = ", ".join(str(n) for n in missing[:10])
            raise ValidationError(_("Aucune contribution en cours ne porte ces numéros : %(which)s."), params={"which": shown})
        return found


class CouncilForm(forms.Form):
    """Which council said so: those of the territory that were held, latest first."""

    council = forms.ModelChoiceField(
        CalendarDate.objects.none(), label=_("Conseil de territoire"), empty_label=_("Choisir dans la liste"),
        error_messages={"required": _("Choisissez le conseil qui a décidé.")},
    )  # fmt: skip

    def __init__(self, *args: Any, candidate: Candidate, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils_of(candidate.territory, today)  # type: ignore[attr-defined]


def councils_of(territory: Territory, today: date) -> Any:
    """The councils that may have decided for a territory: its own and those of all, held by `today`."""
    rows = CalendarDate.objects.filter(kind=DateKind.COUNCIL, starts_on__lte=today)
    return (rows.filter(territory=None) | rows.filter(territory=territory)).order_by("-starts_on", "pk")


def motive_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Motif"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Tout le monde le lira sur la page des contributions."),
        error_messages={"required": _("Écrivez le motif : tout le monde le lira.")},
        **options,
    )


class AnnounceForm(forms.Form):
    """Which council will examine it, when that is known."""

    council = forms.ModelChoiceField(
        CalendarDate.objects.none(), label=_("Conseil qui l’examinera"), empty_label=_("Pas encore fixé"), required=False
    )

    def __init__(self, *args: Any, candidate: Candidate, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = CalendarDate.objects.filter(kind=DateKind.COUNCIL)
        coming = rows.filter(territory=None).upcoming(today) | rows.filter(territory=candidate.territory).upcoming(today)
        self.fields["council"].queryset = coming.order_by("starts_on", "pk")  # type: ignore[attr-defined]


class SetAsideForm(CouncilForm):
    motive = motive_field()


class OpenForm(ProposeForm):
    """The chantier of a retained candidate, drafted from its evidence."""

    @classmethod
    def drafted(cls, candidate: Candidate, found: proof.Proof, data: Any = None) -> OpenForm:
        initial = {
            "theme": candidate.theme_id,
            "territories": [candidate.territory_id],
            "reason": candidate.reason,
            "reason_text": choosing_words.reason_text(candidate, found)[:2000],
            "evidence_count": found.basis_texts,
            "council": candidate.council_id,
            "circle": "public",
        }
        return cls(data, initial=initial)
