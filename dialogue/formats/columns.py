"""Which column of a stranger's table is which of our fields: guessed from its heading, checked on a few rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dialogue.formats.dates import are_serials, parse_date
from dialogue.language.text import normalise

Field = Literal[
    "external_id",
    "title",
    "text",
    "nature",
    "commune",
    "territory",
    "theme",
    "second_theme",
    "organisation",
    "author_name",
    "author_email",
    "written_on",
    "status",
    "circle",
]

#: Headings, normalised, that are the field and nothing else.
_NAMES: Mapping[Field, str] = {
    "external_id": "id|identifiant|numero|n|no|num|ref|reference|cle|uuid|external id|id contribution|numero de contribution"
    "|n contribution|id reponse|response id|submission id|id externe|ticket",
    "title": "titre|intitule|objet|sujet|title|subject|nom de la contribution|titre de la contribution|nom du projet"
    "|intitule de la contribution|intitule du projet|titre du projet|libelle|headline|titre de la proposition",
    "text": "texte|contenu|description|contribution|votre contribution|corps|message|body|text|content|proposition|propositions"
    "|votre proposition|commentaire|commentaires|expression|verbatim|avis|reponse|details|detail|texte de la contribution"
    "|contenu de la contribution|texte libre|idee|votre idee|vos idees|remarque|remarques|observation|observations|besoin"
    "|description de la contribution|description du projet",
    "nature": "nature|type|type de contribution|nature de la contribution|kind|forme",
    "commune": "commune|ville|code insee|insee|code commune|code postal|cp|city|town|municipality|localite|code commune insee"
    "|postcode|zip|zip code|postal code|nom de la commune|commune concernee|votre commune|municipalite|commune de residence",
    "territory": "territoire|territory|secteur|secteur geographique|pays|scope|zone|territoire de solidarite|canton|epci|area"
    "|intercommunalite|bassin|perimetre|pole territorial|territoire concerne",
    "theme": "thematique|theme|categorie|category|thematique principale|theme principal|domaine|rubrique|topic|enjeu|thematique 1"
    "|theme 1|axe|sujets|enjeu prioritaire|premiere thematique|thematiques|themes|themes abordes",
    "second_theme": "thematique 2|theme 2|thematique secondaire|theme secondaire|sous thematique|sous theme|sous categorie"
    "|second theme|deuxieme thematique|autre thematique|seconde thematique|autre theme|subcategory|secondary theme",
    "organisation": "organisation|organisme|structure|association|organization|entreprise|institution|collectivite|societe"
    "|nom de la structure|nom de l organisme|votre structure|company|partenaire|etablissement|contributeur|nom de l organisation"
    "|nom de l association|employeur",
    "author_name": "nom|auteur|nom et prenom|nom prenom|prenom nom|prenom et nom|nom complet|author|name|full name|votre nom"
    "|contact|depose par|deposant|redacteur|participant|interlocuteur|nom de l auteur|nom du contact|last name|author name",
    "author_email": "courriel|mail|e mail|email|adresse mail|adresse e mail|adresse email|adresse de messagerie|adresse courriel"
    "|adresse electronique|email address|e mail address|votre courriel|votre e mail|votre mail|mel|nom d utilisateur|username"
    "|courriel de l auteur|courriel du contact|mail du contact|author email",
    "written_on": "date|date de depot|horodateur|timestamp|date de creation|created at|published at|depose le|date de soumission"
    "|date de la contribution|date d envoi|recu le|date de reception|submitted at|cree le|le|date contribution|heure de fin"
    "|heure de debut|date de publication|completion time|start time|submission date|jour|date de reponse|date d enregistrement",
    "status": "statut|etat|status|state|avancement|suite donnee|etat d avancement|suites donnees|suite",
    "circle": "cercle|circle|college|cercle de partenaires|type d acteur|type de partenaire|categorie d acteur|profil|vous etes"
    "|type de contributeur|qualite|type de structure|categorie de partenaire|statut du contributeur",
}
#: Words that point to a field in a longer heading: "Dans quelle commune habitez-vous ?".
_WORDS: Mapping[Field, str] = {
    "external_id": "identifiant|reference",
    "title": "titre|intitule|objet",
    "text": "contribution|proposition|description|contenu|texte|commentaire|decrivez|expliquez|idee|idees|message|observations",
    "nature": "nature",
    "commune": "commune|ville|insee|postal",
    "territory": "territoire|secteur|canton|intercommunalite",
    "theme": "thematique|theme|categorie|rubrique|domaine",
    "second_theme": "secondaire|deuxieme|seconde|sous thematique|sous theme",
    "organisation": "structure|organisme|association|organisation|entreprise|collectivite",
    "author_name": "nom|auteur|prenom",
    "author_email": "courriel|mail|email|messagerie",
    "written_on": "date|horodateur|timestamp",
    "status": "statut|etat|status",
    "circle": "cercle|college|profil|acteur",
}
#: The later of two fields with the same word gives way: a second theme is a theme too.
_BEFORE: Mapping[Field, str] = {"theme": "secondaire|deuxieme|seconde|sous", "commune": "nom de la structure"}
_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]{1,190}\.[A-Za-z]{2,24}$")
_SURE, _MAYBE, _HINT, _DENIED = 3.0, 1.5, 1.0, -5.0
#: Share of the cells that must look like it; characters of a text, on average.
_MOST, _LONG = 0.8, 60


@dataclass(frozen=True, slots=True)
class Guess:
    """`column` counts from 0."""

    column: int
    confidence: Literal["sure", "maybe"]


def guess_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[Field, Guess]:
    """For each field that seems to be there, its column; a column serves one field. `sample`: some rows under the heading.

    "sure": the heading is a usual name of the field and the cells do not deny it. "maybe": a word of it, or what the cells
    look like. To be shown to a person before anything is imported.
    """
    columns = [_Column(name, [row[place] for row in sample if place < len(row)]) for place, name in enumerate(header)]
    scores = [
        (_score(field, column), -place, field)
        for place, column in enumerate(columns)
        for field in _NAMES
        if column.says_something
    ]
    found: dict[Field, Guess] = {}
    taken: set[int] = set()
    for score, place, field in sorted(scores, key=lambda one: (-one[0], -one[1])):
        if score >= _HINT and field not in found and -place not in taken:
            found[field] = Guess(-place, "sure" if score >= _SURE else "maybe")
            taken.add(-place)
    return found


class _Column:
    def __init__(self, name: str, cells: list[str]) -> None:
        self.name = normalise(name)
        self.cells = [cell for cell in cells if cell.strip()]
        self.says_something = bool(self.name or self.cells)
        self.emails = self._share(lambda cell: bool(_EMAIL.match(cell.strip())))
        # Postal codes too look like days counted from 1900: the heading must say that it is a date.
        is_serial = are_serials(self.cells) and bool(re.search(rf"\b(?:{_WORDS['written_on']}|le)\b", self.name))
        self.dates = 1.0 if is_serial else self._share(lambda cell: parse_date(cell) is not None)
        self.length = sum(map(len, self.cells)) / len(self.cells) if self.cells else 0.0

    def _share(self, test: Callable[[str], bool]) -> float:
        return sum(1 for cell in self.cells if test(cell)) / len(self.cells) if self.cells else 0.0


def _score(field: Field, column: _Column) -> float:
    """How much the column looks like the field; the place of the name in the list parts two good names."""
    return _by_name(field, column.name) + _by_content(field, column)


def _by_name(field: Field, name: str) -> float:
    names = _NAMES[field].split("|")
    if name in names:
        return _SURE + 1 - names.index(name) / 100
    if field in _BEFORE and re.search(rf"\b(?:{_BEFORE[field]})\b", name):
        return 0.0
    found = re.search(rf"\b(?:{_WORDS[field]})s?\b", name)
    # The first words of a question say what it asks more often than the last.
    return _MAYBE + 0.4 - min(found.start(), 80) / 200 if found else 0.0


def _by_content(field: Field, column: _Column) -> float:
    if not column.cells:
        return 0.0
    are_emails, are_dates = column.emails >= _MOST, column.dates >= _MOST
    if field == "author_email":
        return _MAYBE if are_emails else _DENIED
    if field == "written_on":
        return _HINT if are_dates else _DENIED
    if are_emails or are_dates:
        return _DENIED
    if field == "text":
        return min(column.length / _LONG, 1.0) if column.length >= _LONG / 2 else 0.0
    return -_MAYBE if column.length > 4 * _LONG else 0.0
