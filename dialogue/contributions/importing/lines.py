"""One line of a file → the values of a contribution, and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from dialogue.contributions.authors import author_key, shown_name
from dialogue.contributions.importing.fields import CODES
from dialogue.contributions.importing.places import Frame
from dialogue.contributions.importing.problems import FATAL
from dialogue.contributions.importing.tables import first_columns
from dialogue.contributions.models import MAX_TEXT, Campaign
from dialogue.contributions.stages import Naming, Nature, ThemeSource
from dialogue.formats import decidim
from dialogue.formats.dates import parse_date
from dialogue.formats.tables import Row
from dialogue.language.text import normalise
from dialogue.territories.models import Commune, Territory, Theme

MAX_TITLE, MADE_TITLE, MAX_ID, MOST_THEMES = 200, 120, 120, 2
_SEVERAL = re.compile(r"\s*[;|\n]\s*|\s*,\s+|\s+/\s+")
_SENTENCE = re.compile(r".+?[.!?…](?=\s|$)", re.DOTALL)
#: A little later than now: clocks and time zones of other tools.
_SOON = timedelta(days=1)
_NATURES = {
    "initiative": Nature.INITIATIVE,
    "initiative en cours": Nature.INITIATIVE,
    "action": Nature.INITIATIVE,
    "projet": Nature.INITIATIVE,
    "besoin": Nature.NEED,
    "besoins": Nature.NEED,
    "need": Nature.NEED,
    "attente": Nature.NEED,
    "idee": Nature.IDEA,
    "idees": Nature.IDEA,
    "idea": Nature.IDEA,
    "proposition": Nature.IDEA,
}


@dataclass(slots=True)
class Found:
    """A problem: `column` is our field's code ("" for the whole line) or, after `#`, a place in the heading."""

    code: str
    column: str = ""
    value: str = ""

    @property
    def is_fatal(self) -> bool:
        return self.code in FATAL


@dataclass(slots=True)
class Line:
    number: int
    external_id: str = ""
    mark: bytes = b""
    has_own_id: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Found] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(problem.is_fatal for problem in self.problems)

    def note(self, code: str, column: str = "", value: str = "") -> None:
        self.problems.append(Found(code, column, value))


