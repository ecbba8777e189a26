"""What is typed and chosen while sorting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.models import Contribution
from dialogue.contributions.sorting import Filters, Frame
from dialogue.contributions.stages import Nature
from dialogue.language.text import normalise
from dialogue.territories.models import Commune
from dialogue.territories.queries import find_communes

NOTHING = [("", "–")]
LONGEST_TEXT = 200
OTHER = "autre"
MOST_CHOSEN = 200


def filters_of(query: Any, frame: Frame) -> Filters:
    """The filters of a query string; what means nothing is left aside."""
    text = query.get("q", "").replace("\x00", "")[:LONGEST_TEXT]
    known = query.copy()
    for name in [name for name in known if name not in {"campagne", "territoire", "theme", "q", "sans_theme", "a_moi", "retard"}]:
        known.pop(name)
    code = query.get("campagne", ""), query.get("territoire", "")
    return Filters(
        campaign=next((row for row in frame.campaigns if row.slug == code[0]), None),
        territory=next((row for row in frame.territories if row.code == code[1]), None),
        theme=frame.theme(query.get("theme", "")),
        text=text,
        unclassified=query.get("sans_theme") == "1",
        mine=query.get("a_moi") == "1",
        late=query.get("retard") == "1",
        query=known.urlencode(),
    )


def coded(rows: Any, empty: str = "–") -> list[tuple[str, str]]:
    return [("", empty), *((row.code, str(row)) for row in rows)]


class SortForm(forms.Form):
    """On what and where; the revision that the page was made from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    other_theme = forms.ChoiceField(label=_("Autre thème"), required=False)
    second_theme = forms.ChoiceField(label=_("Second thème"), required=False)
    commune = forms.CharField(
        label=_("Commune"), max_length=120, required=False, help_text=_("Son nom, ou son code INSEE. Le territoire en découle.")
    )
    territory = forms.ChoiceField(label=_("Territoire"), required=False)
    nature = forms.ChoiceField(label=_("Nature"), required=False, choices=NOTHING + Nature.choices)
    motive = forms.CharField(
        label=_("Motif, que son auteur lira"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Dites ce qui manque, ou pourquoi elle ne peut pas être retenue."),
    )
    template = forms.ChoiceField(label=_("Modèle"), required=False)

    def __init__(self, *args: Any, frame: Frame, templates: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frame, self.templates = frame, {str(row.pk): row for row in templates}
        themes = coded(frame.themes)
        for name in ("other_theme", "second_theme"):
            self._choices(name, themes)
        self._choices("theme", [*themes, (OTHER, _("un autre"))])
        self._choices("territory", coded(frame.territories))
        self._choices("template", [("", "–"), *((key, row.title) for key, row in self.templates.items())])

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_commune(self) -> Commune | None:
        typed = self.cleaned_data["commune"].replace("\x00", "").strip()
        if not typed:
            return None
        found = list(find_communes(typed)[:9])
        exact = [row for row in found if normalise(row.name) == normalise(typed) or row.insee_code == typed.upper()]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError(_("Nous ne connaissons pas cette commune : corrigez son nom, ou videz le champ."))
        names = ", ".join(f"{row.name} ({row.insee_code})" for row in found[:8])
        raise forms.ValidationError(_("Plusieurs communes portent ces mots : %(names)s. Écrivez le code."), params={"names": names})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        code = data.get("theme") or ""
        code = data.get("other_theme", "") if code in {"", OTHER} else code
        data["chosen_theme"] = self.frame.theme(code)
        data["chosen_second"] = self.frame.theme(data.get("second_theme") or "")
        where = data.get("territory") or ""
        data["chosen_territory"] = next((row for row in self.frame.territories if row.code == where), None)
        return data

    @property
    def said(self) -> dict[str, Any]:
        """What `qualify` and `requalify` take."""
        data = self.cleaned_data
        return {
            "theme": data["chosen_theme"],
            "second_theme": data["chosen_second"],
            "territory": data["chosen_territory"],
            "commune": data["commune"],
            "nature": data["nature"],
        }


def initial_of(contribution: Contribution, suggested: list[str]) -> dict[str, Any]:
    """What the contribution says already. A suggestion is never chosen beforehand."""
    theme = contribution.theme.code if contribution.theme_id and contribution.theme else ""
    return {
        "revision": contribution.revision,
        "theme": theme if theme in suggested else OTHER if theme else "",
        "other_theme": "" if theme in suggested else theme,
        "second_theme": contribution.second_theme.code if contribution.second_theme else "",
        "commune": contribution.commune.name if contribution.commune else "",
        "territory": contribution.territory.code if contribution.territory else "",
        "nature": contribution.nature,
        "motive": contribution.motive,
    }


class BulkForm(forms.Form):
    """What is done to several contributions in one go."""

    ACTIONS = [
        ("accept", _("Accepter les suggestions les plus sûres")),
        ("admissible", _("Dire recevables")),
        ("theme", _("Donner un thème")),
        ("territory", _("Donner un territoire")),
        ("assign", _("Confier à quelqu’un")),
    ]
    action = forms.ChoiceField(label=_("Que faire ?"), choices=ACTIONS)
    scope = forms.ChoiceField(
        label=_("Pour lesquelles ?"),
        choices=[("chosen", _("celles que je coche")), ("all", _("tout ce qui correspond au filtre"))],
    )
    confidence = forms.IntegerField(
        label=_("Confiance d’au moins, en %"), min_value=50, max_value=100, initial=80, required=False
    )
    theme = forms.ChoiceField(label=_("Thème à donner"), required=False)
    territory = forms.ChoiceField(label=_("Territoire à donner"), required=False)
    person = forms.ChoiceField(label=_("À qui ?"), required=False)

    def __init__(self, *args: Any, frame: Frame, people: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "lot_%s")
        super().__init__(*args, **kwargs)
        self.frame, self.people = frame, {str(row.pk): row for row in people}
        self.fields["theme"].choices = coded(frame.themes)  # type: ignore[attr-defined]
        self.fields["territory"].choices = coded(frame.territories)  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "–"), *((key, str(row)) for key, row in self.people.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        needed = {
            "accept": ("confidence", _("Dites à partir de quelle confiance, entre 50 et 100 %.")),
            "theme": ("theme", _("Choisissez le thème à donner.")),
            "territory": ("territory", _("Choisissez le territoire à donner.")),
            "assign": ("person", _("Choisissez à qui les confier.")),
        }
        name, sentence = needed.get(data.get("action", ""), ("", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, sentence)
        return data
