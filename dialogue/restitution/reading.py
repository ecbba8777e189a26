"""A frozen content as page, PDF, slides and comparison read it: dates, lateness, the state's word, links to join."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers.stages import Shown, ShownState, Weather
from dialogue.restitution.content import Content, whole
from dialogue.restitution.gatherings import Gathering
from dialogue.restitution.stages import Where
from dialogue.ui.dates import long_day, short_day

STATES = {state.code: state.value for state in ShownState}


@dataclass(frozen=True)
class StepRead:
    title: str
    due_on: date
    done_on: date | None
    days_late: int

    @property
    def note(self) -> str:
        """When it was done, or is due; how late it is."""
        if self.done_on:
            return _("fait le %(day)s") % {"day": short_day(self.done_on)}
        return _due(self.due_on, self.days_late)


@dataclass(frozen=True)
class DeliverableRead:
    title: str
    due_on: date | None
    published_on: date | None
    given_up: str
    days_late: int

    @property
    def note(self) -> str:
        if self.published_on:
            return _("publié le %(day)s") % {"day": short_day(self.published_on)}
        if self.given_up:
            return _("abandonné : %(motive)s") % {"motive": self.given_up}
        return _due(self.due_on, self.days_late) if self.due_on else ""


def _due(day: date, days_late: int) -> str:
    told = _("pour le %(day)s") % {"day": short_day(day)}
    late = ngettext("en retard de %(n)d jour", "en retard de %(n)d jours", days_late) % {"n": days_late}
    return f"{told}, {late}" if days_late else told


@dataclass(frozen=True)
class WeatherRead:
    code: str
    label: str
    on: date
    sentence: str

    @property
    def note(self) -> str:
        return _("météo du %(day)s") % {"day": short_day(self.on)}


@dataclass(frozen=True)
class Entry:
    """One chantier of a point. `weather` and what is marked reserved are there for partners alone."""

    facts: Content
    as_of: date
    done: str
    left: str
    asked: str
    call: str
    #: The whole chantier is the partners' alone.
    is_reserved: bool
    #: Its steps are the partners' alone.
    steps_reserved: bool
    steps: list[StepRead]
    deliverables: list[DeliverableRead]
    weather: WeatherRead | None

    @property
    def number(self) -> int:
        return int(self.facts["number"])

    @property
    def title(self) -> str:
        return str(self.facts["title"])

    @property
    def slug(self) -> str:
        return str(self.facts["slug"])

    @property
    def state(self) -> Shown:
        return STATES.get(self.facts["state"], ShownState.MEETINGS.value)

    @property
    def url(self) -> str:
        return reverse("portal:chantier", args=[self.slug])

    @property
    def join_url(self) -> str:
        return reverse("chantiers:join", args=[self.slug])

    @property
    def short_url(self) -> str:
        """The same, short enough for a slide and its QR code."""
        return settings.BASE_URL.rstrip("/") + reverse("restitution:join", args=[self.number])

    @property
    def steps_done(self) -> list[StepRead]:
        return [step for step in self.steps if step.done_on]

    @property
    def steps_left(self) -> list[StepRead]:
        return [step for step in self.steps if not step.done_on]

    @property
    def decisions(self) -> list[Content]:
        return list(self.facts.get("decisions", []))

    @property
    def blocks(self) -> list[Content]:
        return list(self.facts.get("blocks", []))

    @property
    def figures(self) -> str:
        """« 12 organismes, 4 séances tenues »."""
        organisations, held = self.facts["organisations"], self.facts["meetings"]["held"]
        told = [
            ngettext("%(n)d organisme", "%(n)d organismes", organisations) % {"n": organisations},
            ngettext("%(n)d séance tenue", "%(n)d séances tenues", held) % {"n": held},
        ]
        return ", ".join(told)


@dataclass(frozen=True)
class PointRead:
    """A progress point as a reader may read it."""

    gathering: Gathering
    territory: str
    code: str
    on: date | None
    introduction: str
    conclusion: str
    entries: list[Entry]
    #: For partners: with the météo, and the chantiers of their circle.
    for_partners: bool

    @property
    def calls(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.call]

    @property
    def day(self) -> str:
        return long_day(self.on) if self.on else ""


@dataclass(frozen=True)
class ConferenceRead:
    gathering: Gathering
    on: date | None
    introduction: str
    conclusion: str
    figures: list[tuple[str, str]]
    states: list[tuple[Shown, int]]
    points: list[PointRead]
    for_partners: bool
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def day(self) -> str:
        return long_day(self.on) if self.on else ""


def point(content: Content, reserved: Content | None) -> PointRead:
    """`reserved`: what partners read besides, or None for everybody else."""
    return PointRead(
        gathering=Gathering(content["kind"], content["series"]),
        territory=content["territory"]["name"],
        code=content["territory"]["code"],
        on=_day(content["on"]),
        introduction=content["introduction"],
        conclusion=content["conclusion"],
        entries=[entry(row) for row in whole(content, reserved)],
        for_partners=reserved is not None,
    )


def entry(row: Content) -> Entry:
    facts, as_of = row["facts"], date.fromisoformat(row["as_of"])
    roadmap = facts.get("roadmap") or {"steps": [], "deliverables": []}
    weather = facts.get("weather")
    return Entry(
        facts=facts,
        as_of=as_of,
        done=row["done"],
        left=row["left"],
        asked=row["asked"],
        call=row["call"],
        is_reserved=bool(row.get("is_reserved")),
        steps_reserved="roadmap" in facts.get("besides", []),
        steps=[_step(step, as_of) for step in roadmap["steps"]],
        deliverables=[_deliverable(each, as_of) for each in roadmap["deliverables"]],
        weather=_weather(weather) if weather else None,
    )


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _late(due: date | None, settled: bool, as_of: date) -> int:
    return (as_of - due).days if due and not settled and due < as_of else 0


def _step(row: Content, as_of: date) -> StepRead:
    due, done = date.fromisoformat(row["due_on"]), _day(row["done_on"])
    return StepRead(row["title"], due, done, _late(due, done is not None, as_of))


def _deliverable(row: Content, as_of: date) -> DeliverableRead:
    due, out = _day(row["due_on"]), _day(row["published_on"])
    return DeliverableRead(row["title"], due, out, row["given_up"], _late(due, bool(out or row["given_up"]), as_of))


def _weather(row: Content) -> WeatherRead:
    return WeatherRead(row["weather"], str(Weather(row["weather"]).label), date.fromisoformat(row["on"]), row["sentence"])


def conference(content: Content, reserved: Content | None) -> ConferenceRead:
    besides = reserved.get("territories", {}) if reserved is not None else {}
    rows = content["territories"]
    points = [
        point(row["content"], besides.get(row["content"]["territory"]["code"], {}) if reserved is not None else None)
        for row in rows
    ]
    return ConferenceRead(
        gathering=Gathering(Where.CONFERENCE, content["series"]),
        on=_day(content["on"]),
        introduction=content["introduction"],
        conclusion=content["conclusion"],
        figures=figures(content["figures"]),
        states=[(STATES[code], n) for code, n in content["figures"].get("states", []) if code in STATES],
        points=points,
        for_partners=reserved is not None,
        versions={row["content"]["territory"]["code"]: row["version"] for row in rows},
    )


def figures(counted: Content) -> list[tuple[str, str]]:
    """(number, what it counts), the nought ones left aside but the first two."""
    words = [
        ("chantiers", ngettext("chantier", "chantiers", counted.get("chantiers", 0))),
        ("meetings", ngettext("séance tenue", "séances tenues", counted.get("meetings", 0))),
        ("organisations", ngettext("organisme engagé", "organismes engagés", counted.get("organisations", 0))),
        ("contributions", ngettext("contribution reprise", "contributions reprises", counted.get("contributions", 0))),
        ("deliverables", ngettext("livrable publié", "livrables publiés", counted.get("deliverables", 0))),
        (
            "tabled",
            ngettext(
                "chantier dont les propositions ont été transmises à l’assemblée",
                "chantiers dont les propositions ont été transmises à l’assemblée",
                counted.get("tabled", 0),
            ),
        ),
        ("in_pact", ngettext("chantier inscrit au pacte", "chantiers inscrits au pacte", counted.get("in_pact", 0))),
    ]
    return [(str(counted.get(key, 0)), word) for n, (key, word) in enumerate(words) if counted.get(key) or n < 2]  # noqa: PLR2004


# As plain text, part by part: what versions are compared by ------------------------------------------------------------


def parts(read: PointRead) -> list[tuple[str, str]]:
    found = [(_("Introduction"), read.introduction)]
    for each in read.entries:
        rows = [
            (_("état"), str(each.state.label)),
            (_("ce qui est fait"), each.done),
            (_("ce qui reste"), each.left),
            (_("ce que nous demandons"), each.asked),
            (_("appel à partenaires"), each.call),
            (_("étapes"), "\n".join(f"{step.title} ({step.note})" for step in each.steps)),
            (_("livrables"), "\n".join(f"{row.title} ({row.note})" for row in each.deliverables)),
            (_("décisions"), "\n".join(f"D{row['number']} {row['text']}" for row in each.decisions)),
            (_("météo"), f"{each.weather.label} · {each.weather.note} · {each.weather.sentence}" if each.weather else ""),
        ]
        found += [(f"{each.title} : {name}", text) for name, text in rows]
    return [*found, (_("Conclusion"), read.conclusion)]


def conference_parts(read: ConferenceRead) -> list[tuple[str, str]]:
    found = [(_("Introduction"), read.introduction), (_("Chiffres"), "\n".join(f"{n} {what}" for n, what in read.figures))]
    for each in read.points:
        found += [(f"{each.territory} · {title}", text) for title, text in parts(each)]
    return [*found, (_("Conclusion"), read.conclusion)]
