"""What the living sheet of components shows: one of each, in all its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator


@dataclass(frozen=True)
class SampleState:
    """Looks like a shown state of a chantier; the real ones belong to a room above."""

    k: int
    icon: str
    label: str
    meaning: str


STATES = [
    SampleState(1, "n1", "Groupe en constitution", "Les partenaires se réunissent."),
    SampleState(2, "n2", "Feuille de route", "Objectif et livrable à arrêter."),
    SampleState(3, "n3", "Séances en cours", "Le groupe travaille."),
    SampleState(4, "n4", "Livrable publié", "Le résultat est en ligne."),
    SampleState(5, "n5", "Propositions à voter", "L’assemblée départementale décide."),
    SampleState(6, "n6", "Inscrit au pacte", "La décision est votée."),
    SampleState(0, "n0", "En pause", "Le travail reprendra plus tard."),
]
BRANDS = [
    ("", "Gironde", "Estuaire et lie de vin."),
    ("mb1", "Hautes-Combes", "Forêt et ocre, angles droits."),
    ("mb2", "Val-de-Bruyère", "Bruyère et bleu, coins ronds."),
    ("mb3", "Plaine-du-Nord", "Ardoise, réglage sobre."),
]
WEATHERS = [
    ("clear", "Avance comme prévu."),
    ("cloudy", "Un point à surveiller."),
    ("gale", "Le groupe a besoin d’aide."),
]
THEMES = [
    ("pomme", "Alimentaire"),
    ("bus", "Mobilité / e-mobilité"),
    ("maison", "Habitat / logement"),
    ("canne", "Accompagnement du vieillissement"),
    ("porte", "Accès aux services"),
    ("anneaux", "Dynamique de coopération et de mutualisation"),
    ("landau", "Petite enfance"),
    ("mallette", "Insertion"),
    ("ecran", "Médiation numérique"),
    ("foyer", "Valorisation du métier d’assistant familial"),
    ("etoiles", "Europe et vie associative"),
    ("clocher", "Revitalisation"),
    ("livre", "Le collège comme lieu ressource"),
    ("famille", "Accueil pour la jeunesse et les familles"),
]
PUBLICS = [("jeunes", "Jeunes"), ("familles", "Familles"), ("aines", "Aînés")]


class SampleForm(forms.Form):
    """Every kind of field, sent with two mistakes."""

    held_on = forms.DateField(
        label="Date de la séance",
        help_text="Elle doit être à venir.",
        error_messages={"required": "Indiquez la date de la séance."},
    )
    starts_at = forms.TimeField(label="Heure", required=False)
    place = forms.ChoiceField(
        label="Lieu", choices=[("", "Choisir…"), ("mairie", "Mairie"), ("college", "Collège")], required=False
    )
    subject = forms.CharField(label="Sujet", widget=forms.Textarea, required=False, help_text="Écrivez comme vous parlez.")
    publics = forms.MultipleChoiceField(
        label="Public concerné",
        choices=PUBLICS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choix-blocs"}),
        error_messages={"required": "Choisissez au moins un public."},
    )
    readers = forms.ChoiceField(
        label="Qui lira", choices=[("group", "Le groupe"), ("public", "Tout le monde")], widget=forms.RadioSelect, required=False
    )
    photo = forms.FileField(label="Photo", required=False)
    remind = forms.BooleanField(label="Me le rappeler la veille", required=False)


def samples() -> dict[str, Any]:
    """The context of `ui/components.html`."""
    return {
        "brands": BRANDS,
        "states": STATES,
        "circles": ["group", "partners", "public"],
        "weathers": WEATHERS,
        "themes": THEMES,
        "working": STATES[2],
        "day": date(2017, 11, 14),
        "month": date(2018, 3, 1),
        "sample": SampleForm({"held_on": "", "readers": "group", "place": "mairie"}),
        "page": Paginator(range(200), 20).page(4),
    }
