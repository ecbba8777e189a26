"""Words of a file → our themes, territories and communes; and what to offer when a word is not one of ours."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from dialogue.contributions.models import Campaign
from dialogue.language.text import normalise, stems
from dialogue.people.models import Organisation
from dialogue.territories.models import Commune, Territory, Theme

T = TypeVar("T")
_AROUND = re.compile(r"\(.*?\)|\b\d{5}\b|\bcedex\b.*", re.IGNORECASE)
_SAINT = re.compile(r"\b(?:st|ste|sainte|saint)\b")
_NEAR = 0.78


def key_of(name: str) -> str:
    """What two writings of a place have in common: "St-Émilion (33)", "SAINT EMILION" → "st emilion"."""
    return _SAINT.sub("st", normalise(_AROUND.sub(" ", name)))


class Names(Generic[T]):
    """Things by their names, and by what a person said of words that are not ours (`said`: word → code, "" to ignore)."""

    def __init__(self, said: Mapping[str, str], by_code: Mapping[str, T], *, loosely: bool = False) -> None:
        """`loosely`: plurals and endings aside too ("Mobilités" → "Mobilité")."""
        self._by_code, self._loosely = by_code, loosely
        self._said = {key_of(word): code for word, code in said.items()}
        self._named: dict[str, list[T]] = {}
        self._seen: dict[str, list[T] | None] = {}

    def name(self, thing: T, *names: str) -> None:
        for name in names:
            if key := key_of(name):
                for form in {key, f"~{' '.join(stems(name))}"} if self._loosely else {key}:
                    things = self._named.setdefault(form, [])
                    if thing not in things:
                        things.append(thing)

    def find(self, word: str) -> list[T] | None:
        """The things that bear this name; [] when a person said to ignore it, None when nobody knows it."""
        if word not in self._seen:
            if len(self._seen) > 50_000:  # noqa: PLR2004 (words of a file are not so many; its texts, taken for places, are)
                self._seen.clear()
            self._seen[word] = self._found(word)
        return self._seen[word]

    def _found(self, word: str) -> list[T] | None:
        key = key_of(word)
        if key in self._said:
            thing = self._by_code.get(self._said[key])
            return [] if thing is None else [thing]
        code = word.strip()
        if code in self._by_code:
            return [self._by_code[code]]
        loose = self._named.get(f"~{' '.join(stems(word))}", []) if self._loosely else []
        return self._named.get(key) or (loose if len(loose) == 1 else None)

    def nearest(self, word: str, most: int = 5) -> list[T]:
        """What was perhaps meant, the likeliest first; only offers."""
        key = key_of(word)
        names = [name for name in self._named if not name.startswith("~")]
        close = difflib.get_close_matches(key, names, n=most, cutoff=_NEAR)
        close += [name for name in names if len(name) > 4 and f" {name} " in f" {key} "]  # noqa: PLR2004
        return list(dict.fromkeys(thing for name in close for thing in self._named[name]))[:most]


class Frame:
    """Themes, places and organisations, loaded once for a whole file."""

    def __init__(self, campaign: Campaign, choices: Mapping[str, Any]) -> None:
        themes = list(Theme.objects.all())
        self.themes: Names[Theme] = Names(choices.get("themes", {}), {theme.code: theme for theme in themes}, loosely=True)
        for theme in themes:
            self.themes.name(theme, theme.name, theme.short_name, theme.code)
        territories = {territory.pk: territory for territory in Territory.objects.all()}
        self.territories: Names[Territory] = Names(choices.get("territories", {}), {t.code: t for t in territories.values()})
        for territory in territories.values():
            self.territories.name(territory, territory.name, territory.short_name, territory.code)
        communes = list(Commune.objects.all())
        for commune in communes:
            commune.territory = territories[commune.territory_id]
        self.communes: Names[Commune] = Names(choices.get("communes", {}), {c.insee_code: c for c in communes})
        for commune in communes:
            self.communes.name(commune, commune.name)
        self.campaign_territories = set(campaign.territories.values_list("pk", flat=True))
        self.organisations = _organisations()


def _organisations() -> dict[str, Organisation]:
    """Validated ones by their name; a name that two of them bear says neither."""
    found: dict[str, Organisation] = {}
    twice: set[str] = set()
    for row in Organisation.objects.validated():
        key = normalise(row.name)
        if key in found:
            twice.add(key)
        found[key] = row
    return {key: row for key, row in found.items() if key and key not in twice}

