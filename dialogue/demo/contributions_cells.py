"""Fills the table of counts, theme by theme and territory by territory, with ordinary contributions and the odd ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from dialogue.demo.contributions_people import Author, Crowd
from dialogue.demo.contributions_texts import Asked, Subject, Writer, kinds_of, woman_or_man
from dialogue.demo.contributions_words import Place, Speech, shout, slip

OFF_TOPIC, HOSTILE, SHORT, TWO_THEMES, SHOUTED, EMOJI = 60, 25, 30, 40, 15, 14
ROUGH = 0.045
NATURES, SHARES = ("need", "idea", "initiative"), (46, 34, 20)
BY_A_BODY = {"need": 0.28, "idea": 0.26, "initiative": 0.95}
SMILES = (" 🙂", " 🌱", " 🚲", " 👍", " ❤️", " 🙏", " 😡", " 🌻")
TRIES = 8
BIG = 25


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

    def place(self, territory: str, subject: Subject | None = None, theme: str = "") -> Place:
        """A place of the territory where one can speak of the subject."""
        here = [place for place in self.places if place.territory == territory]
        fit = here
        if subject:
            names = subject.places.get(territory, "") if isinstance(subject.places, dict) else subject.places
            names = self.frame["cell_places"].get(theme, {}).get(territory, names)
            fit = [place for place in here if not names or place.name in self.frame["places"][names]]
            low, high = subject.size
            fit = [place for place in fit if low <= place.people <= high] or fit or here
        return self.rng.choices(fit, [place.people**0.4 for place in fit])[0]

    def near(self, place: Place) -> Place:
        """A neighbour, of the same intercommunality when there is one."""
        here = [other for other in self.places if other.territory == place.territory and other != place]
        return self.rng.choice([other for other in here if other.epci == place.epci] or here)

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

    def fill(self) -> list[Item]:
        for add in (self.fixed, self.mailings, self.opposed, self.paraphrases, self.off_topic, self.hostile, self.short, self.two_themes):
            add()
        for (theme, territory), count in list(self.left.items()):
            for subject in self.shares(theme, territory, count):
                self.add(self.ordinary(subject, territory))
        self.disguise()
        return self.items

    def add(self, item: Item) -> Item:
        self.left[item.filed_under, item.territory] -= 1
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
            already = sum(one.subject == subject.code and (one.theme, one.territory) == (theme, territory) for one in self.items)
            wanted = subject.exact.get(territory, round(subject.focus.get(territory, 0) * whole))
            chosen += [subject] * (wanted - already)
        chosen = chosen[:count]
        others = [subject for subject in fit if territory not in subject.exact and territory not in subject.focus] or fit
        for n in range(count - len(chosen)):
            chosen.append(self._next(others, chosen, n))
        return chosen

    def _next(self, others: list[Subject], chosen: list[Subject], n: int) -> Subject:
        return min(others, key=lambda subject: ((chosen.count(subject) + self.rng.random()) / subject.weight, subject.code))

    def ordinary(self, subject: Subject, territory: str) -> Item:
        nature = self.rng.choices(NATURES, SHARES)[0]
        for _ in range(TRIES):
            item = self.attempt(subject, territory, nature)
            if item.text not in self.said:
                break
        return item

    def attempt(self, subject: Subject, territory: str, nature: str, *, person: bool | None = None) -> Item:
        writer, place = self.kit.writer, self.kit.place(territory, subject, subject.theme)
        if person is None:
            person = self.rng.random() >= BY_A_BODY[nature]
        asked = Asked(subject, nature, place, self.kit.near(place), person)
        if nature == "initiative" and not any(writer.fits(asked, line) for line in subject.doing):
            asked.person = person = False
        draft = writer.draft(asked)
        author = self.author(subject.theme, place, draft, person=person)
        text = writer.tell(asked, draft, author)
        return Item(subject.theme, subject.theme, territory, subject.code, nature, writer.title(asked, text, author), text, author, place)

    def author(self, theme: str, place: Place, draft: list[str], *, person: bool) -> Author:
        if not person:
            kinds = next((kinds for line in draft if line.startswith(("+ ", "- + ")) and (kinds := kinds_of(line))), ())
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
            author = Author(body.name, f"contact.{row['number']}@partenaire.example", body.feminine, body.place, row["kind"], row["organisation"])
            item = Item(row["theme"], row["theme"], row["territory"], row["subject"], row["nature"], row["title"], row["text"], author, place)
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
        text, swaps = row["text"], row["swaps"]
        way = n % 5
        if way == 0:
            return text
        if way == 1:
            return text[: text.rstrip(".").rindex(". ") + 2] + swaps[n % len(swaps)]
        if way == 2:  # noqa: PLR2004 - the third way
            return f"{text} {swaps[n % len(swaps)]}"
        if way == 3:  # noqa: PLR2004 - the fourth way
            return self.rng.choice(("Bonjour. ", "Madame, Monsieur, ", "Bonjour à tous, ")) + text + self.rng.choice((" Cordialement.", " Merci."))
        return slip(self.rng, text)

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
                author = self.kit.crowd.person(place, feminine=True if "Perdue" in title or "coincée" in text or "conduite" in text else None, again=False)
                nature = self.rng.choice(("need", "idea"))
                self.add(self._item(base, title, text, author, nature=nature, place=place, kind="paraphrase", family=f"paraphrase-{n}"))

    def cells(self, how_many: int, theme: str = "", *, quoted: bool = True) -> list[tuple[str, str]]:
        """Cells with room for something odd, drawn by size."""
        room = {
            cell: count
            for cell, count in self.left.items()
            if count >= BIG // 2 and (not theme or cell[0] == theme) and (quoted or cell[1] not in self.kit.frame["quoted"].get(cell[0], ()))
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
            self.add(self._item(base, text.rstrip("."), text, self.someone(territory, place), nature="need", place=place, kind="too_short"))

    def two_themes(self) -> None:
        pairs = self.kit.writer.pairs
        for n in range(TWO_THEMES):
            first, second = pairs[n % len(pairs)]
            [(_, territory)] = self.cells(1, first)
            self.add(self.double(first, second, territory))

    def double(self, first: str, second: str, territory: str) -> Item:
        """A contribution on two themes: a need of one, then a need or an idea of the other."""
        writer = self.kit.writer
        subjects = [self.rng.choice([one for one in self.kit.subjects[theme] if one.suits(territory)]) for theme in (first, second)]
        place = self.kit.place(territory, subjects[0])
        near = self.kit.near(place)
        asked = [Asked(subject, "need", place, near, person=True) for subject in subjects]
        neutral = [[line for line in (*one.subject.needs, *one.subject.ideas) if line[0] not in "~+"] for one in asked]
        one, other = (writer.deck.pick(lines, lambda line, a=a: writer.fits(a, line)) for lines, a in zip(neutral, asked, strict=True))
        draft = [self.rng.choice(("O", "¶")), one, "¶", writer.deck.pick(writer.bridges), other, "E"]
        author = self.someone(territory, place)
        text = writer.tell(asked[0], draft, author)
        title = writer.title(asked[0], text, author)
        item = Item(first, first, territory, subjects[0].code, "need", title, text, author, place, kind="two_themes", second_theme=second)
        return item

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
