"""The ledger as a register that reads: who did what, to what, when, from which stage to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import InvitationStage, RequestStage, RoadmapStage, Stage
from dialogue.evaluation.stages import EvaluationStage, ProcessStage, SurveyStage
from dialogue.ledger.acts import REGISTRY
from dialogue.ledger.models import Entry
from dialogue.meetings.stages import MeetingStage
from dialogue.pacts.stages import EditionStage
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage, OrganisationStage

PER_PAGE = 50
#: Rows resolved at once while a CSV streams.
CHUNK = 500
MAX_TEXT = 120
#: The kinds of things of which the names are shown, and how: (app label.model → field). Never free text, never a mail.
NAMED = {
    "chantiers.chantier": "title",
    "people.organisation": "name",
    "people.person": "name",
    "territories.territory": "name",
    "territories.theme": "name",
    "territories.calendardate": "title",
    "pacts.pactaction": "title",
}
STAGE_LABELS: dict[str, dict[str, Any]] = {
    "chantiers.chantier": dict(Stage.choices),
    "chantiers.roadmap": dict(RoadmapStage.choices),
    "chantiers.joinrequest": dict(RequestStage.choices),
    "chantiers.invitation": dict(InvitationStage.choices),
    "meetings.meeting": dict(MeetingStage.choices),
    "evaluation.evaluation": dict(EvaluationStage.choices),
    "evaluation.survey": dict(SurveyStage.choices),
    "evaluation.processevaluation": dict(ProcessStage.choices),
    "pacts.pactedition": dict(EditionStage.choices),
    "people.person": dict(AccountStage.choices),
    "people.organisation": dict(OrganisationStage.choices),
}


def sentences() -> dict[str, str | Promise]:
    """What each act says, gathered from the rooms' `sentences.py` (`SENTENCES`, act name → French phrase)."""
    found: dict[str, str | Promise] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("dialogue."):
            continue
        for module in ("sentences", "sentences_members"):
            try:
                told = import_module(f"{config.name}.{module}")
            except ModuleNotFoundError as missing:
                if missing.name != f"{config.name}.{module}":
                    raise
                continue
            found |= getattr(told, "SENTENCES", {})
    return found


def sentence_of(act: str, told: dict[str, str | Promise]) -> str:
    """The phrase of an act; one that no room tells is shown by its name, readable all the same."""
    if act in told:
        return str(told[act])
    room, _dot, verb = act.partition(".")
    return _("a fait l’acte « %(verb)s » (%(room)s)") % {"verb": verb.replace("_", " "), "room": room}


