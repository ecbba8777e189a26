"""The nomenclature "Actes" of the State (transmission to the prefecture), level 2: what an act is about.

Source: annexe of the "cahier des charges @CTES". Codes and names are data, as the SCDL schema wants them: « niveau 1/niveau 2 ».
"""

from __future__ import annotations

import re
from functools import cache

from dialogue.language.text import normalise

_CODE = re.compile(r"^([1-9]\.(?:10|[1-9]))(?:\.\d{1,2})*$")
_LEVELS: dict[str, tuple[str, ...]] = {
    "Commande publique": (
        "Marchés publics",
        "Délégations de service public",
        "Conventions de mandat",
        "Autres types de contrats",
        "Transactions (protocole d’accord transactionnel)",
        "Actes relatifs à la maîtrise d’œuvre",
        "Actes spéciaux et divers",
    ),
    "Urbanisme": (
        "Documents d’urbanisme",
        "Actes relatifs au droit d’occupation ou d’utilisation des sols",
        "Droit de préemption urbain",
    ),
    "Domaine et patrimoine": (
        "Acquisitions",
        "Aliénations",
        "Locations",
        "Limites territoriales",
        "Autres actes de gestion du domaine public",
        "Autres actes de gestion du domaine privé",
    ),
    "Fonction publique": (
        "Personnels titulaires et stagiaires de la fonction publique territoriale",
        "Personnels contractuels",
        "Fonction publique hospitalière",
        "Autres catégories de personnels",
        "Régime indemnitaire",
    ),
    "Institutions et vie politique": (
        "Élection de l’exécutif",
        "Fonctionnement des assemblées",
        "Désignation de représentants",
        "Délégation de fonctions",
        "Délégation de signature",
        "Exercice des mandats locaux",
        "Intercommunalité",
        "Décision d’ester en justice",
    ),
    "Libertés publiques et pouvoirs de police": (
        "Police municipale",
        "Pouvoirs de la présidence du conseil départemental",
        "Pouvoirs de la présidence du conseil régional",
        "Autres actes réglementaires",
        "Actes pris au nom de l’État et soumis au contrôle hiérarchique",
    ),
    "Finances locales": (
        "Décisions budgétaires",
        "Fiscalité",
        "Emprunts",
        "Interventions économiques",
        "Subventions",
        "Contributions budgétaires",
        "Avances",
        "Fonds de concours",
        "Prise de participation",
        "Divers",
    ),
    "Domaines de compétences par thèmes": (
        "Enseignement",
        "Aide sociale",
        "Voirie",
        "Aménagement du territoire",
        "Politique de la ville, habitat, logement",
        "Emploi, formation professionnelle",
        "Transports",
        "Environnement",
        "Culture",
    ),
    "Autres domaines de compétences": (
        "Autres domaines de compétences des communes",
        "Autres domaines de compétences des départements",
        "Autres domaines de compétences des régions",
        "Vœux et motions",
    ),
}

#: Code → name: "7.5" → "Finances locales/Subventions".
MATTERS: dict[str, str] = {
    f"{first}.{second}": f"{family}/{name}"
    for first, (family, names) in enumerate(_LEVELS.items(), 1)
    for second, name in enumerate(names, 1)
}


@cache
def _by_name() -> dict[str, str]:
    found = {normalise(name): code for code, name in MATTERS.items()}
    return found | {normalise(name.partition("/")[2]): code for code, name in MATTERS.items() if code != "7.10"}


def find(typed: str) -> tuple[str, str] | None:
    """(code, name) of what a person typed or chose: a code (finer ones keep their own digits, with the name of level 2), a name,
    or "7.5 Finances locales/Subventions" as the list of suggestions writes it. None when it is none of these."""
    typed = " ".join(typed.split())
    first = typed.split(" ", maxsplit=1)[0].rstrip(".")
    if match := _CODE.match(first):
        name = MATTERS.get(match.group(1))
        return (first, name) if name and len(first) <= 8 else None  # noqa: PLR2004 — the column's length
    code = _by_name().get(normalise(typed))
    return (code, MATTERS[code]) if code else None
