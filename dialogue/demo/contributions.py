"""The 3,800 contributions of the last quarter of 2016: all invented, the same ones every time for the same seed."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from dialogue.demo.contributions_cells import Cells, Item, Kit
from dialogue.demo.contributions_people import Crowd
from dialogue.demo.contributions_texts import Writer, read, subjects
from dialogue.demo.contributions_words import Place

SEED = 20161231
PARIS = ZoneInfo("Europe/Paris")
FIRST_DAY, LAST_DAY = date(2016, 10, 3), date(2016, 12, 31)
HOLIDAYS = (date(2016, 11, 1), date(2016, 11, 11), date(2016, 12, 26))
SATURDAY = 5
DEMO = Path(__file__).parent
COMMUNES = DEMO.parent / "territories" / "data" / "communes-33.csv"
BORDEAUX = "33063"
#: Shares of the contributions that give a commune, agree to be shown, tell whom they concern, are backed by others…
WITH_COMMUNE, CONSENTING, WITH_AUDIENCES, BACKED = 0.87, 0.94, 0.7, 0.06
#: … and ways they came, but for the form.
CHANNELS = {"atelier": 6, "courrier": 8, "formulaire": 86}
EVE = ((12, 24), (12, 25))
AUDIENCES = {
    "alimentaire": ("families",),
    "mobilite": ("youth", "elders"),
    "habitat": ("families", "youth"),
    "vieillissement": ("elders",),
    "services": ("elders", "families"),
    "cooperation": ("bodies",),
    "petite-enfance": ("families",),
    "insertion": ("youth",),
    "numerique": ("elders", "youth"),
    "assistant-familial": ("families",),
    "europe": ("bodies",),
    "revitalisation": ("bodies",),
    "college": ("youth", "families"),
    "jeunesse": ("youth", "families"),
}


@dataclass(frozen=True)
class Deposit:
    """One contribution as it was deposited, with what only its inventor knows (theme, kind, subject, family)."""

    number: int
    title: str
    text: str
    nature: str
    #: What it is truly about (empty: off topic), and the theme ticked in the form, which counts in the table.
    theme: str
    filed_under: str
    second_theme: str
    territory: str
    #: INSEE code as given in the form: sometimes empty, sometimes wrong (`misplaced`).
    commune: str
    misplaced: bool
    organisation: str
    organisation_kind: str
    author_name: str
    author_email: str
    shown_as: str
    written_at: datetime
    audiences: tuple[str, ...]
    external_id: str
    copy_of: int | str
    kind: str
    subject: str
    #: Texts of one family answer each other: a mailing, paraphrases, two opposed views.
    family: str
    #: Typed in a hurry: accents, apostrophes or letters are missing on purpose.
    rough: bool
    consent: bool
    supports: tuple[str, ...]


def generate(communes: list[dict[str, str]] | None = None, *, seed: int = SEED) -> list[Deposit]:
    """Every contribution, in the order of the deposits. `communes`: rows of the frame's file (read from it by default)."""
    if communes is None:
        with COMMUNES.open(encoding="utf-8", newline="") as file:
            communes = list(csv.DictReader(file))
    rng = Random(seed)  # noqa: S311 - invented data, the same every time
    frame, voices = read("frame.toml"), read("voices.toml")
    with (DEMO / "data" / "organisations.toml").open("rb") as file:
        listed = tomllib.load(file)
    kit = Kit(rng, frame, places(communes, frame), subjects(), Writer(rng, voices), Crowd(rng, voices, listed))
    items = Cells(kit, read("special.toml"), read("paraphrases.toml")).fill()
    return _number(rng, kit, _date(rng, items))


def places(communes: list[dict[str, str]], frame: dict[str, Any]) -> list[Place]:
    """The places people can speak of, Bordeaux being spoken of by district."""
    found = []
    for row in communes:
        name, territory = row["nom"].replace("'", "’"), row["territoire"]
        if row["code_insee"] == BORDEAUX:
            found += [
                Place(one, BORDEAUX, territory, row["epci_nom"], 18_000, district=True) for one in frame["places"]["districts"]
            ]
        elif row["code_insee"] not in frame["places"]["unsaid"]:
            found.append(Place(name, row["code_insee"], territory, row["epci_nom"], int(row["population_2023"])))
    return found


