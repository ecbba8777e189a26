"""Forms of a publication, of its readers, of a renunciation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.forms.life import day_field
from dialogue.deliverables.acts.publishing import obstacle_to
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.stages import Access, Licence
from dialogue.people.circles import within
from dialogue.people.stages import Circle


def circles_for(deliverable: Deliverable) -> list[tuple[str, Any]]:
    """The circles that the readers of a result may form, narrowest first."""
    return [(circle.value, circle.label) for circle in within(deliverable.chantier.circle) if circle != Circle.GROUP]


class PublishForm(forms.Form):
    title = forms.CharField(label=_("Titre"), max_length=300, error_messages={"required": _("Donnez un titre au livrable.")})
    summary = forms.CharField(
        label=_("Résumé"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ce que c’est, pour qui, à quoi cela sert : quelques phrases que tout le monde comprend."),
        error_messages={"required": _("Écrivez un résumé : quelques phrases que tout le monde comprend.")},
    )
    licence = forms.TypedChoiceField(
        label=_("Licence"),
        coerce=Licence,
        choices=Licence.choices,
        initial=Licence.OPEN,
        widget=forms.RadioSelect,
        help_text=_("La Licence Ouverte permet à chacun de reprendre le résultat en citant sa source. C’est le choix habituel."),
    )
    licence_reason = forms.CharField(label=_("Si tous les droits sont réservés, pourquoi"), max_length=500, required=False)
    access = forms.TypedChoiceField(
        label=_("Comment le lire quand on ne voit pas, ou mal ?"),
        coerce=Access,
        choices=Access.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez comment tout le monde pourra le lire.")},
    )
    full_text = forms.CharField(
        label=_("Texte complet"), max_length=200_000, required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    circle = forms.TypedChoiceField(label=_("Qui pourra lire ?"), coerce=Circle, widget=forms.RadioSelect)
    published_on = day_field(_("Publié le"))

    def __init__(self, *args: Any, deliverable: Deliverable, **options: Any) -> None:
        super().__init__(*args, **options)
        self.deliverable = deliverable
        self.fields["circle"].choices = circles_for(deliverable)  # type: ignore[attr-defined]
        if deliverable.full_text:
            del self.fields["full_text"]  # the group validated these words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("licence") == Licence.RESERVED and not data.get("licence_reason", "").strip():
            self.add_error("licence_reason", _("Dites pourquoi tous les droits sont réservés."))
        text = self.deliverable.full_text or data.get("full_text", "")
        if "access" in data and (problem := obstacle_to(self.deliverable, data["access"], text)):
            self.add_error("full_text" if data["access"] == Access.TEXT else "access", problem)
        return data


class GiveUpForm(forms.Form):
    motive = forms.CharField(
        label=_("Pourquoi ce livrable est abandonné"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez pourquoi ce livrable est abandonné.")},
    )


class CircleForm(forms.Form):
    circle = forms.TypedChoiceField(label=_("Qui pourra lire ?"), coerce=Circle, widget=forms.RadioSelect)

    def __init__(self, *args: Any, deliverable: Deliverable, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["circle"].choices = circles_for(deliverable)  # type: ignore[attr-defined]
