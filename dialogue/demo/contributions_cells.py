"""Fills the table of counts, theme by theme and territory by territory, with ordinary contributions and the odd ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any

from dialogue.demo.contributions_people import Author, Crowd
from dialogue.demo.contributions_texts import Asked, Subject, Writer, kinds_of, woman_or_man
from dialogue.demo.contributions_words import Place, Speech, shout, slip

SHE = re.compile("Perdue|coincée|conduite quelque part|mon mari")
OFF_TOPIC, HOSTILE, SHORT, TWO_THEMES, SHOUTED, EMOJI = 60, 25, 30, 40, 15, 14
ROUGH = 0.045
NATURES, SHARES = ("need", "idea", "initiative"), (46, 34, 20)
BY_A_BODY = {"need": 0.28, "idea": 0.26, "initiative": 0.95}
SMILES = (" 🙂", " 🌱", " 🚲", " 👍", " ❤️", " 🙏", " 😡", " 🌻")
HELLO = ("Bonjour.", "Bonjour à tous.", "Madame, Monsieur, bonjour.")
TRIES = 8
#: Who does things, when the line does not tell.
OF_ANY_DOING = ("association", "public_body", "citizens")
BIG = 12


@dataclass(eq=False)
class Item:
    """A contribution being made."""

    theme: str
    filed_under: str
    territory: str
    subject: str
    nature: str
    title: str
    text: str
    author: Author
    place: Place | None
    kind: str = "plain"
    second_theme: str = ""
    family: str = ""
    rough: bool = False
    original: Item | None = None
    number: int = 0
    written_at: datetime = field(default_factory=lambda: datetime.min)  # noqa: DTZ901 - set when everyone has written


@dataclass
class Kit:
    """What is needed to write."""

    rng: Random
    frame: dict[str, Any]
    places: list[Place]
    subjects: dict[str, list[Subject]]
    writer: Writer
    crowd: Crowd

    def __post_init__(self) -> None:
        self.here: dict[str, list[Place]] = {}
        for place in self.places:
            self.here.setdefault(place.territory, []).append(place)
        self.fit: dict[tuple[str, str], tuple[list[Place], list[float]]] = {}
        self.around: dict[str, list[Place]] = {}

    def place(self, territory: str, subject: Subject | None = None) -> Place:
        """A place of the territory where one can speak of the subject."""
        key = (territory, subject.code if subject else "")
        if key not in self.fit:
            fit = self._fit(territory, subject) if subject else self.here[territory]
            self.fit[key] = (fit, list(accumulate(place.people**0.4 for place in fit)))
        fit, weights = self.fit[key]
        return self.rng.choices(fit, cum_weights=weights)[0]

    def _fit(self, territory: str, subject: Subject) -> list[Place]:
        here = self.here[territory]
        names = subject.places.get(territory, "") if isinstance(subject.places, dict) else subject.places
        names = self.frame["cell_places"].get(subject.theme, {}).get(territory, names)
        fit = [place for place in here if not names or place.name in self.frame["places"][names]]
        low, high = subject.size
        return [place for place in fit if low <= place.people <= high] or fit or here

    def near(self, place: Place) -> Place:
        """A neighbour, of the same intercommunality when there is one."""
        if place.name not in self.around:
            here = [other for other in self.here[place.territory] if other.name != place.name]
            self.around[place.name] = [other for other in here if other.epci == place.epci] or here
        return self.rng.choice(self.around[place.name])

    def named(self, territory: str, name: str) -> Place | None:
        return next((place for place in self.places if place.name == name), None) if name else self.place(territory)


class Cells:
    """The table being filled."""

    def __init__(self, kit: Kit, special: dict[str, Any], paraphrases: dict[str, Any]) -> None:
        self.kit, self.rng, self.special, self.groups = kit, kit.rng, special, paraphrases["group"]
        self.territories = kit.frame["territories"]
        self.left = {
            (theme, territory): count
            for theme, counts in kit.frame["counts"].items()
            for territory, count in zip(self.territories, counts, strict=True)
        }
        self.items: list[Item] = []
        self.said: set[str] = set()
        self.filled: Counter[tuple[str, str, str]] = Counter()

    def fill(self) -> list[Item]:
        for add in (
            self.fixed,
            self.mailings,
            self.opposed,
            self.paraphrases,
            self.off_topic,
            self.hostile,
            self.short,
            self.two_themes,
        ):
            add()
        for (theme, territory), count in list(self.left.items()):
            for subject in self.shares(theme, territory, count):
                self.add(self.ordinary(subject, territory))
        self.disguise()
        return self.items

    def add(self, item: Item) -> Item:
        self.left[item.filed_under, item.territory] -= 1
        self.filled[item.theme, item.territory, item.subject] += 1
        self.said.add(item.text)
        self.items.append(item)
        return item

    # The ordinary ones --------------------------------------------------------------------------------------------

    def shares(self, theme: str, territory: str, count: int) -> list[Subject]:
        """The subject of each contribution of the cell: first what the territory is known to ask, then the others by weight."""
        fit = [subject for subject in self.kit.subjects[theme] if subject.suits(territory)]
        whole = self.kit.frame["counts"][theme][self.territories.index(territory)]
        chosen: list[Subject] = []
        for subject in fit:
            already = self.filled[theme, territory, subject.code]
            wanted = subject.exact.get(territory, round(subject.focus.get(territory, 0) * whole))
            chosen += [subject] * (wanted - already)
        chosen = chosen[:count]
        others = [subject for subject in fit if territory not in subject.exact and territory not in subject.focus] or fit
        times = {subject.code: 0.0 for subject in others}
        while len(chosen) < count:
            chosen.append(min(others, key=lambda subject: (times[subject.code] + self.rng.random()) / subject.weight))
            times[chosen[-1].code] += 1
        return chosen

    def ordinary(self, subject: Subject, territory: str) -> Item:
        nature = self.rng.choices(NATURES, SHARES)[0]
        item = self.attempt(subject, territory, nature)
        for n in range(TRIES):
            if item.text and item.text not in self.said:
                break
            item = self.attempt(
                subject, territory, nature if n < TRIES // 2 else NATURES[n % 2], person=True if n > TRIES // 2 else None
            )
        return item

    def attempt(self, subject: Subject, territory: str, nature: str, *, person: bool | None = None) -> Item:
        writer, place = self.kit.writer, self.kit.place(territory, subject)
        if person is None:
            person = self.rng.random() >= BY_A_BODY[nature]
        asked = Asked(subject, nature, place, self.kit.near(place), person)
        if nature == "initiative" and not any(writer.fits(asked, line) for line in subject.doing):
            asked.person = person = False
        draft = writer.draft(asked)
        author = self.author(subject, place, draft, person=person)
        text = writer.tell(asked, draft, author)
        title = writer.title(asked, draft, text, author) if text else ""
        return Item(subject.theme, subject.theme, territory, subject.code, nature, title, text, author, place)

    def author(self, subject: Subject, place: Place, draft: list[str], *, person: bool) -> Author:
        theme, doing = subject.theme, subject.doing
        if not person:
            kinds = next((kinds for line in draft if line.startswith("+ ") and (kinds := kinds_of(line))), ())
            if not kinds and any(line in doing for line in draft):
                kinds = OF_ANY_DOING
            return self.kit.crowd.body(theme, place, kinds)
        sex = next((sex for line in draft if (sex := woman_or_man(line)) is not None), None)
        return self.kit.crowd.person(place, feminine=sex, again=not any(line.startswith("~ ") for line in draft))

    # The odd ones ------------------------------------------------------------------------------------------------

    def someone(self, territory: str, place: Place | None = None) -> Author:
        return self.kit.crowd.person(place or self.kit.place(territory), feminine=None, again=False)

    def fixed(self) -> None:
        for row in self.special["fixed"]:
            place = self.kit.named(row["territory"], row["commune"]) if row["commune"] else None
            body = self.kit.crowd.body(row["theme"], place or self.kit.place(row["territory"]), (row["kind"],))
            email = f"contact.{row['number']}@partenaire.example"
            author = Author(body.name, email, body.feminine, body.place, row["kind"], row["organisation"])
            base = (row["theme"], row["theme"], row["territory"], row["subject"])
            item = self._item(base, row["title"], row["text"], author, nature=row["nature"], place=place)
            item.number = row["number"]
            self.add(item)

    def mailings(self) -> None:
        for n, row in enumerate(self.special["mailing"], start=1):
            place = self.kit.named(row["territory"], row.get("commune", ""))
            author = self.someone(row["territory"], place)
            common = {"nature": "need", "family": f"mailing-{n}", "place": place}
            base = (row["theme"], row["theme"], row["territory"], row["subject"])
            original = self.add(self._item(base, row["title"], row["text"], author, **common))
            for m in range(row["copies"]):
                who = author if row.get("one_author") else self.someone(row["territory"], place)
                copy = self._item(base, row["title"], self.copied(row, m), who, kind="copy", original=original, **common)
                self.add(copy)

    @staticmethod
    def _item(base: tuple[str, str, str, str], title: str, text: str, author: Author, **rest: Any) -> Item:
        theme, filed, territory, subject = base
        return Item(theme, filed, territory, subject, rest.pop("nature"), title, text, author, rest.pop("place"), **rest)

    def copied(self, row: dict[str, Any], n: int) -> str:
        """The same text, a sentence changed, a formula added, or nothing at all."""
        text, other = row["text"], row["swaps"][n % len(row["swaps"])]
        hello, bye = self.rng.choice(HELLO), self.rng.choice(("Cordialement.", "Merci."))
        ways = (
            text,
            text[: text.rstrip(".").rindex(". ") + 2] + other,
            f"{text} {other}",
            f"{hello} {text} {bye}",
            slip(self.rng, text),
        )
        return ways[n % len(ways)]

    def opposed(self) -> None:
        for n, row in enumerate(self.special["opposed"], start=1):
            for title, text in (row["yes"], row["no"]):
                place = self.kit.named(row["territory"], row.get("commune", ""))
                base = (row["theme"], row["theme"], row["territory"], row["subject"])
                author = self.someone(row["territory"], place)
                self.add(self._item(base, title, text, author, nature="idea", place=place, kind="opposed", family=f"opposed-{n}"))

    def paraphrases(self) -> None:
        for n, row in enumerate(self.groups, start=1):
            for line in row["lines"].strip().splitlines():
                title, text = line.split("|")
                place = self.kit.named(row["territory"], "" if row["commune"] == "Bordeaux" else row["commune"])
                base = (row["theme"], row["theme"], row["territory"], row["subject"])
                author = self.kit.crowd.person(place, feminine=True if SHE.search(line) else None, again=False)
                nature, family = self.rng.choice(("need", "idea")), f"paraphrase-{n}"
                self.add(self._item(base, title, text, author, nature=nature, place=place, kind="paraphrase", family=family))

    def cells(self, how_many: int, theme: str = "", *, quoted: bool = True) -> list[tuple[str, str]]:
        """Cells with room for something odd, drawn by size."""
        kept = {} if quoted else self.kit.frame["quoted"]
        room = {
            (about, where): count
            for (about, where), count in self.left.items()
            if count >= BIG and theme in ("", about) and where not in kept.get(about, ())
        }
        return self.rng.choices(list(room), list(room.values()), k=how_many)

    def off_topic(self) -> None:
        lines = self.special["off_topic"]["lines"].strip().splitlines()
        for n, (theme, territory) in enumerate(self.cells(OFF_TOPIC, quoted=False)):
            title, text = lines[n % len(lines)].split("|", 1)
            place = self.kit.place(territory)
            author = self.someone(territory, place)
            said = self._fresh(text, place, author)
            base = ("", theme, territory, "off-topic")
            self.add(self._item(base, title, said, author, nature="need", place=place, kind="off_topic"))

    def _fresh(self, text: str, place: Place, author: Author) -> str:
        for _ in range(TRIES):
            said = Speech(self.rng, place, self.kit.near(place), author.feminine).say(text)
            if said not in self.said:
                return said
        return f"{said} Merci."

    def hostile(self) -> None:
        for line in self.special["hostile"]["lines"].strip().splitlines()[:HOSTILE]:
            theme, title, text = line.split("|")
            [(_, territory)] = self.cells(1, theme)
            base = (theme, theme, territory, "anger")
            self.add(self._item(base, title, text, self.someone(territory), nature="need", place=None, kind="hostile"))

    def short(self) -> None:
        for line in self.rng.sample(self.special["short"]["lines"].strip().splitlines(), SHORT):
            theme, text = line.split("|")
            [(_, territory)] = self.cells(1, theme)
            place, base = self.kit.place(territory), (theme, theme, territory, "haste")
            author = self.someone(territory, place)
            self.add(self._item(base, text.rstrip("."), text, author, nature="need", place=place, kind="too_short"))

    def two_themes(self) -> None:
        pairs = self.kit.writer.pairs
        for n in range(TWO_THEMES):
            first, second = pairs[n % len(pairs)]
            [(_, territory)] = self.cells(1, first)
            self.add(self.double(first, second, territory))

    def double(self, first: str, second: str, territory: str) -> Item:
        """A contribution on two themes: a need of one, then a need or an idea of the other."""
        writer = self.kit.writer
        fit = [[one for one in self.kit.subjects[of] if one.suits(territory)] for of in (first, second)]
        # The second subject has to hold anywhere: the place is chosen for the first.
        subjects = [self.rng.choice(fit[0]), self.rng.choice([one for one in fit[1] if not one.places and not one.size[0]])]
        place = self.kit.place(territory, subjects[0])
        near = self.kit.near(place)
        asked = [Asked(subject, "need", place, near, person=True) for subject in subjects]
        one, other = (self._neutral(each) for each in asked)
        draft = [self.rng.choice(("O", "¶")), one, "¶", writer.deck.pick(writer.bridges), other, "E"]
        author = self.someone(territory, place)
        text = writer.tell(asked[0], draft, author)
        title = writer.title(asked[0], draft, text, author)
        base = (first, first, territory, subjects[0].code)
        return self._item(base, title, text, author, nature="need", place=place, kind="two_themes", second_theme=second)

    def _neutral(self, asked: Asked) -> str:
        """A need (or else an idea) that anyone could have written."""
        writer = self.kit.writer
        for lines in (asked.subject.needs, asked.subject.ideas):
            if line := writer.deck.pick(lines, lambda one: one[0] not in "~+" and writer.fits(asked, one)):
                return line
        return writer.deck.pick(asked.subject.ideas)

    # The way it is typed ----------------------------------------------------------------------------------------------

    def disguise(self) -> None:
        """A few shout, a few smile, a few type in a hurry."""
        people = [item for item in self.items if item.kind == "plain" and not item.author.organisation and not item.family]
        for item in self.rng.sample(people, SHOUTED):
            item.kind, item.title, item.text = "caps", shout(item.title), shout(item.text)
        for item in self.rng.sample([one for one in people if one.kind == "plain"], EMOJI):
            item.text += self.rng.choice(SMILES)
        for item in people:
            if item.kind == "plain" and self.rng.random() < ROUGH:
                item.rough, item.text = True, slip(self.rng, item.text)


__all__ = ["Cells", "Item", "Kit"]