# When ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _calendar() -> tuple[list[date], list[float], list[float]]:
    """The days, and how much people and bodies write on each: more and more towards the end."""
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    rising = [(0.4 + 2.4 * (n / len(days)) ** 2) * (0.3 if (day.month, day.day) in EVE else 1) for n, day in enumerate(days)]
    bodies = [0 if day.weekday() >= SATURDAY or day in HOLIDAYS else weight for day, weight in zip(days, rising, strict=True)]
    return days, rising, bodies


def _moment(rng: Random, *, body: bool) -> datetime:
    days, people, bodies = _calendar()
    day = rng.choices(days, bodies if body else people)[0]
    if body:
        hour = rng.choice((8, 9, 9, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 16, 17))
    elif day.weekday() >= SATURDAY:
        hour = rng.choice((9, 10, 11, 11, 14, 15, 16, 17, 18, 20, 21, 21, 22))
    else:
        hour = rng.choice((7, 12, 13, 18, 18, 19, 20, 20, 20, 21, 21, 21, 22, 22, 23))
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), PARIS)


def _date(rng: Random, items: list[Item]) -> list[Item]:
    """Everyone writes at their hour; a copy is sent after what it copies."""
    for item in items:
        if item.original is None:
            item.written_at = _moment(rng, body=bool(item.author.organisation))
    for item in items:
        if item.original is not None:
            start = min(item.original.written_at, datetime(2016, 12, 18, 20, tzinfo=PARIS))
            item.original.written_at = start
            item.written_at = start + timedelta(days=rng.randrange(12), minutes=rng.randrange(1, 160))
    return sorted(items, key=lambda item: item.written_at)


# Numbers and the form -------------------------------------------------------------------------------------------------


def _number(rng: Random, kit: Kit, items: list[Item]) -> list[Deposit]:
    fixed = {item.number: item for item in items if item.number}
    queue = [item for item in items if not item.number]
    for number in sorted(fixed):
        fixed[number].written_at = queue[number - 2].written_at
        queue.insert(number - 1, fixed[number])
    for number, item in enumerate(queue, start=1):
        item.number = number
    wrong = _misplaced(rng, queue)
    return [_deposit(rng, kit, item, wrong) for item in queue]


def _misplaced(rng: Random, items: list[Item], how_many: int = 38) -> set[int]:
    """Those who give a commune of another territory than the one they tick."""
    return set(rng.sample([item.number for item in items if item.kind == "plain"], how_many))


def _deposit(rng: Random, kit: Kit, item: Item, wrong: set[int]) -> Deposit:
    author, misplaced = item.author, item.number in wrong
    commune = item.place.insee if item.place and rng.random() < WITH_COMMUNE else ""
    if misplaced:
        commune = rng.choice([place.insee for place in kit.places if place.territory != item.territory])
    consent = bool(author.organisation) or rng.random() < CONSENTING
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    audiences = AUDIENCES.get(item.theme, ()) if rng.random() < WITH_AUDIENCES else ()
    return Deposit(
        number=item.number,
        title=item.title,
        text=item.text,
        nature=item.nature,
        theme=item.theme,
        filed_under=item.filed_under,
        second_theme=item.second_theme,
        territory=item.territory,
        commune=commune,
        misplaced=misplaced,
        organisation=author.organisation,
        organisation_kind=author.kind if author.organisation else "",
        author_name=author.name,
        author_email=author.email,
        shown_as=kit.crowd.shown(author) if consent else "",
        written_at=item.written_at,
        audiences=audiences[: rng.randint(1, 2)],
        external_id=f"2016-{channel}-{item.number:04d}",
        copy_of=item.original.number if item.original else "",
        kind=item.kind,
        subject=item.subject,
        family=item.family,
        rough=item.rough,
        consent=consent,
        supports=kit.crowd.supporters(item.territory) if item.kind == "plain" and rng.random() < BACKED else (),
    )


__all__ = ["SEED", "Deposit", "generate", "places"]
