"""What resembles a text that is being written, and the theme it seems to speak of. Computed here: no text leaves the server.

A suggestion is the machine's; whoever shows it says so, and nothing is decided before a person chooses.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from dialogue.contributions.models import Contribution, ContributionWords, TrainedModel
from dialogue.contributions.stages import RunStage
from dialogue.fulltext.match import latest
from dialogue.fulltext.query import Terms
from dialogue.fulltext.stems import stems_of
from dialogue.language.stopwords import STOP_WORDS, is_idle
from dialogue.language.text import stem, tokenise
from dialogue.territories.models import Theme

logger = logging.getLogger(__name__)

#: Stems of a text whose rarity is asked, those that are kept of them, and rows that are compared at most.
ASKED, TELLING, MOST_COMPARED, PER_PAIR, AT_A_TIME = 12, 5, 200, 40, 3
#: Rarer than this many rows is told apart; beyond, a word is common.
COUNTED = 400
#: Below, two texts only share a word (cosine of stems, 0 to 1).
LEAST_LIKE = 0.12
#: Above, two texts are one that was sent twice: a single one of them is shown.
SAME_WORDS = 0.7
#: Signs of a text that are looked at while somebody types.
MOST_READ = 6_000
#: Seconds during which the number of rows that hold a stem is remembered.
REMEMBERED = 600
LEAST_CONFIDENCE = 0.25
#: The weight of a common word.
PLAIN = math.log(2)
MOST_WORDS = 5
NOT_WORDS = frozenset({".", *STOP_WORDS, *map(stem, STOP_WORDS)})


@dataclass(frozen=True)
class ThemeGuess:
    """`confidence` 0 to 1; `words`: as the author wrote them, those that speak for the theme."""

    theme: Theme
    confidence: float
    words: tuple[str, ...]


def suggest_theme(text: str) -> list[ThemeGuess]:
    """Three themes at most, best first; empty when nothing in the text speaks. Two queries, one when the model is known."""
    text = text[:MOST_READ]
    if not text.strip():
        return []
    themes = {theme.code: theme for theme in Theme.objects.only("code", "name", "short_name", "icon", "keywords")}
    found = _by_model(text, themes)
    return found if found is not None else _by_keywords(text, themes)


def _by_model(text: str, themes: dict[str, Theme]) -> list[ThemeGuess] | None:
    """What the last analysis learnt from people's choices; None without one."""
    run = TrainedModel.objects.filter(run__stage=RunStage.DONE).order_by("-run_id").values_list("run_id", flat=True).first()
    model = _model(run) if run else None
    if model is None:
        return None
    guesses = []
    for each in model.suggest([text])[0]:
        code, confidence, words = _read(each)
        if code in themes and confidence >= LEAST_CONFIDENCE:
            guesses.append(ThemeGuess(themes[code], confidence, _as_written(words, text)))
    return guesses


def _read(suggestion: Any) -> tuple[str, float, tuple[str, ...]]:
    return str(suggestion.theme), float(suggestion.confidence), tuple(suggestion.words)


@lru_cache(maxsize=1)
def _model(run: int) -> Any:
    """The model of a run, kept by the process until another run has one; None when it cannot be read."""
    try:
        from dialogue.analysis.themes import ThemeModel
    except ImportError:
        return None
    data = TrainedModel.objects.filter(pk=run).values_list("data", flat=True).first()
    try:
        return ThemeModel.loads(bytes(data or b""))
    except Exception:  # another version wrote it: the keywords speak until the next analysis
        logger.exception("the model of run %s cannot be read", run)
        return None


def _by_keywords(text: str, themes: dict[str, Theme]) -> list[ThemeGuess]:
    """The keywords of the frame that stand in the text, by their stems."""
    padded = stems_of(text)
    scores: list[tuple[int, Theme, list[str]]] = []
    for theme in themes.values():
        hits = {key: word for word in theme.keywords if (key := stems_of(str(word)).strip()) and f" {key} " in padded}
        if hits:
            scores.append((sum(padded.count(f" {key} ") for key in hits), theme, list(hits)))
    total = sum(score for score, _theme, _hits in scores)
    scores.sort(key=lambda line: (-line[0], line[1].order))
    return [ThemeGuess(theme, round(score / (total + 1), 2), _as_written(hits, text)) for score, theme, hits in scores[:3]]


