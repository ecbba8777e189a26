"""Our fields, as a person maps the columns of a file to them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """`code`: key of ImportBatch.mapping and word of the command line; `help` says what becomes of it."""

    code: str
    label: str | Promise
    help: str | Promise = ""


FIELDS = (
    Field("external_id", _("Identifiant"), _("Son nom dans l’outil d’origine : deux imports du même fichier n’ajoutent rien.")),
    Field("title", _("Titre"), _("S’il manque, la première phrase du texte en tient lieu.")),
    Field("text", _("Texte"), _("Gardé en entier, sans mise en forme.")),
    Field("nature", _("Nature"), _("Initiative en cours, besoin ou idée.")),
    Field("commune", _("Commune"), _("Nom ou code INSEE ; le territoire s’en déduit.")),
    Field("territory", _("Territoire"), _("Utile sans commune, ou pour départager deux communes du même nom.")),
    Field("place", _("Adresse ou lieu-dit"), _("Gardé tel quel.")),
    Field("theme", _("Thème"), _("Deux thèmes dans la même case sont gardés.")),
    Field("second_theme", _("Second thème")),
    Field("organisation", _("Organisme")),
    Field("author_name", _("Nom de l’auteur")),
    Field("author_email", _("Adresse électronique"), _("Jamais montrée ; elle sert à répondre.")),
    Field("written_on", _("Date"), _("Celle où l’auteur a écrit.")),
)
CODES = tuple(field.code for field in FIELDS)
LABELS = {field.code: field.label for field in FIELDS}
#: French words that the command line takes for the codes.
WORDS = {
    "identifiant": "external_id",
    "id": "external_id",
    "titre": "title",
    "texte": "text",
    "territoire": "territory",
    "lieu": "place",
    "adresse": "place",
    "theme": "theme",
    "thème": "theme",
    "theme2": "second_theme",
    "thème2": "second_theme",
    "organisme": "organisation",
    "auteur": "author_name",
    "nom": "author_name",
    "courriel": "author_email",
    "mail": "author_email",
    "date": "written_on",
}
#: The model that may be downloaded: headings that are recognised at once, and one line.
MODEL_HEADER = (
    "identifiant",
    "titre",
    "texte",
    "nature",
    "commune",
    "territoire",
    "thème",
    "second thème",
    "organisme",
    "nom",
    "courriel",
    "date",
)
