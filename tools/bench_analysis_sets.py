"""What `make bench-analysis` asks about: the corpora, keyword lists, injected copies, a million made-up titles."""

from __future__ import annotations

import json
import random
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.analysis.themes import ThemeSpec
from dialogue.language.text import tokenise

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "data" / "corpora"
#: Not the seed the rules were looked at with.
SEED = 20261128

#: Written from the names of the themes alone, before looking at what the City put in each.
KEYWORDS = {
    "Education et jeunesse": (
        "école, collège, lycée, crèche, enfants, élèves, jeunes, classe, cantine, bibliothèque scolaire, périscolaire, "
        "cour de récréation, tableau numérique, maternelle, élémentaire, étudiants"
    ),
    "Environnement": (
        "nature, arbres, végétaliser, jardin, biodiversité, énergie, pollution, eau, compost, recyclage, planter, "
        "potager, écologie, climat, verdure, oiseaux, abeilles"
    ),
    "Cadre de vie": (
        "place, square, rue, quartier, bancs, aménagement, éclairage, espace public, aire de jeux, fontaine, embellir, "
        "piétons, kiosque, trottoir, convivialité"
    ),
    "Solidarités": (
        "solidarité, sans-abri, handicap, personnes âgées, précarité, réfugiés, associations, centre social, insertion, "
        "hébergement, accessibilité, démunis, entraide, aide alimentaire"
    ),
    "Culture et patrimoine": (
        "culture, musée, théâtre, cinéma, musique, art, fresque, patrimoine, bibliothèque, église, concert, "
        "conservatoire, spectacle, œuvre, monument, artistes"
    ),
    "Sport": (
        "sport, gymnase, piscine, stade, terrain de sport, football, basket, course, vestiaires, fitness, skate, escalade, tennis"
    ),
    "Propreté": (
        "propreté, poubelles, corbeilles, déchets, toilettes publiques, sanisettes, mégots, nettoyage, déjections, "
        "collecte, encombrants, nettoiement, propre"
    ),
    "Attractivité et emploi": (
        "emploi, commerce, artisans, entreprises, économie, tourisme, numérique, coworking, formation, start-up, "
        "marché, métiers, fabrication"
    ),
    "Mobilités": (
        "vélo, piste cyclable, bus, métro, tramway, voiture, stationnement, circulation, déplacement, voirie, "
        "trottinette, covoiturage, transport"
    ),
    "Prévention et sécurité": (
        "sécurité, police, prévention, délinquance, caméra, incivilités, vidéosurveillance, médiation, violence, pompiers"
    ),
    "Santé": (
        "santé, médecin, hôpital, soins, maladie, défibrillateur, centre de santé, addiction, nutrition, dépistage, médical"
    ),
}

#: The same for Le Vrai Débat.
DEBATE_KEYWORDS = {
    "Démocratie": (
        "référendum, RIC, élus, élection, vote, vote blanc, député, sénat, parlement, constitution, président, mandat, "
        "proportionnelle, assemblée, citoyen, parti politique"
    ),
    "Europe": (
        "Europe, Union européenne, euro, Frexit, traité, Bruxelles, Schengen, étranger, immigration, frontières, outre- "
        "mer, ONU, OTAN, coopération internationale"
    ),
    "Justice": (
        "justice, police, gendarme, armée, prison, tribunal, juge, magistrat, délinquance, peine, violences policières, "
        "service militaire, sécurité, arme"
    ),
    "Santé": (
        "santé, hôpital, médecin, handicap, sécurité sociale, soins, médicament, mutuelle, personnes âgées, maison de "
        "retraite, dépendance, AAH, remboursement, vaccin"
    ),
    "Sport": (
        "sport, culture, cinéma, musique, musée, patrimoine, artiste, intermittent, football, associations sportives, "
        "télévision, livre, théâtre"
    ),
    "Transition": (
        "écologie, énergie, nucléaire, agriculture, alimentation, pesticides, glyphosate, plastique, transport, vélo, "
        "pollution, climat, animaux, bio, eau, déchets, éolienne, voiture, chasse"
    ),
    "Économie": (
        "impôt, taxe, TVA, salaire, SMIC, retraite, chômage, emploi, entreprise, dette, banque, fiscalité, ISF, CSG, "
        "CICE, travail, pouvoir d'achat, revenu, finances publiques, évasion fiscale"
    ),
    "Éducation": (
        "école, éducation, enseignant, professeur, élève, université, étudiant, lycée, collège, recherche, bac, "
        "formation, jeunesse, apprentissage, parcoursup"
    ),
}