def _as_written(keys: Any, text: str) -> tuple[str, ...]:
    """The words of the text that have these stems, as its author wrote them."""
    wanted = {stem(word) for key in keys for word in str(key).split()}
    found: dict[str, str] = {}
    for raw in text.split():
        for word in tokenise(raw):
            key = stem(word)
            if key in wanted and key not in found and not is_idle(word):
                found[key] = raw.strip('.,;:!?«»"“”()…').split("’")[-1].split("'")[-1].lower()
    return tuple(found.values())[:MOST_WORDS]


def similar(text: str, reader: Any, most: int = 3, *, but: Contribution | None = None) -> list[Contribution]:
    """The contributions shown to `reader` that resemble the text, nearest first; `but` one of them (the text's own).

    Candidates hold two of its most telling stems; they are compared by the cosine of their stems, rare ones weighing more.
    """
    counts = Counter(key for word in tokenise(text[:MOST_READ]) if not is_idle(word) and (key := stem(word)))
    rarity = {key: n for key in _asked(counts) if (n := _rows_with(key))}
    telling = sorted(rarity, key=lambda key: (rarity[key], key))[:TELLING]
    pks = _candidates(telling)
    if not pks:
        return []
    stems = {
        pk: set(words.split()) - NOT_WORDS
        for pk, words in ContributionWords.objects.filter(pk__in=pks).values_list("pk", "stems")
    }
    weights = {key: math.log(1 + COUNTED / rarity.get(key, COUNTED)) for key in counts}
    scored = [(_cosine(counts, weights, words), pk) for pk, words in stems.items()]
    best = [pk for score, pk in sorted(scored, reverse=True) if score >= LEAST_LIKE and (but is None or pk != but.pk)]
    return _shown(best, stems, reader, most)


def _shown(pks: list[int], stems: dict[int, set[str]], reader: Any, most: int) -> list[Contribution]:
    """The first `most` of them that the reader may read, one of each text that many sent; few at a time, so that the database
    looks each one up by its key."""
    found: list[Contribution] = []
    for start in range(0, len(pks), AT_A_TIME):
        part = pks[start : start + AT_A_TIME]
        rows = {row.pk: row for row in Contribution.objects.published_to(reader).for_list().filter(pk__in=part).order_by()}
        for pk in part:
            if pk in rows and not any(_same(stems[pk], stems[row.pk]) for row in found):
                found.append(rows[pk])
        if len(found) >= most:
            break
    return found[:most]


def _same(one: set[str], other: set[str]) -> bool:
    """Whether two texts are written with nearly the same words (shared stems out of all)."""
    return len(one & other) >= SAME_WORDS * len(one | other)


def _asked(counts: Counter[str]) -> list[str]:
    """Long and repeated words say more; what is short is common."""
    worth = sorted(counts, key=lambda key: (-len(key) * (1 + math.log(counts[key])), key))
    return worth[:ASKED]


_known: dict[str, tuple[float, int]] = {}


def _rows_with(key: str) -> int:
    """How many rows hold this stem, counted to COUNTED; remembered for some minutes."""
    moment = time.monotonic()
    if (known := _known.get(key)) and moment - known[0] < REMEMBERED and known[1]:
        return known[1]
    if len(_known) > 50_000:  # noqa: PLR2004
        _known.clear()
    n = len(latest(ContributionWords, Terms((key,)), COUNTED))
    _known[key] = (moment, n)
    return n


def _candidates(telling: list[str]) -> list[int]:
    """Rows that hold two of the stems, the rarest pairs first; a single stem when there is but one."""
    pairs = list(combinations(telling, 2)) or [(key,) for key in telling]
    found: dict[int, None] = {}
    for pair in pairs:
        found |= dict.fromkeys(latest(ContributionWords, Terms(tuple(pair)), PER_PAIR))
        if len(found) >= MOST_COMPARED:
            break
    return list(found)[:MOST_COMPARED]


def _cosine(counts: Counter[str], weights: dict[str, float], other: set[str]) -> float:
    """Between the text (its stems, counted and weighed) and the set of stems of another, where what the text lacks weighs little."""
    common = counts.keys() & other
    if not common:
        return 0.0
    said = {key: (1 + math.log(counts[key])) * weights[key] for key in counts}
    length = math.sqrt(sum(weight**2 for weight in said.values()))
    known = sum(weights[key] ** 2 for key in common)
    return sum(said[key] * weights[key] for key in common) / (length * math.sqrt(known + PLAIN**2 * (len(other) - len(common))))