@dataclass(frozen=True)
class Filters:
    """What is looked for. Values that mean nothing are left aside, never an error."""

    person: str = ""
    room: str = ""
    act: str = ""
    space: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        def text(name: str) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:MAX_TEXT]

        act, room = text("acte"), text("salle")
        return cls(
            person=text("personne"),
            room=room if room in rooms() else "",
            act=act if act in REGISTRY else "",
            space=text("chantier"),
            since=_day(query.get("du", "")),
            until=_day(query.get("au", "")),
        )

    def apply(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.person:
            rows = rows.filter(by__in=Person.objects.filter(name__icontains=self.person))
        if self.room:
            rows = rows.filter(act__startswith=f"{self.room}.")
        if self.act:
            rows = rows.filter(act=self.act)
        if self.space:
            rows = rows.filter(space=f"chantier/{self.space}")
        if self.since:
            rows = rows.filter(at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return rows.order_by("-at", "-pk")

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    def query(self) -> str:
        """The query string of this selection, for the export; empty when nothing is chosen."""
        names = {"personne": self.person, "salle": self.room, "acte": self.act, "chantier": self.space}
        days = {"du": self.since and self.since.isoformat(), "au": self.until and self.until.isoformat()}
        kept = {name: value for name, value in (names | days).items() if value}
        return f"?{urlencode(kept)}" if kept else ""


ROOMS: dict[str, Any] = {
    "chantiers": _lazy("Chantiers"),
    "meetings": _lazy("Séances"),
    "people": _lazy("Personnes et organismes"),
    "territories": _lazy("Cadre et calendrier"),
    "mailer": _lazy("Courriels"),
}


def rooms() -> dict[str, Any]:
    """The rooms that act, with the words that name them."""
    return {room: ROOMS.get(room, room) for room in sorted({name.split(".")[0] for name in REGISTRY})}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    # A day that no calendar of the database could add to or take from.
    return day if 1900 <= day.year <= 2200 else None  # noqa: PLR2004


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Line:
    """One act, told."""

    at: datetime
    who: str
    sentence: str
    thing: str
    space: str
    space_slug: str
    stage_from: str
    stage_to: str
    act: str


class Teller:
    """Turns entries into lines, with a constant number of queries for any number of entries."""

    def __init__(self) -> None:
        self.told = sentences()
        self.models = {label: apps.get_model(label) for label in NAMED if _exists(label)}

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """One query for the people, one for the spaces, one per kind of thing named (six at most)."""
        entries = list(entries)
        people = self._names(Person, "name", {e.by_id for e in entries if e.by_id})
        names: dict[str, dict[Any, str]] = {}
        for label, model in self.models.items():
            wanted = {e.thing_id for e in entries if e.thing_type == label}
            if label == "people.person":
                wanted -= set(people)
                names[label] = people | (self._names(model, NAMED[label], wanted) if wanted else {})
            elif wanted:
                names[label] = self._names(model, NAMED[label], wanted)
        slugs = {e.space.removeprefix("chantier/") for e in entries if e.space.startswith("chantier/")}
        spaces = dict(Chantier.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
        return [self._line(entry, people, names, spaces) for entry in entries]

    def _names(self, model: Any, column: str, pks: set[Any]) -> dict[Any, str]:
        return dict(model._base_manager.filter(pk__in=pks).values_list("pk", column)) if pks else {}

    def _line(self, entry: Entry, people: dict, names: dict, spaces: dict) -> Line:
        slug = entry.space.removeprefix("chantier/") if entry.space.startswith("chantier/") else ""
        labels = STAGE_LABELS.get(entry.thing_type, {})
        if entry.actor == Entry.Actor.PERSON:
            who = people.get(entry.by_id) or _("Personne partie")
        else:
            who = _("La plateforme") if entry.actor == Entry.Actor.SYSTEM else _("Un visiteur")
        thing = names.get(entry.thing_type, {}).get(entry.thing_id, "")
        return Line(
            at=entry.at,
            who=who,
            sentence=sentence_of(entry.act, self.told),
            thing="" if thing in {spaces.get(slug), who} else thing,
            space=spaces.get(slug, slug),
            space_slug=slug if slug in spaces else "",
            stage_from=str(labels.get(entry.stage_from, entry.stage_from)),
            stage_to=str(labels.get(entry.stage_to, entry.stage_to)),
            act=entry.act,
        )


def _exists(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


HEADER = ["quand", "qui", "acte", "phrase", "objet", "chantier", "etape_avant", "etape_apres"]


def csv_lines(rows: QuerySet[Entry]) -> Iterator[list[Any]]:
    """The same rows for a spreadsheet, resolved by chunks: nothing is held whole in memory."""
    teller, chunk = Teller(), []
    for entry in rows.iterator(chunk_size=CHUNK):
        chunk.append(entry)
        if len(chunk) == CHUNK:
            yield from map(_csv_line, teller.lines(chunk))
            chunk = []
    yield from map(_csv_line, teller.lines(chunk))


def _csv_line(line: Line) -> list[Any]:
    when = timezone.localtime(line.at).replace(microsecond=0)
    return [when, line.who, line.act, line.sentence, line.thing, line.space, line.stage_from, line.stage_to]
