"""French words that stand in every text: of no use to search for alone. Pure Python, no Django."""

from __future__ import annotations

from dialogue.language.text import normalise

_WORDS = """
à ai aie ainsi alors as au aucun aucune aujourd aux avec avez avons avait avaient ayant
c ce ceci cela celle celles celui ces cet cette ceux ci comme d dans de des donc dont du
elle elles en encore entre es est et étaient était étant été êtes être eu eux
fut furent il ils j je l la là le les leur leurs lui m ma mais me même mes moi mon n ne nos notre nous
on ont ou où par pas pour qu quand que quel quelle quelles quels qui s sa sans se sera seront ses si soit son sont sous
sommes suis sur t ta te tes toi ton tout toute toutes tous très tu un une vos votre vous y
"""
#: Normalised, as `language.text.normalise` writes them.
STOP_WORDS = frozenset(normalise(_WORDS).split())


def is_idle(word: str) -> bool:
    """Whether a normalised word is not worth searching for: a stop word, or a single letter (a single figure is)."""
    return word in STOP_WORDS or (len(word) == 1 and not word.isdigit())
