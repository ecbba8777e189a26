"""The form of a token, and the choices of a list to embed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier
from dialogue.opendata.resources import PUBLIC
from dialogue.opendata.stages import Scope
from dialogue.territories.models import Territory, Theme

USUAL_LIFE = timedelta(days=180)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("À quoi sert ce jeton ?"), max_length=80, help_text=_("Par exemple : formulaire de la médiathèque.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Que permet-il ?"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien d’autre : un jeton ne lit que ce que tout le monde lit."),
    )  # fmt: skip
    expires_on = forms.DateField(label=_("Valable jusqu’au"), help_text=_("Un an au plus."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = today + USUAL_LIFE


class Kind:
    """What can be embedded."""

    CHANTIERS, CHANTIER, DATES = "chantiers", "chantier", "dates"
    CHOICES = [
        (CHANTIERS, _("La liste des chantiers")),
        (CHANTIER, _("Un chantier")),
        (DATES, _("Les prochaines dates")),
    ]


LOOKS = [("auto", _("Comme l’appareil du lecteur")), ("clair", _("Clair")), ("sombre", _("Sombre"))]
LEAST, USUAL_HEIGHT, MOST_HEIGHT = 200, 520, 2000


class EmbedForm(forms.Form):
    """In the address: nothing is kept."""

    quoi = forms.ChoiceField(label=_("Que voulez-vous montrer ?"), choices=Kind.CHOICES, required=False)
    chantier = forms.ChoiceField(label=_("Chantier"), required=False, help_text=_("Pour montrer un seul chantier."))
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    territoire = forms.ChoiceField(label=_("Territoire"), required=False)
    nombre = forms.IntegerField(
        label=_("Combien de lignes ?"), min_value=1, max_value=50, required=False,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), _("Entre 1 et 50 lignes.")),
    )  # fmt: skip
    apparence = forms.ChoiceField(label=_("Apparence"), choices=LOOKS, required=False)
    hauteur = forms.IntegerField(
        label=_("Hauteur, en pixels"), min_value=LEAST, max_value=MOST_HEIGHT, required=False,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), _("Entre 200 et 2 000 pixels.")),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quoi"].says_optional = False  # one of them is always shown
        rows = Chantier.objects.visible_to(PUBLIC).order_by("number").values_list("slug", "title")
        choices = {
            "chantier": [("", _("Choisir un chantier")), *rows],
            "theme": [("", _("Tous les thèmes")), *Theme.objects.values_list("code", "name")],
            "territoire": [("", _("Tous les territoires")), *Territory.objects.values_list("code", "name")],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = values

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("quoi") == Kind.CHANTIER and not found.get("chantier") and "chantier" not in self.errors:
            self.add_error("chantier", _("Choisissez le chantier à montrer."))
        return found
