"""What is said around a demand rather than in it ("Bonjour, … Cordialement"), and what makes two likely copies two demands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from dialogue.language.stopwords import is_idle
from dialogue.language.text import stem

# Patterns read words as `language.text.tokenise` writes them, one space between: no accent, no elided article.
_CALLED = (
    r"(?:mesdames|messieurs|madame|monsieur|mme|mr|le|la|les|et|a"
    r"|president|presidente|maire|elus|elu|cher|chers|chere|cheres|tous|toutes)"
)
_GREETING = rf"(?:re)?(?:bonjour|bonsoir|salut|coucou|hello|bjr)(?: {_CALLED})*"
_ADDRESS = rf"(?:madame|monsieur|mesdames|messieurs|chers?|cheres?)(?: {_CALLED})*"
_ASKING = (
    r"(?:je|nous) (?:me |vous |nous )?(?:permets?|permettons|ecris|ecrivons|contacte|contactons)(?: (?:de|pour|afin))*"
    r"(?: (?:vous |me |nous )*(?:ecrire|contacter|proposer|demander|suggerer|soumettre))?"
    r"|(?:je|nous) (?:souhaite|souhaiterais|souhaitons|voudrais|voudrions|aimerais|aimerions)(?: (?:vous )?"
    r"(?:proposer|suggerer|demander|soumettre|faire|que|de|la|une|proposition|idee|suggestion|suivante|ceci))*"
    r"|(?:je|nous) (?:vous )?(?:propose|proposons|suggere|demande|demandons)"
    r"(?: (?:ceci|suivante|suivant|ma|mon|la|une|proposition|idee|suggestion|que|de))*"
    r"|voici(?: (?:ma|mon|notre|la|une|proposition|idee|suggestion|demande|contribution))*"
    r"|(?:serait il|est il|est ce|il serait) possible(?: (?:de|que))?"
)
_THANKS = (
    r"(?:(?:je|nous) (?:vous )?(?:en )?(?:remercie|remercions)|(?:en vous )?remerciant|(?:un )?(?:grand )?merci)"
    r"(?: (?:vous|a|par|avance|bien|beaucoup|d|de|pour|votre|ecoute|attention|reponse|comprehension|lecture|lire|avoir|lu|et"
    r"|tous|toutes|mille|fois|infiniment|prendre|considerer|en|compte|ma|cette|notre|demande|proposition|contribution))*"
)
_CLOSING = (
    r"(?:bien |tres |sinceres? )?(?:cordialement|cdlt|cordiales? salutations|sincerement|respectueusement|amicalement|salutations)"
    r"(?: (?:distinguees|a vous|vous|cordiales|respectueuses|votre))*"
    r"|(?:dans )?attente (?:de|votre)(?: (?:votre|retour|reponse|une|favorable|vous|lire|de))*"
    r"|(?:bonne|excellente|belle) (?:journee|soiree|continuation|reception)(?: a(?: (?:vous|tous|toutes|et))*)?"
    r"|(?:je vous prie|veuillez|nous vous prions)(?: (?:de|d|agreer|recevoir|croire|accepter|bien|vouloir))+(?: \w+){0,14}"
    r"|svp|s?il vous plait|a bientot|par avance|avance"
)
_START = re.compile(rf"^(?:(?:{_GREETING}|{_ADDRESS}|{_ASKING}|{_THANKS})(?: |$))+")
_END = re.compile(rf"(?:(?:^| )(?:{_THANKS}|{_CLOSING}))+$")
# A cheap look first: most texts begin and end with what they ask.
_CALLS = re.compile(
    r"^(?:re)?(?:bonjour|bonsoir|salut|coucou|hello|bjr|madame|monsieur|mesdames|messieurs|cher|je |nous |voici|serait|est |il "
    r"|en |remerci|merci|un |grand)"
)
_LASTS_TEXT = """
demande proposition contribution compte
cordialement cdlt salutations sincerement respectueusement amicalement distinguees vous reponse retour journee
soiree continuation reception svp plait bientot avance merci lu ecoute attention comprehension lecture beaucoup
infiniment fois tous toutes cordiales respectueuses sentiments consideration compte lire favorable votre remerciant
remercie remercions distingues respectueux
"""
_LASTS = frozenset(_LASTS_TEXT.split())


def bare(words: str) -> str:
    """Normalised words without the formulas at either end; as they are when nothing else would be left."""
    kept = words
    if words.rpartition(" ")[2] in _LASTS:
        kept = _END.sub("", kept)
    if _CALLS.match(kept):
        kept = _START.sub("", kept)
    return kept or words


#: Words that turn a demand round: in one text and not in the other, they make two demands.
_POLARITY_TEXT = """
pas non sans contre jamais aucun aucune moins stop anti ni refuser refus refusons arreter arretons cesser eviter
"""
_POLARITY = frozenset(_POLARITY_TEXT.split())
_OPPOSED = [
    (frozenset(ours.split()), frozenset(theirs.split()))
    for ours, theirs in (
        (
            "augmenter augmentation augmentons hausse hausser relever multiplier accroitre renforcer elargir",
            "baisser baisse baissons diminuer diminution diminuons reduire reduction reduisons limiter",
        ),
        ("ouvrir ouverture ouvrons rouvrir maintenir maintien garder conserver", "fermer fermeture fermons supprimer suppression"),
        (
            "creer creation creons ajouter ajout installer construire planter",
            "supprimer suppression supprimons enlever retirer demolir abattre",
        ),
        ("autoriser autorisation permettre favoriser obliger", "interdire interdiction interdisons empecher"),
        ("pour avec oui", "contre sans non"),
        ("plus davantage", "moins"),
        ("gratuit gratuite gratuits gratuites gratuite", "payant payante payants payantes"),
        ("public publique publics publiques", "prive privee prives privees"),
        ("nord", "sud"),
        ("est", "ouest"),
    )
]  # fmt: skip
#: The share of a text's words that may be replaced by others in a copy: one in twenty-five, that is none in a short text.
_REPLACED = 0.04
_MERGED = 0.85
_TINY, _MIDDLING = 2, 6


def same_demand(first: str, second: str) -> bool:
    """Whether two bare texts, close by their letters, still ask the same.

    Words may be missing on one side or mistyped. A negation on one side only, an opposite, another number, or words replaced
    by quite different ones (another place, another thing) make them two demands, left to the search for similar texts.
    """
    ours, theirs = Counter(first.split()), Counter(second.split())
    left, right = ours - theirs, theirs - ours
    if not left and not right:
        return True
    if any((word in ours) != (word in theirs) for word in _POLARITY & (left.keys() | right.keys())):
        return False
    if any((a & left.keys() and b & right.keys()) or (b & left.keys() and a & right.keys()) for a, b in _OPPOSED):
        return False
    if any(word[0].isdigit() for word in left) and any(word[0].isdigit() for word in right):
        return False
    lost, found = (_content(words) for words in _unmatched(left.elements(), right.elements()))
    replaced = min(len(lost), len(found))
    return not replaced or replaced <= _REPLACED * max(_size(ours), _size(theirs)) or _merged(lost, found)


def _content(words: Iterable[str]) -> list[str]:
    return [word for word in words if not is_idle(word)]


def _size(words: Counter[str]) -> int:
    return sum(count for word, count in words.items() if not is_idle(word))


def _unmatched(lost: Iterable[str], found: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is left on each side once mistyped words have met the right ones."""
    alone, others = [], list(found)
    for word in lost:
        match = next((other for other in others if _alike(word, other)), None)
        if match is None:
            alone.append(word)
        else:
            others.remove(match)
    return alone, others


def _alike(word: str, other: str) -> bool:
    """One word mistyped, or in another form: one slip up to six letters, two beyond, none in two letters; never two numbers."""
    if word[0].isdigit() or other[0].isdigit():
        return False
    if stem(word) == stem(other):
        return True
    longest = max(len(word), len(other))
    allowed = 0 if longest <= _TINY else 1 if longest <= _MIDDLING else 2
    return abs(len(word) - len(other)) <= allowed and _slips(word, other) <= allowed


def _slips(word: str, other: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbour, to go from one word to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        older, before, row = before, row, [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == opposite:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _merged(lost: list[str], found: list[str]) -> bool:
    """Whether the difference is where the spaces are: "piste cyclable", "pistecyclable"."""
    return SequenceMatcher(None, "".join(lost), "".join(found), autojunk=False).ratio() >= _MERGED
