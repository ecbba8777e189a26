"""Forms of the coordination's screens on the frame."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.ledger.acts import Refused
from dialogue.people.stages import Circle
from dialogue.territories import logos
from dialogue.territories.models import BRAND_SETTINGS, CalendarDate, Commune, Department, Territory, Theme
from dialogue.territories.stages import Precision
from dialogue.ui.icons import ICONS

#: The icons drawn for themes, in the order of the design.
THEME_ICONS = [
    ("pomme", _("pomme")), ("bus", _("bus")), ("maison", _("maison")), ("canne", _("personne et canne")), ("porte", _("porte")),
    ("anneaux", _("anneaux")), ("landau", _("landau")), ("mallette", _("mallette")), ("ecran", _("écran")), ("foyer", _("foyer")),
    ("etoiles", _("étoiles")), ("clocher", _("clocher")), ("livre", _("livre")), ("famille", _("famille")), ("doc", _("feuille")),
]  # fmt: skip


def _messages(sentence: Any) -> dict[str, Any]:
    """The same sentence for every way in which a number can be wrong."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), sentence)


class BrandForm(forms.ModelForm):
    """The whole brand in one screen."""

    logo_file = forms.FileField(
        label=_("Nouveau logo"),
        required=False,
        help_text=_("PNG, JPEG ou WebP, 300 Ko au plus. Il remplace le dessin d’en-tête."),
    )
    remove_logo = forms.BooleanField(label=_("Retirer le logo actuel"), required=False)

    class Meta:
        model = Department
        fields = [
            "name", "site_name", "tagline", *BRAND_SETTINGS, "contact_service", "contact_email", "contact_phone", "siret",
            "publisher", "host", "privacy_contact", "presentation",
        ]  # fmt: skip
        error_messages = {
            "name": {"required": _("Écrivez le nom du Département.")},
            "site_name": {"required": _("Écrivez le nom du site.")},
            "contact_service": {"required": _("Écrivez le nom du service à contacter.")},
            **dict.fromkeys(("hue", "accent_hue", "earth_hue"), _messages(_("Indiquez un angle de 0 à 360."))),
            "vividness": _messages(_("Indiquez une vivacité de 0,5 à 1,2.")),
            "radius": _messages(_("Indiquez un arrondi de 0 à 1.")),
        }
        labels = {
            "hue": _("Couleur principale"),
            "accent_hue": _("Couleur d’accent"),
            "earth_hue": _("Couleur des fonds"),
        }
        help_texts = {
            "hue": _("Un angle de 0 à 360 : 30 rouge orangé, 90 jaune, 150 vert, 218 bleu d’estuaire, 300 violet."),
            "accent_hue": _("De 0 à 360. Numéros, étape en cours, exergues."),
            "earth_hue": _("De 0 à 360. Bandeaux et fonds de page, très pâles."),
            "vividness": _("De 0,5 (sobre) à 1,2 (vif)."),
            "radius": _("De 0 (anguleux) à 1 (rond)."),
            "tagline": _("Une ligne sous le nom du site."),
            "siret": _("Quatorze chiffres, sans espace. Il nomme le Département dans les données ouvertes des délibérations."),
            "publisher": _("Pour les mentions légales."),
            "host": _("Nom et adresse, pour les mentions légales."),
            "privacy_contact": _("Adresse électronique ou postale, pour la page sur les données personnelles."),
        }
        widgets = {
            "hue": forms.NumberInput(attrs={"min": 0, "max": 360}),
            "accent_hue": forms.NumberInput(attrs={"min": 0, "max": 360}),
            "earth_hue": forms.NumberInput(attrs={"min": 0, "max": 360}),
            "vividness": forms.NumberInput(attrs={"min": "0.5", "max": "1.2", "step": "0.05"}),
            "radius": forms.NumberInput(attrs={"min": "0", "max": "1", "step": "0.05"}),
            "presentation": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.instance and self.instance.logo):
            del self.fields["remove_logo"]

    def clean_logo_file(self) -> bytes | None:
        file = self.cleaned_data.get("logo_file")
        if not file:
            return None
        content = file.read(logos.MAX_BYTES + 1)
        try:
            logos.judge(content)
        except Refused as refused:
            raise forms.ValidationError(refused.reasons) from refused
        return content

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes, apart from the logo."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class TerritoryForm(forms.ModelForm):
    class Meta:
        model = Territory
        fields = ["name", "short_name", "order", "tile_row", "tile_column", "description"]
        help_texts = {
            "order": _("Dans les listes : 0 en premier."),
            "tile_row": _("1 en haut, au nord."),
            "tile_column": _("1 à gauche, à l’ouest."),
        }
        error_messages = {
            "name": {"required": _("Écrivez un nom."), "unique": _("Un autre territoire porte ce nom. Choisissez-en un autre.")}
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        row, column = data.get("tile_row"), data.get("tile_column")
        taken = (
            Territory.objects.filter(tile_row=row, tile_column=column).exclude(pk=self.instance.pk).first()
            if row and column
            else None
        )
        if taken:
            self.add_error("tile_row", _("Cette tuile est celle de %(name)s. Choisissez une autre place.") % {"name": taken.name})
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # The tile's constraint is said by `clean`, with the name of the territory that holds it.
        return {*super()._get_validation_exclusions(), "tile_column"}


class ThemeForm(forms.ModelForm):
    icon = forms.ChoiceField(label=_("Icône"), choices=THEME_ICONS)
    keywords = forms.CharField(
        label=_("Mots-clés"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Séparés par des virgules, quarante au plus. Ils aident à classer et à chercher."),
    )

    class Meta:
        model = Theme
        fields = ["name", "short_name", "icon", "keywords", "description", "order"]
        help_texts = {"order": _("Dans les listes : 0 en premier.")}
        error_messages = {
            "name": {"required": _("Écrivez un nom."), "unique": _("Un autre thème porte ce nom. Choisissez-en un autre.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["keywords"] = ", ".join(self.instance.keywords)
        if self.instance.icon not in dict(THEME_ICONS) and self.instance.icon in ICONS:
            self.fields["icon"].choices = [*THEME_ICONS, (self.instance.icon, self.instance.icon)]

    def clean_keywords(self) -> list[str]:
        words = [" ".join(word.split()) for word in self.cleaned_data["keywords"].replace("\n", ",").split(",")]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > 40:  # noqa: PLR2004 — as in the frame's schema
            raise forms.ValidationError(_("Gardez quarante mots-clés au plus."))
        if any(len(word) > 40 for word in words):  # noqa: PLR2004
            raise forms.ValidationError(_("Un mot-clé a quarante signes au plus. Séparez-les par des virgules."))
        return words


class MoveCommuneForm(forms.Form):
    territory = forms.ModelChoiceField(
        Territory.objects.all(),
        label=_("Nouveau territoire"),
        error_messages={
            "required": _("Choisissez un territoire dans la liste."),
            "invalid_choice": _("Choisissez un territoire dans la liste."),
        },
    )

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = Territory.objects.exclude(pk=commune.territory_id)  # type: ignore[attr-defined]


class DateForm(forms.ModelForm):
    circle = forms.ChoiceField(
        label=_("Qui peut lire"),
        choices=[choice for choice in Circle.choices if choice[0] != Circle.GROUP],
        initial=Circle.PUBLIC,
    )

    class Meta:
        model = CalendarDate
        fields = [
            "kind", "series", "title", "territory", "precision", "starts_on", "ends_on", "starts_at", "place",
            "description", "circle",
        ]  # fmt: skip
        error_messages = {
            "title": {"required": _("Écrivez un titre.")},
            "kind": {"required": _("Choisissez une nature dans la liste.")},
            "starts_on": {
                "required": _("Indiquez une date."),
                "invalid": _("Indiquez une date qui existe, par exemple 14/11/2017."),
            },
            "ends_on": {"invalid": _("Indiquez une date qui existe, par exemple 14/11/2017.")},
            "starts_at": {"invalid": _("Indiquez une heure, par exemple 18:30.")},
            "territory": {"invalid_choice": _("Choisissez un territoire dans la liste.")},
        }
        help_texts = {
            "precision": _("Ce que l’on sait de la date. Pour un mois, donnez n’importe quel jour du mois."),
            "starts_on": "",
            "starts_at": _("Si l’on connaît l’heure."),
            "territory": _("Si la date ne concerne qu’un territoire."),
        }
        widgets = {
            "starts_on": forms.DateInput(),
            "ends_on": forms.DateInput(),
            "starts_at": forms.TimeInput(),
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends, hour = data.get("starts_on"), data.get("ends_on"), data.get("starts_at")
        for name, day in (("starts_on", starts), ("ends_on", ends)):
            if day and not 1990 <= day.year <= 2100:  # noqa: PLR2004 — a typing error beyond
                self.add_error(name, _("Indiquez une année entre 1990 et 2100."))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("La fin précède le début. Indiquez une date de fin plus tardive."))
        precision = data.get("precision")
        if hour and precision and precision != Precision.TIME:
            self.add_error("starts_at", _("Choisissez la précision « heure », ou effacez l’heure."))
        if precision == Precision.TIME and not hour and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Indiquez l’heure, ou choisissez la précision « jour »."))
        if precision == Precision.MONTH and starts:
            data["starts_on"] = starts.replace(day=1)
        return data