_BEFORE = [
    "Bonjour,",
    "Bonjour à tous,",
    "Madame, Monsieur,",
    "Bonsoir,",
    "Bonjour, je souhaiterais proposer :",
    "Mesdames et messieurs les élus,",
    "Bonjour, voici mon idée :",
    "Chers élus,",
    "Bonjour, serait-il possible de",
]
_AFTER = [
    "Cordialement",
    "Merci d'avance.",
    "Bien cordialement,",
    "Merci pour votre attention. Cordialement.",
    "Bonne journée",
    "Merci beaucoup !",
    "En vous remerciant par avance.",
    "Salutations distinguées",
    "Merci de prendre en compte ma demande.",
    "Dans l'attente de votre réponse, cordialement",
]
#: Dropping one of these changes what is asked: the copy would no longer be one.
_KEPT = frozenset({"ne", "pas", "non", "sans", "contre", "jamais", "aucun", "moins", "ni", "plus"})


@dataclass(frozen=True)
class Corpus:
    texts: list[str]
    labels: list[str]
    groups: list[str]

    @property
    def themes(self) -> list[str]:
        return sorted(set(self.labels))


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPORA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def paris() -> Corpus:
    rows = lines("paris_budget_participatif")
    return Corpus([row["text"] for row in rows], [row["theme"] for row in rows], [row["group"] for row in rows])


def debate() -> Corpus:
    """Le Vrai Débat, without "expression libre", which is no theme; the same title twice stays in one fold."""
    rows = [row for row in lines("vrai_debat_titres") if not row["theme"].startswith("Expression libre")]
    return Corpus(
        [row["text"] for row in rows], [row["theme"] for row in rows], [" ".join(tokenise(row["text"])) for row in rows]
    )


def told_themes(corpus: Corpus) -> list[ThemeSpec]:
    return [ThemeSpec(name, name, [word.strip() for word in KEYWORDS[name].split(",")]) for name in corpus.themes]


def debate_themes(corpus: Corpus) -> list[ThemeSpec]:
    told = {begin: [word.strip() for word in words.split(",")] for begin, words in DEBATE_KEYWORDS.items()}
    return [
        ThemeSpec(name, name, next(words for begin, words in told.items() if name.startswith(begin))) for name in corpus.themes
    ]


def one_of_each(corpus: Corpus) -> list[str]:
    """One text of each project, each different: the City itself put siblings together."""
    first = {group: text for text, group in zip(reversed(corpus.texts), reversed(corpus.groups), strict=True)}
    return sorted({" ".join(tokenise(text)): text for text in first.values()}.values())


def copied(text: str, draw: random.Random) -> str:
    """A near-copy: one or two slips of the keyboard, a word or two less, a formula around, or two of these."""
    ways = draw.sample(["slips", "fewer", "formula"], draw.choice([1, 1, 2]))
    words = text.split()
    if "fewer" in ways and len(words) > 4:  # noqa: PLR2004
        for _ in range(1 if len(words) < 14 else 2):  # noqa: PLR2004
            at = draw.choice([i for i, word in enumerate(words) if word.lower() not in _KEPT] or [0])
            words.pop(at)
    if "slips" in ways:
        for _ in range(draw.choice([1, 2])):
            at = draw.randrange(len(words))
            words[at] = _slip(words[at], draw)
    told = " ".join(words)
    if "formula" in ways:
        which = draw.choice(["before", "after", "both"])
        told = f"{draw.choice(_BEFORE)} {told}" if which != "after" else told
        told = f"{told} {draw.choice(_AFTER)}" if which != "before" else told
    return told


def _slip(word: str, draw: random.Random) -> str:
    if len(word) < 3 or any(sign.isdigit() for sign in word):  # noqa: PLR2004  "le", "20e": no one would know the word again
        return word
    at, letter = draw.randrange(len(word) - 1), draw.choice(string.ascii_lowercase)
    return draw.choice([
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
    ])  # fmt: skip


def injected(sources: list[str], count: int) -> tuple[list[str], list[tuple[int, int]]]:
    """(the sources then `count` near-copies of as many of them, the true pairs). A copy equal to its source is drawn again."""
    draw = random.Random(SEED)  # noqa: S311  a bench, not a secret
    texts, pairs = list(sources), []
    for at in sorted(draw.sample(range(len(sources)), count)):
        copy = copied(sources[at], draw)
        while copy == sources[at]:
            copy = copied(sources[at], draw)
        pairs.append((at, len(texts)))
        texts.append(copy)
    return texts, pairs


def made_up(corpus: Corpus, count: int) -> list[str]:
    """Titles with the lengths and the words of the real ones, drawn at random."""
    draw = random.Random(SEED)  # noqa: S311  a bench, not a secret
    words = " ".join(corpus.texts).split()
    lengths = [len(text.split()) for text in corpus.texts]
    return [" ".join(draw.choices(words, k=draw.choice(lengths))) for _ in range(count)]