class Reader:
    """Reads lines of one file; `now` is the moment after which a date is in the future."""

    def __init__(
        self,
        campaign: Campaign,
        header: list[str],
        mapping: Mapping[str, int],
        choices: Mapping[str, Any],
        *,
        at: datetime,
        now: datetime,
    ) -> None:
        self.campaign, self.mapping, self.choices = campaign, {k: v for k, v in mapping.items() if k in CODES}, choices
        self.frame = Frame(campaign, choices)
        self.layout = decidim.layout(header)
        self.same = first_columns(self.layout) if self.layout else {}
        self.at, self.latest = at, now + _SOON
        self.naming = Naming(choices.get("naming") or Naming.ANONYMOUS)
        self._date = lru_cache(maxsize=20_000)(self._parsed)

    def line(self, row: Row) -> Line:
        line = Line(row.number)
        for problem in row.problems:
            line.note(problem.code, "" if problem.column is None else f"#{problem.column}", _cell(row, problem.column))
        cells = self._cells(row, line)
        title, text = self._words(cells, line)
        written_at = self._written(cells["written_on"], line)
        line.values = {"title": title, "text": text, "nature": self._nature(cells["nature"], line), "written_at": written_at}
        line.values |= self._place(cells, line) | self._subject(cells, line) | self._author(cells, line)
        self._identify(cells, line)
        line.values["author_key"] = author_key(
            email=line.values["author_email"],
            organisation=line.values["organisation"],
            organisation_name=line.values["organisation_name"],
            name=line.values["author_name"],
            else_=line.external_id,
        )
        return line

    def _cells(self, row: Row, line: Line) -> dict[str, str]:
        """Our fields as the line says them. What Decidim's columns hold together is read as Decidim means it."""
        found = dict.fromkeys(CODES, "")
        theirs = decidim.proposal(row.cells, self.layout) if self.layout else {}
        if theirs:
            theirs["place"] = theirs["address"]
            for flag, code in (("is_withdrawn", "withdrawn"), ("is_amendment", "amendment")):
                if theirs[flag] == "oui":
                    line.note(code)
        for code, place in self.mapping.items():
            raw = row.cells[place] if place < len(row.cells) else ""
            if theirs and code in theirs and self.same.get(code) == place:
                found[code] = theirs[code]
            else:
                found[code] = decidim.plain(raw) if "<" in raw or "&" in raw else raw
            if code in ("title", "text") and found[code].count("<") < raw.count("<"):
                line.note("html", code)
        return found

    def _words(self, cells: dict[str, str], line: Line) -> tuple[str, str]:
        title, text = " ".join(cells["title"].split()), cells["text"].strip()
        if not title and not text:
            line.note("empty", "text" if "text" in self.mapping else "title")
        if len(title) > MAX_TITLE:
            line.note("title_cut", "title", title)
            text = f"{title}\n\n{text}".strip()
            title = cut(title, MADE_TITLE)
        if len(text) > MAX_TEXT:
            line.note("too_long", "text", f"{len(text)}")
        return title or title_of(text[:2000]), text

    def _nature(self, said: str, line: Line) -> str:
        if not said:
            return str(self.choices.get("nature", ""))
        nature = _NATURES.get(normalise(said))
        if nature is None:
            line.note("unknown_nature", "nature", said)
            return str(self.choices.get("nature", ""))
        return str(nature)

    # When -----------------------------------------------------------------------
    def _written(self, said: str, line: Line) -> datetime:
        if not said.strip():
            day = self.choices.get("written_on")
            return _moment(date.fromisoformat(day)) if day else self.at
        found = self._date(said)
        if found is None:
            line.note("bad_date", "written_on", said)
            return self.at
        if found > self.latest:
            line.note("future_date", "written_on", said)
        return found

    def _parsed(self, said: str) -> datetime | None:
        found = parse_date(said, month_first=bool(self.choices.get("month_first")), serial=bool(self.choices.get("serial")))
        return None if found is None else _moment(found)

    # Where ----------------------------------------------------------------------
    def _place(self, cells: dict[str, str], line: Line) -> dict[str, Any]:
        territory, commune, place = None, None, cells["place"]
        if said := cells["territory"].strip():
            known = self.frame.territories.find(said)
            if known is None:
                line.note("unknown_territory", "territory", said)
            territory = known[0] if known else None
        if said := cells["commune"].strip():
            commune = self._commune(said, territory, line)
            if commune is None:
                place = ", ".join(part for part in (place, said) if part)
            elif territory is not None and commune.territory_id != territory.pk:
                line.note("other_territory", "commune", f"{said} : {commune.territory.name}")
        if commune is not None:
            territory = commune.territory
        only = self.frame.campaign_territories
        if territory is not None and only and territory.pk not in only:
            line.note("outside_campaign", "territory", territory.name)
        return {"territory": territory, "commune": commune, "place": _short(place, 120, line, "place")}

    def _commune(self, said: str, territory: Territory | None, line: Line) -> Commune | None:
        known = self.frame.communes.find(said)
        if known is None:
            line.note("unknown_commune", "commune", said)
            return None
        if len(known) > 1:
            here = [commune for commune in known if territory is not None and commune.territory_id == territory.pk]
            if len(here) != 1:
                line.note("ambiguous_commune", "commune", said)
                return None
            known = here
        return known[0] if known else None

    # On what --------------------------------------------------------------------
    def _subject(self, cells: dict[str, str], line: Line) -> dict[str, Any]:
        themes: list[Theme] = []
        for code in ("theme", "second_theme"):
            for said in self._several(cells[code].strip()):
                known = self.frame.themes.find(said)
                if known is None:
                    line.note("unknown_theme", code, said)
                elif known and known[0] not in themes:
                    if len(themes) == MOST_THEMES:
                        line.note("theme_ignored", code, said)
                    else:
                        themes.append(known[0])
        first, second = (*themes, None, None)[:2]
        return {"theme": first, "second_theme": second, "theme_source": ThemeSource.FILE if first else ThemeSource.NONE}

    def _several(self, said: str) -> list[str]:
        """One theme when it is one of ours, commas and all; else those that signs part."""
        if not said:
            return []
        if self.frame.themes.find(said) is not None:
            return [said]
        parts = [part for part in _SEVERAL.split(said) if part]
        known = any(self.frame.themes.find(part) is not None for part in parts)
        return parts if len(parts) > 1 and known else [said]

    # Who ------------------------------------------------------------------------
    def _author(self, cells: dict[str, str], line: Line) -> dict[str, Any]:
        email = cells["author_email"].strip()
        if email and not _is_email(email):
            line.note("bad_email", "author_email", email)
            email = ""
        name = _short(" ".join(cells["author_name"].split()), 120, line, "author_name")
        said = _short(" ".join(cells["organisation"].split()), 160, line, "organisation")
        organisation = self.frame.organisations.get(normalise(said)) if said else None
        return {
            "author_email": email,
            "author_name": name,
            "organisation": organisation,
            "organisation_name": said,
            "shown_name": shown_name(self.naming, organisation=organisation, organisation_name=said, name=name),
        }

    def _identify(self, cells: dict[str, str], line: Line) -> None:
        """Its own identifier; else one made of its author, its date, its words: the same at each import."""
        said = " ".join(cells["external_id"].split())
        line.has_own_id = bool(said)
        if said and len(said) <= MAX_ID:
            line.external_id = said
            return
        parts = (said, cells["author_email"].lower(), cells["author_name"], cells["organisation"], cells["written_on"])
        words = "\x1f".join((*parts, cells["title"], cells["text"]))
        line.external_id = f"sans-id-{hashlib.blake2b(words.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def title_of(text: str) -> str:
    """The first sentence of a text, 120 characters at most, cut at a word."""
    text = text.strip()
    found = _SENTENCE.match(text)
    first = found.group() if found else text.partition("\n")[0]
    return cut(" ".join(first.partition("\n\n")[0].split()), MADE_TITLE)


def cut(text: str, longest: int) -> str:
    """At a word, with “…”."""
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    return f"{start.rsplit(' ', 1)[0] if ' ' in start[longest // 2 :] else start}…"


def _short(text: str, longest: int, line: Line, column: str) -> str:
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    line.note("name_cut", column, text)
    return f"{text[: longest - 1]}…"


def _moment(found: datetime | date) -> datetime:
    """A day alone is kept at noon: it stays the same day whatever the zone."""
    if not isinstance(found, datetime):
        found = datetime.combine(found, time(12))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@lru_cache(maxsize=20_000)
def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254  # noqa: PLR2004 (RFC 5321)


def _cell(row: Row, place: int | None) -> str:
    return row.cells[place] if place is not None and place < len(row.cells) else ""
