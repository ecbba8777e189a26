"""Forms of an import: the file, how it is read, what each column is, words that are not ours, the last word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.acts import imports_run
from dialogue.contributions.importing import tables
from dialogue.contributions.importing.fields import FIELDS
from dialogue.contributions.importing.places import Frame
from dialogue.contributions.models import Campaign, ImportBatch
from dialogue.contributions.stages import Naming, Nature
from dialogue.territories.models import Territory, Theme

DELIMITER_LABELS = {";": _("point-virgule ;"), ",": _("virgule ,"), "\t": _("tabulation"), "|": _("barre |")}
ENCODING_LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": _("UTF-8 avec marque (Excel)"),
    "cp1252": _("Windows (cp1252)"),
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "mac_roman": _("Mac ancien"),
}
CIRCLES = {"": _("Comme le dit la campagne"), "partners": _("Au plus les partenaires"), "group": _("L’équipe seulement")}
#: Answer of the form that leaves a word without theme or place.
IGNORE = "-"
#: Words asked about at once, of each kind: the most frequent ones.
SHOWN_WORDS = 30


class UploadForm(forms.Form):
    campaign = forms.ModelChoiceField(
        Campaign.objects.all(),
        label=_("Campagne"),
        empty_label=_("Choisissez…"),
        error_messages={
            "required": _("Choisissez la campagne où entrent ces contributions."),
            "invalid_choice": _("Choisissez une campagne de la liste."),
        },
    )
    file = forms.FileField(
        label=_("Fichier"),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide : vérifiez que c’est le bon, puis enregistrez-le de nouveau."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        limit = {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
        self.fields["file"].help_text = _("CSV, XLSX, ODS, ou export des propositions de Decidim. %(limit)s Mo au plus.") % limit

    def clean_campaign(self) -> Campaign:
        return self.cleaned_data["campaign"]


class SourceForm(forms.Form):
    """What was recognised, and may be corrected."""

    encoding = forms.ChoiceField(label=_("Encodage"))
    delimiter = forms.ChoiceField(label=_("Séparateur"))
    sheet = forms.ChoiceField(label=_("Feuille"))

    def __init__(self, *args: Any, batch: ImportBatch, **options: Any) -> None:
        source = batch.source
        kept = {key: source.get(key, "") for key in ("encoding", "delimiter", "sheet")}
        super().__init__(*args, initial=kept, **options)
        if source["kind"] == "csv":
            encodings = dict.fromkeys([source["encoding"], *tables.ENCODINGS])
            self.fields["encoding"].choices = [(code, ENCODING_LABELS.get(code, code)) for code in encodings]
            delimiters = dict.fromkeys([source["delimiter"], *tables.DELIMITERS])
            self.fields["delimiter"].choices = [(code, DELIMITER_LABELS.get(code, code)) for code in delimiters]
            del self.fields["sheet"]
        else:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [(name, name) for name in source.get("sheets", [])]
            if len(source.get("sheets", [])) < 2:  # noqa: PLR2004
                del self.fields["sheet"]


class ColumnsForm(forms.Form):
    """Our field ← a column; what holds for all lines."""

    nature = forms.ChoiceField(
        label=_("Nature des lignes qui n’en disent pas"), choices=[("", _("Aucune")), *Nature.choices], required=False
    )
    written_on = forms.DateField(
        label=_("Date des lignes qui n’en disent pas"),
        required=False,
        help_text=_("Vide : le jour du dépôt du fichier."),
        widget=forms.DateInput,
        error_messages={"invalid": _("Écrivez la date ainsi : 14/11/2016.")},
    )
    naming = forms.ChoiceField(
        label=_("Sous quel nom les montrer ?"),
        choices=[
            (Naming.ANONYMOUS.value, _("sans nom")),
            (Naming.ORGANISATION.value, _("le nom de l’organisme")),
            (Naming.NAME.value, _("le nom de l’auteur")),
        ],
        help_text=_("Les adresses électroniques ne sont jamais montrées."),
    )
    circle = forms.ChoiceField(label=_("Qui pourra les lire ?"), choices=list(CIRCLES.items()), required=False)
    may_publish = forms.BooleanField(
        label=_("J’affirme que les auteurs ont accepté la publication de leurs textes."),
        required=False,
        help_text=_("Sans cet accord, seule l’équipe de coordination les lit."),
    )

    def __init__(self, *args: Any, batch: ImportBatch, **options: Any) -> None:
        super().__init__(*args, initial=dict(batch.choices), **options)
        columns = [("", _("Pas dans le fichier"))]
        columns += [(str(place), name or tables.letter(place)) for place, name in enumerate(batch.header)]
        if imports_run.acknowledgers:
            self.fields["tell_authors"] = forms.BooleanField(
                label=_("Envoyer un accusé de réception à chaque auteur dont l’adresse est dans le fichier."),
                required=False,
                help_text=_("Sans cela, aucun courriel ne part."),
            )
        for field in FIELDS:
            place = batch.mapping.get(field.code)
            self.fields[f"col_{field.code}"] = forms.ChoiceField(
                label=field.label,
                help_text=field.help,
                choices=columns,
                required=False,
                initial="" if place is None else str(place),
                error_messages={"invalid_choice": _("Choisissez une colonne de la liste.")},
            )

    @property
    def columns(self) -> list[Any]:
        return [self[f"col_{field.code}"] for field in FIELDS]

    @property
    def options(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("col_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("col_title") and not cleaned.get("col_text"):
            self.add_error("col_text", _("Dites au moins quelle colonne contient le texte, ou le titre."))
        return cleaned

    @property
    def mapping(self) -> dict[str, int]:
        said = {field.code: self.cleaned_data.get(f"col_{field.code}", "") for field in FIELDS}
        return {code: int(place) for code, place in said.items() if place}

    @property
    def choices(self) -> dict[str, Any]:
        data = self.cleaned_data
        day = data["written_on"]
        return {
            "nature": data["nature"],
            "written_on": day.isoformat() if day else "",
            "naming": data["naming"],
            "circle": data["circle"],
            "may_publish": data["may_publish"],
            "tell_authors": bool(data.get("tell_authors")),
        }


class WordsForm(forms.Form):
    """Words of the file that are not ours → ours. What the names suggest is offered, never taken without a person."""

    def __init__(self, *args: Any, batch: ImportBatch, frame: Frame, **options: Any) -> None:
        super().__init__(*args, **options)
        self.words: dict[str, tuple[str, str, int, bool]] = {}
        themes = [(theme.code, theme.name) for theme in Theme.objects.all()]
        territories = [(row.code, row.name) for row in Territory.objects.all()]
        kinds: dict[str, tuple[Any, list[tuple[str, str]] | None]] = {
            "themes": (frame.themes, themes),
            "territories": (frame.territories, territories),
            "communes": (frame.communes, None),
        }
        for kind, (names, choices) in kinds.items():
            for place, (word, lines) in enumerate(batch.source.get("words", {}).get(kind, [])[:SHOWN_WORDS]):
                near = [(getattr(one, "code", "") or one.insee_code, one.name) for one in names.nearest(word)]
                guess = near[0][0] if near else ""
                self.words[f"{kind}_{place}"] = (kind, word, lines, bool(guess))
                # Of the communes, there are hundreds, only those that look like it are offered.
                offered = near if choices is None else choices
                self.fields[f"{kind}_{place}"] = forms.ChoiceField(
                    label=word,
                    choices=[("", _("Laisser en attente")), (IGNORE, _("Ignorer ce mot")), *offered],
                    required=False,
                    initial=guess,
                )

    def rows(self, kind: str) -> list[dict[str, Any]]:
        return [
            {"word": word, "lines": lines, "field": self[name], "guessed": guessed}
            for name, (which, word, lines, guessed) in self.words.items()
            if which == kind
        ]

    @property
    def said(self) -> dict[str, dict[str, str]]:
        """kind → word → code; "" for a word to ignore."""
        found: dict[str, dict[str, str]] = {}
        for name, (kind, word, _lines, _guessed) in self.words.items():
            if answer := self.cleaned_data[name]:
                found.setdefault(kind, {})[word] = "" if answer == IGNORE else answer
        return found

