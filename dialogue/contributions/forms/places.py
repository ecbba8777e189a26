"""Where, in a form: a commune by its name as people write it, and the territory."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.language.text import normalise
from dialogue.territories.models import Commune, Territory

#: What is written short in names of communes.
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_CODE = re.compile(r"\(?\s*(\d[\dAB]\d{3})\s*\)?\s*$", re.IGNORECASE)
MOST_OFFERED, NEAREST = 12, 3
UNKNOWN = "?"


def folded(name: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in normalise(name).split())


def names() -> list[tuple[str, str]]:
    """(INSEE code, name) of every commune: some hundreds."""
    return list(Commune.objects.order_by("name", "insee_code").values_list("insee_code", "name"))


def offered(typed: str) -> list[Commune]:
    """What completes the words typed so far: names that begin so, then those that hold them."""
    wanted = folded(typed)
    if not wanted:
        return []
    known = [(folded(name), code) for code, name in names()]
    begin = [code for name, code in known if name.startswith(wanted)]
    hold = [code for name, code in known if wanted in name and not name.startswith(wanted)]
    codes = [*begin, *hold][:MOST_OFFERED]
    rows = Commune.objects.select_related("territory").in_bulk(codes)
    return [rows[code] for code in codes]


def nearest(typed: str) -> list[str]:
    """Names that look like what was typed."""
    by_folded = {folded(name): name for _code, name in names()}
    return [by_folded[key] for key in difflib.get_close_matches(folded(typed), by_folded, n=NEAREST, cutoff=0.6)]


class CommuneField(forms.CharField):
    """A commune by its name, accents aside, or its INSEE code; cleaned to the row, or None. Homonyms are in `choices` of the error."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "communes", "autocomplete": "address-level2", "data-completion": ""})
        super().__init__(**{"label": gettext_lazy("Commune"), "required": False, "max_length": 80, "widget": widget} | options)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Commune) else value

    def clean(self, value: Any) -> Any:
        text = super().clean((value or "").replace("\x00", "") if isinstance(value, str) else value)
        if not text:
            return None
        rows = Commune.objects.select_related("territory")
        code = _CODE.search(text)
        if code and (found := rows.filter(pk=code[1].upper()).first()):
            return found
        wanted = folded(text)
        codes = [pk for pk, name in names() if folded(name) == wanted]
        if len(codes) == 1:
            return rows.get(pk=codes[0])
        if codes:
            raise Homonyms(list(rows.filter(pk__in=codes).order_by("territory", "pk")))
        if close := nearest(text):
            sentence = _("Cette commune n’est pas dans la liste. Voulez-vous dire : %(names)s ?") % {"names": ", ".join(close)}
        else:
            sentence = _("Cette commune n’est pas dans la liste : écrivez son nom entier, ou laissez vide.")
        raise forms.ValidationError(sentence, code="unknown")


class Homonyms(forms.ValidationError):
    """Several communes have this name; `rows` are they, for the person to choose."""

    def __init__(self, rows: list[Commune]) -> None:
        super().__init__(_("Plusieurs communes portent ce nom : choisissez la vôtre ci-dessous."), code="homonyms")
        self.rows = rows


class PlaceForm(forms.Form):
    """Territory and commune that agree. `territories`: those of the campaign; none means all."""

    territory = forms.ChoiceField(
        label=gettext_lazy("Territoire"),
        help_text=gettext_lazy("Vous hésitez ? Indiquez la commune, nous trouverons."),
        required=False,
    )
    commune = CommuneField()
    commune_code = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)

    def __init__(self, *args: Any, territories: Iterable[Territory] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.territories = {row.code: row for row in territories} or {row.code: row for row in Territory.objects.all()}
        self.homonyms: list[Commune] = []
        self.fields["territory"].choices = [
            ("", _("Choisir…")),
            *((code, row.name) for code, row in self.territories.items()),
            (UNKNOWN, _("Je ne sais pas")),
        ]

    def add_error(self, field: str | None, error: Any) -> None:
        if isinstance(error, Homonyms):
            self.homonyms = error.rows
            chosen = next((row for row in error.rows if row.pk == self.data.get(self.add_prefix("commune_code"))), None)
            if chosen is not None:
                self.cleaned_data["commune"] = chosen
                return
        super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        commune, code = data.get("commune"), data.get("territory", "")
        if commune is None and not code and "commune" not in self.errors:
            self.add_error("territory", _("Choisissez un territoire dans la liste, ou « Je ne sais pas »."))
        if commune is not None and commune.territory.code not in self.territories:
            self.add_error("commune", _("Cette campagne ne concerne pas le territoire de cette commune."))
        elif commune is not None and code not in {"", UNKNOWN, commune.territory.code}:
            # The commune says more than the list; the territory follows from it.
            code = commune.territory.code
        data["territory"] = commune.territory if commune is not None else self.territories.get(code)
        data.pop("commune_code", None)
        return data
