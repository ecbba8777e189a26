"""From the rows to the pure functions of `dialogue.analysis`, and back: what one analysis of everything does, step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

from dialogue.contributions.acts import analysis as acts
from dialogue.contributions.acts.analysis import Guess
from dialogue.contributions.models import AnalysisRun, Contribution, TrainedModel
from dialogue.ledger.acts import SYSTEM
from dialogue.territories.models import Commune, Theme

#: Rows written in one transaction; signs of a text that are read.
CHUNK, MOST_READ = 1000, 5000
#: Below this many texts that people classified, no quality can be measured honestly.
MEASURABLE = 60
FOLDS = 5
#: Beyond this many texts, words alone: reading their meaning would take minutes.
MOST_EMBEDDED = 10_000
#: Bumped when the method changes.
METHOD = "1"


def text_of(title: str, text: str) -> str:
    """What is analysed of a contribution."""
    return f"{title}. {text[:MOST_READ]}"


def specs() -> list[Any]:
    """The themes, for `analysis.themes`."""
    from dialogue.analysis.themes import ThemeSpec

    return [ThemeSpec(theme.code, theme.name, tuple(theme.keywords)) for theme in Theme.objects.all()]


def latest_model() -> tuple[int, Any] | None:
    """(id of its run, ThemeModel), read once by each process; None before the first analysis."""
    pk = TrainedModel.objects.order_by("-run__at", "-pk").values_list("pk", flat=True).first()
    return (pk, _model(pk)) if pk is not None else None


@lru_cache(maxsize=2)
def _model(pk: int) -> Any:
    from dialogue.analysis.themes import ThemeModel

    return ThemeModel.loads(bytes(TrainedModel.objects.get(pk=pk).data))


@lru_cache(maxsize=1)
def embedder() -> Any:
    """The optional sense of meaning, if it is installed and wanted; loaded once by each process."""
    from dialogue.analysis.embeddings import load

    return load(remembered=MOST_EMBEDDED) if settings.ANALYSIS_EMBEDDINGS else None


def gazetteer() -> Any:
    from dialogue.analysis.places import Gazetteer

    return Gazetteer(list(Commune.objects.values_list("insee_code", "name")))


class Guesser:
    """Suggestions for rows (pk, title, text), with one model."""

    def __init__(self, model: Any) -> None:
        self.model, self.places = model, gazetteer()
        self.embedder = embedder() if model.meaning is not None else None
        self.themes = dict(Theme.objects.values_list("code", "pk"))

    def guesses(self, rows: Sequence[tuple[int, str, str]]) -> list[Guess]:
        texts = [text_of(title, text) for _pk, title, text in rows]
        return [
            self._guess(pk, found, text)
            for (pk, _title, _text), found, text in zip(rows, self.model.suggest(texts, self.embedder), texts, strict=True)
        ]

    def _guess(self, pk: int, found: Sequence[Any], text: str) -> Guess:
        themes = [
            {"theme": s.theme, "confidence": round(float(s.confidence), 3), "words": list(s.words)}
            for s in found
            if s.theme in self.themes
        ]
        best = [t["confidence"] for t in themes[:2]]
        margin = best[0] - (best[1] if len(best) > 1 else 0.0) if best else 0.0
        places = {hint.code: hint.name for hint in self.places.find(text)}
        return Guess(
            pk,
            themes,
            self.themes[themes[0]["theme"]] if themes else None,
            round(1 - margin, 4),
            [{"commune": code, "name": name} for code, name in list(places.items())[:5]],
        )


def suggest(model: Any, rows: Iterator[list[tuple[int, str, str]]], *, run: AnalysisRun | None, now: datetime) -> tuple[int, int]:
    """Writes the suggestions of chunks of rows; returns (how many, how many have a theme)."""
    guesser = Guesser(model)
    total = classified = 0
    for chunk in rows:
        guesses = guesser.guesses(chunk)
        acts.note_suggestions(None, by=SYSTEM, now=now, guesses=guesses, run=run)
        total += len(guesses)
        classified += sum(1 for guess in guesses if guess.theme is not None)
    return total, classified


def chunks(rows: Any, *fields: str) -> Iterator[list[Any]]:
    """Values of the rows of a queryset, by primary key: no cursor stays open while others write."""
    low = 0
    while found := list(rows.filter(pk__gt=low).order_by("pk").values_list("pk", *fields)[:CHUNK]):
        yield found
        low = found[-1][0]


class Analysis:
    """One run over everything that stands. `beat()` is called between the steps."""

    def __init__(self, run: AnalysisRun, now: datetime, beat: Any) -> None:
        self.run, self.now, self.beat, self.started = run, now, beat, time.monotonic()
        fields = ("title", "text", "theme__code", "theme_source", "author_key")
        self.rows = [row for chunk in chunks(Contribution.objects.standing(), *fields) for row in chunk]
        self.texts = [text_of(row[1], row[2]) for row in self.rows]
        self.labels = [row[3] for row in self.rows]

    def perform(self) -> None:
        from dialogue.analysis.themes import ThemeModel

        themes = specs()
        meaning = embedder() if len(self.texts) <= MOST_EMBEDDED else None
        model = ThemeModel.train(self.texts, self.labels, themes, embedder=meaning)
        self.beat()
        quality = self._quality(themes, meaning)
        self.beat()
        total, classified = suggest(model, self._chunks(), run=self.run, now=self.now)
        self.beat()
        copies = self._copies()
        acts.finish_analysis(
            self.run,
            by=SYSTEM,
            now=self.now,
            data=model.dumps(),
            version=f"{METHOD}-{model.version}"[:64],
            parameters={**model.parameters, "embeddings": meaning is not None},
            quality=quality,
            texts=total,
            labelled=sum(1 for label in self.labels if label),
            classified=classified,
            copies=copies,
            seconds=round(time.monotonic() - self.started, 1),
        )

    def _chunks(self) -> Iterator[list[tuple[int, str, str]]]:
        for start in range(0, len(self.rows), CHUNK):
            self.beat()
            yield [(row[0], row[1], row[2]) for row in self.rows[start : start + CHUNK]]

    def _quality(self, themes: list[Any], meaning: Any) -> dict[str, Any]:
        """Measured on what people said; the texts of one author are never on both sides."""
        from dialogue.analysis.themes import measure

        said = [n for n, label in enumerate(self.labels) if label]
        if len(said) < MEASURABLE or len({self.labels[n] for n in said}) < 2:  # noqa: PLR2004 (one theme alone proves nothing)
            return {}
        said = said[:: max(1, len(said) // 20_000)]
        groups = [self.rows[n][5] for n in said]
        found = measure(
            [self.texts[n] for n in said], [self.labels[n] for n in said], themes, groups=groups, folds=FOLDS, embedder=meaning
        )
        names = ("accuracy", "macro_f1", "top3", "confident_half")
        return {name: round(float(getattr(found, name)), 3) for name in names} | {"n": found.n, "protocol": found.protocol}

    def _copies(self) -> int:
        from dialogue.analysis.copies import near_copies

        found = near_copies(self.texts)
        pairs = [(self.rows[p.first][0], self.rows[p.second][0], round(float(p.score), 3)) for p in found]
        for start in range(0, len(pairs), CHUNK):
            acts.note_copies(None, by=SYSTEM, now=self.now, pairs=pairs[start : start + CHUNK], run=self.run)
        return len(pairs)
