"""What is said: lines by subject, each used as rarely as possible, joined by the nature and the length of the contribution."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from dialogue.demo.contributions_people import Author
from dialogue.demo.contributions_words import Place, Speech

DATA = Path(__file__).parent / "data" / "contributions"
CITY = 12_000
FIRST_WORDS = 0.4
SHORT_TITLE, LONG_TITLE = 14, 60
OF_THE_FIELDS = re.compile(
    r"village|\bbourgs?\b|\bmaires?\b|canton|communes|hameau|conseil municipal|salle des fêtes|\bvignes?\b"
    r"|est petite|peu de moyens|petites mairies|lavoir|secrétaires? de mairie|en mairie"
)
OF_A_COMMUNE = re.compile(r"\bcommunes?\b|communal|municipal|\{C2?\}|kilom|\bchamps?\b|friche|La mairie \{de\}")
OF_ONE = re.compile(r"\b([Jj]e|[Jj]’ai|[Mm]on|[Mm]a|[Mm]es|[Mm]oi|[Mm]e)\b")
WOMAN = re.compile(
    r"mère seule|Divorcée|Inscrite|Seule avec|mon mari|assistante maternelle|Infirmière|Mon compagnon|Aidante|mois de grossesse"
)
MAN = re.compile(r"ma femme|Ancien informaticien|Artisan \{à\}")


def _lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


@dataclass
class Subject:
    """A thing people write about, inside a theme."""

    code: str
    theme: str
    titles: list[str]
    needs: list[str]
    facts: list[str]
    ideas: list[str]
    doing: list[str]
    more: list[str]
    weight: float = 1.0
    focus: dict[str, float] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    places: Any = ""
    size: tuple[int, int] = (0, 10**9)

    def suits(self, territory: str) -> bool:
        return (not self.only or territory in self.only) and territory not in self.without


def read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def subjects() -> dict[str, list[Subject]]:
    """Every subject, by theme, in the order of the files."""
    found: dict[str, list[Subject]] = {}
    for path in sorted((DATA / "themes").glob("*.toml")):
        rows = read(f"themes/{path.name}")["subject"]
        found[path.stem] = [_subject(path.stem, row) for row in rows]
    return found


def _subject(theme: str, row: dict[str, Any]) -> Subject:
    said: dict[str, Any] = {part: _lines(row[part]) for part in ("titles", "needs", "facts", "ideas", "doing", "more")}
    rest = {key: row[key] for key in ("weight", "focus", "exact", "places") if key in row}
    return Subject(
        code=row["code"],
        theme=theme,
        only=tuple(row.get("only", ())),
        without=tuple(row.get("not", ())),
        size=tuple(row.get("size", (0, 10**9))),
        **said,
        **rest,
    )


@cache
def _sayable(line: str) -> tuple[bool, bool, bool, bool]:
    """Whether only a person says it, only a body, only in the country, only in a commune."""
    many = line.startswith("+ ")
    return (
        bool(not many and OF_ONE.search(line)) or line.startswith("~ "),
        many,
        bool(OF_THE_FIELDS.search(line)),
        bool(OF_A_COMMUNE.search(line)),
    )


#: What a body says of itself tells what it is.
TELLS = [(re.compile("|".join(row["signs"])), tuple(row["kinds"])) for row in read("tells.toml")["tell"]]


@cache
def kinds_of(line: str) -> tuple[str, ...]:
    """The kinds of body that can say this (none: any)."""
    said = line.removeprefix("+ ")
    return next((kinds for sign, kinds in TELLS if sign.search(said)), ())


@cache
def woman_or_man(line: str) -> bool | None:
    return True if WOMAN.search(line) else False if MAN.search(line) else None


class Deck:
    """Hands out the line that has served least, among those that suit."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.used = rng, {}

    def pick(self, lines: Iterable[str], suits: Callable[[str], bool] = bool) -> str:
        fit = [line for line in lines if suits(line)]
        if not fit:
            return ""
        least = min(self.used.get(line, 0) for line in fit)
        chosen = self.rng.choice([line for line in fit if self.used.get(line, 0) <= least])
        self.used[chosen] = self.used.get(chosen, 0) + 1
        return chosen


#: Parts of a contribution by nature and length: O opens, N need, F fact, I idea, D doing, M what is missing, E end, / paragraph.
SHAPES = {
    "need": (
        ("N",),
        ("NF", "NI", "NF", "NE", "ON", "NN"),
        ("ONF", "NFI", "NFE", "ONI", "NIE", "NNI"),
        ("ON/FI/IE", "ONF/I", "NNF/IE", "ON/NF/IE", "ONN/FF/IIE"),
    ),
    "idea": (
        ("I",),
        ("NI", "FI", "II", "IE", "OI", "NI"),
        ("NIF", "ONI", "NIE", "OIE", "NII", "OFI"),
        ("ON/FI/IE", "NF/L/E", "ON/L", "N/IF/E", "OI/FI/E"),
    ),
    "initiative": (
        ("D",),
        ("DM", "DF", "DE", "OD", "DM"),
        ("ODM", "DFM", "NDM", "DME", "ODE"),
        ("ON/DF/ME", "OD/FM/E", "NF/DM", "OD/M/IE"),
    ),
}
LENGTHS = (13, 33, 33, 21)
SECTIONS = {"N": "needs", "F": "facts", "I": "ideas", "D": "doing", "M": "more"}


@dataclass
class Asked:
    """What a contribution has to be."""

    subject: Subject
    nature: str
    place: Place
    near: Place
    person: bool


class Writer:
    """Writes contributions; keeps account of what has been said."""

    def __init__(self, rng: Random, voices: dict[str, Any]) -> None:
        self.rng, self.deck = rng, Deck(rng)
        self.roles = [(role["who"], role["themes"], _lines(role["lines"])) for role in voices["role"]]
        self.ends = {who: _lines(text) for who, text in voices["ends"].items()}
        self.leads = _lines(voices["lists"]["leads"])
        self.bridges = _lines(voices["bridges"]["lines"])
        self.pairs = voices["bridges"]["pairs"]

    def fits(self, asked: Asked, line: str) -> bool:
        one, many, fields, commune = _sayable(line)
        if (many if asked.person else one) or (asked.place.district and (commune or fields)):
            return False
        return not (asked.place.people >= CITY and fields)

    def draft(self, asked: Asked) -> list[str]:
        """The parts chosen, as lines still to be said: « ¶ » separates paragraphs, « - » opens items of a list."""
        shape = self.rng.choice(SHAPES[asked.nature][self.rng.choices(range(4), LENGTHS)[0]])
        chosen: list[str] = []
        kinds: tuple[str, ...] = ()
        sex: bool | None = None
        for sign in shape:
            if sign in "/OE":
                chosen.append({"/": "¶"}.get(sign, sign))
            elif sign == "L":
                chosen += self._list(asked, chosen)
            elif line := self._line(asked, sign, chosen, kinds, sex):
                kinds, sex = (
                    kinds or (kinds_of(line) if line.startswith("+ ") else ()),
                    woman_or_man(line) if sex is None else sex,
                )
                chosen.append(line)
        return chosen

    def _line(self, asked: Asked, sign: str, chosen: list[str], kinds: tuple[str, ...], sex: bool | None) -> str:
        spoken = any(line.startswith("~ ") for line in chosen)

        def suits(line: str) -> bool:
            if line in chosen or not self.fits(asked, line) or (spoken and line.startswith("~ ")):
                return False
            return not (kinds and line.startswith("+ ") and kinds_of(line) not in ((), kinds))

        return self.deck.pick(getattr(asked.subject, SECTIONS[sign]), suits)

    def _list(self, asked: Asked, chosen: list[str]) -> list[str]:
        items = []
        for _ in range(3):
            if line := self._line(asked, "I", chosen + items, (), None):
                items.append(line)
        return [self.deck.pick(self.leads), *(f"- {line}" for line in items)]

    def tell(self, asked: Asked, draft: list[str], author: Author) -> str:
        """The text, in the mouth of its author."""
        speech = Speech(self.rng, asked.place, asked.near, author.feminine)
        spoken = any(line.startswith("~ ") for line in draft)
        text = ""
        for part in draft:
            line = self._frame(asked, part, author, alone=spoken or len(draft) == 1) if part in ("O", "E") else part
            if line == "¶":
                text = text.rstrip() + "\n\n"
            elif line.startswith("- "):
                text = text.rstrip() + "\n- " + speech.say(line[2:].removeprefix("~ ").removeprefix("+ "))
            elif line:
                text += speech.say(line.removeprefix("~ ").removeprefix("+ ")) + " "
        return re.sub(r"\n{3,}", "\n\n", text.strip())

    def _frame(self, asked: Asked, part: str, author: Author, *, alone: bool) -> str:
        """The opening, unless the text stands alone, or the end."""
        if part == "O":
            return "" if alone else self._opening(asked, author)
        return self.deck.pick(self.ends["body" if author.organisation else "person"], lambda end: self.fits(asked, end))

    def _opening(self, asked: Asked, author: Author) -> str:
        def suits(line: str) -> bool:
            return self.fits(asked, line) and not line.endswith("|M" if author.feminine else "|F")

        pool = [
            line
            for who, themes, lines in self.roles
            if who == (author.kind if author.organisation else "person") and (not themes or asked.subject.theme in themes)
            for line in lines
        ]
        return self.deck.pick(pool, suits).removesuffix("|M").removesuffix("|F")

    def title(self, asked: Asked, draft: list[str], text: str, author: Author) -> str:
        """A title from the subject, or the first words of the text when they can stand alone."""
        first = re.split(r"\. | :| ;|\n|\.$", text, maxsplit=1)[0]
        if (
            SHORT_TITLE <= len(first) <= LONG_TITLE
            and "«" not in first
            and draft[0] not in "OE"
            and self.rng.random() < FIRST_WORDS
        ):
            return first
        line = self.deck.pick(
            asked.subject.titles, lambda one: self.fits(asked, one) and not (author.organisation and "{e}" in one)
        )
        return Speech(self.rng, asked.place, asked.near, author.feminine).say(line or self.rng.choice(asked.subject.titles))


__all__ = ["DATA", "Asked", "Deck", "Subject", "Writer", "kinds_of", "read", "subjects", "woman_or_man"]
