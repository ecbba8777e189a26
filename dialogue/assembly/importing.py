"""Votes in a table of the secretariat (CSV, XLSX, ODS, or a file of the SCDL): columns guessed, every problem named by line and
column, nothing said twice. Reads and judges; what is written is an act's (acts.importing)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.assembly import matters
from dialogue.assembly.acts.votes import BadVote, facts_of
from dialogue.assembly.models import AssemblySession, Proposition, Resolution
from dialogue.assembly.stages import Outcome, PropositionStage
from dialogue.formats import tables
from dialogue.formats.dates import parse_date
from dialogue.language.text import normalise

#: More lines than an assembly votes in a year about our propositions.
MOST = 2000
#: Field → the headings that name it, normalised; those of the SCDL first.
NAMES: Mapping[str, str] = {
    "proposition": "proposition|n proposition|numero de proposition|no proposition|proposition numero|p|num proposition",
    "outcome": "issue|resultat|decision|sens du vote|sens|vote|resultat du vote|sort",
    "number": "delib id|numero|numero de deliberation|n deliberation|deliberation|numero de la deliberation|no deliberation|numero delib",
    "date": "delib date|date|date de deliberation|date de la deliberation|date du vote|date de seance|seance",
    "matter_code": "delib matiere code|code matiere|matiere code|code de la matiere|matiere",
    "matter_name": "delib matiere nom|nom de la matiere|matiere nom|nom matiere",
    "object": "delib objet|objet|titre|intitule|libelle|objet de la deliberation",
    "adopted_text": "texte adopte|texte|texte vote|texte de la deliberation",
    "reason": "raison|motif|observations|observation|commentaire",
    "members_count": "vote effectif|effectif|membres en exercice|nombre de membres",
    "votes_cast": "vote reel|votants|suffrages|nombre de votants",
    "votes_for": "vote pour|pour|voix pour|votes pour",
    "votes_against": "vote contre|contre|voix contre|votes contre",
    "abstentions": "vote abstention|abstention|abstentions",
    "not_voting": "ne prend pas part|ne prennent pas part|npppv|non participation|ne prend pas part au vote|nppv",
    "budget_year": "budget annee|annee du budget|annee budget|exercice",
    "budget_name": "budget nom|budget|nom du budget",
    "prefecture_id": "pref id|identifiant prefecture|identifiant en prefecture|id prefecture|accuse de reception",
    "prefecture_date": "pref date|date de reception en prefecture|date prefecture|recu en prefecture le|recue en prefecture le",
    "url": "delib url|url|adresse|lien|adresse de la deliberation",
}
LABELS: Mapping[str, str | Promise] = {
    "proposition": gettext_lazy("numéro de la proposition"),
    "matter_name": gettext_lazy("nom de la matière"),
} | {
    name: Resolution._meta.get_field(name).verbose_name  # type: ignore[misc]
    for name in NAMES
    if name not in {"proposition", "matter_name"}
}
OUTCOMES: Mapping[str, str] = {
    "adopte": "adopted", "adoptee": "adopted", "adopted": "adopted", "vote": "adopted", "votee": "adopted", "approuvee": "adopted",
    "adoptee a l unanimite": "adopted", "adopte a l unanimite": "adopted", "adoptee a la majorite": "adopted", "favorable": "adopted",
    "adoptee avec modifications": "adopted_amended", "adoptee avec des modifications": "adopted_amended", "amendee": "adopted_amended",
    "adopted amended": "adopted_amended", "adoptee amendee": "adopted_amended",
    "modifiee": "adopted_amended", "votee modifiee": "adopted_amended",
    "rejete": "rejected", "rejetee": "rejected", "rejected": "rejected", "rejet": "rejected",
    "ajourne": "adjourned", "ajournee": "adjourned", "adjourned": "adjourned", "ajournement": "adjourned", "reportee": "adjourned",
    "renvoye": "referred_back", "renvoyee": "referred_back", "referred back": "referred_back", "renvoi": "referred_back",
    "renvoi en commission": "referred_back", "renvoyee en commission": "referred_back",
    "renvoyee en commission ou au groupe": "referred_back",
}  # fmt: skip
_WHOLE = ("votes_for", "votes_against", "abstentions", "not_voting", "members_count", "votes_cast", "budget_year")
_INTEGER = re.compile(r"\d{1,4}")
#: "12", "P12", "n° 12"; in "2017-42" nobody knows which number is meant.
_NUMBER = re.compile(r"(?:p|n°|no)?\s*(\d{1,9})", re.IGNORECASE)


class TooMany(Exception):
    """The table has more than MOST lines."""


@dataclass(frozen=True)
class Table:
    """A table as it was read: `rows` are (line of the file, cells); `mapping`: field → column."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    mapping: dict[str, int]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return {name: row[place] for name, place in self.mapping.items() if place < len(row)}


@dataclass
class Line:
    """One line and what would be done with it: ready, known (recorded already), ignored (not ours) or problem."""

    number: int
    proposition: Proposition | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    #: (label of the column, sentence)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    state: str = "problem"

    def say(self, name: str, sentence: str) -> None:
        self.problems.append((str(LABELS.get(name, "")), sentence))

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.facts["outcome"]).label) if self.facts.get("outcome") in Outcome.values else ""


def guess(header: Sequence[str]) -> dict[str, int]:
    """Field → column, by the usual names of the headings; a column serves one field."""
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        name = normalise(heading.replace("_", " "))
        for known, names in NAMES.items():
            if name in names.split("|") and known not in found:
                found[known] = place
                break
    return found


def read(file: IO[bytes]) -> Table:
    """A file of a person. Raises tables.Unreadable, or TooMany."""
    source = tables.detect(file)
    header = [cell[:120] for cell in tables.header(file, source).cells]
    rows = [(row.number, row.cells[: len(header)]) for row in islice(tables.read(file, source), MOST + 1)]
    if len(rows) > MOST:
        raise TooMany
    return Table(header, rows, guess(header))


def examine(rows: Iterable[tuple[int, Mapping[str, str]]], *, session: AssemblySession | None = None) -> list[Line]:
    """The dry run: each (line, field → text) judged; 4 queries, whatever their number. `session`: only its agenda."""
    known = Proposition.objects.exclude(stage=PropositionStage.DRAFTING).select_related("chantier", "session")
    if session is not None:
        known = known.filter(session=session) | known.filter(resolutions__session=session)
    by_number = {row.number: row for row in known.distinct().prefetch_related("resolutions__session")}
    by_title: dict[str, list[Proposition]] = {}
    for row in by_number.values():
        by_title.setdefault(normalise(row.title), []).append(row)
    taken = set(Resolution.objects.exclude(number="").values_list("number", flat=True))
    seen: dict[int, int] = {}
    numbers: dict[str, int] = {}
    lines = []
    for number, cells in rows:
        line = _line(number, cells, by_number, by_title)
        if line.proposition is not None and line.state == "ready":
            _once(line, line.proposition, seen, numbers)
        if line.proposition is not None and line.state == "ready":
            _judged(line, line.proposition, taken)
        lines.append(line)
    return lines


def _line(
    number: int, cells: Mapping[str, str], by_number: dict[int, Proposition], by_title: dict[str, list[Proposition]]
) -> Line:
    line = Line(number)
    typed = cells.get("proposition", "").strip()
    if typed:
        found = _NUMBER.fullmatch(typed)
        line.proposition = by_number.get(int(found[1])) if found else None
        if line.proposition is None:
            line.say(
                "proposition", _("Aucune proposition inscrite à une séance ne porte le numéro « %(n)s ».") % {"n": typed[:40]}
            )
            return line
    else:
        named = by_title.get(normalise(cells.get("object", "")), [])
        if not named:
            line.state = "ignored"
            line.notes.append(_("Sans numéro de proposition : cette délibération ne vient pas d’un chantier."))
            return line
        if len(named) > 1:
            line.say("object", _("Plusieurs propositions portent ce titre : ajoutez le numéro de la proposition."))
            return line
        line.proposition = named[0]
    _parse(line, cells)
    line.state = "problem" if line.problems else "ready"
    return line


def _parse(line: Line, cells: Mapping[str, str]) -> None:
    facts: dict[str, Any] = {name: cells.get(name, "").strip() for name in NAMES if name not in {"proposition", "votes_cast"}}
    for name in _WHOLE:
        facts[name] = _integer(line, name, cells.get(name, ""))
    for name in ("date", "prefecture_date"):
        facts[name] = _day(line, name, cells.get(name, ""))
    session = line.proposition.session if line.proposition else None
    facts["date"] = facts["date"] or (session.date if session and not cells.get("date") else None)
    facts["object"] = facts["object"] or (line.proposition.title if line.proposition else "")
    named = facts.pop("matter_name", "")
    if (facts["matter_code"] or named) and (matter := matters.find(facts["matter_code"]) or matters.find(named)):
        facts["matter_code"] = matter[0]
    facts["outcome"] = _outcome(line, cells.get("outcome", ""), facts)
    cast = facts.pop("votes_cast")
    given = [facts["votes_for"], facts["votes_against"], facts["abstentions"]]
    if cast is not None and None not in given and cast != sum(given):
        sentence = _("%(cast)d votants, mais %(sum)d voix : pour, contre et abstentions ensemble.")
        line.say("votes_cast", sentence % {"cast": cast, "sum": sum(given)})
    line.facts = facts


def _integer(line: Line, name: str, text: str) -> int | None:
    text = text.replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if not _INTEGER.fullmatch(text):
        line.say(name, _("« %(text)s » n’est pas un nombre entier.") % {"text": text[:40]})
        return None
    return int(text)


def _day(line: Line, name: str, text: str) -> date | None:
    if not text:
        return None
    found = parse_date(text)
    if found is None:
        line.say(name, _("Cette date ne se lit pas : écrivez-la jj/mm/aaaa."))
        return None
    return found.date() if isinstance(found, datetime) else found


def _outcome(line: Line, text: str, facts: Mapping[str, Any]) -> str:
    """The outcome that is written, or the one that the voices say without a doubt."""
    if text:
        found = OUTCOMES.get(normalise(text), "")
        if not found:
            line.say(
                "outcome", _("« %(text)s » : écrivez adoptée, modifiée, rejetée, ajournée ou renvoyée.") % {"text": text[:40]}
            )
        return found
    ayes, noes = facts["votes_for"], facts["votes_against"]
    if ayes is None or noes is None or ayes == noes:
        line.say("outcome", _("L’issue manque, et les voix ne la disent pas : ajoutez une colonne « Issue »."))
        return ""
    line.notes.append(_("Issue déduite du nombre de voix."))
    return str(Outcome.ADOPTED if ayes > noes else Outcome.REJECTED)


def _once(line: Line, proposition: Proposition, seen: dict[int, int], numbers: dict[str, int]) -> None:
    if before := seen.get(proposition.pk):
        line.say("proposition", _("La proposition est déjà à la ligne %(n)d.") % {"n": before})
    seen.setdefault(proposition.pk, line.number)
    number = line.facts["number"]
    if number and (before := numbers.get(number)):
        line.say("number", _("Ce numéro est déjà à la ligne %(n)d.") % {"n": before})
    numbers.setdefault(number, line.number)
    line.state = "problem" if line.problems else "ready"


def _judged(line: Line, proposition: Proposition, taken: set[str]) -> None:
    """Complete, possible, and not recorded already."""
    try:
        line.facts = facts_of(line.facts, proposition)
    except BadVote as bad:
        for name, sentences in bad.errors.items():
            for sentence in sentences:
                line.say(name, sentence)
        line.state = "problem"
        return
    recorded = [row for row in proposition.resolutions.all() if row.date == line.facts["date"]]
    if recorded:
        same = all(getattr(recorded[0], name) == value for name, value in line.facts.items())
        line.state = "known" if same else "problem"
        if not same:
            line.say("", _("Ce vote est déjà enregistré autrement : corrigez-le sur la page de la séance."))
    elif proposition.stage != PropositionStage.TABLED:
        line.state = "problem"
        line.say("proposition", _("La proposition n’est inscrite à aucune séance qui attende son vote."))
    elif line.facts["number"] in taken:
        line.state = "problem"
        line.say("number", _("Ce numéro est celui d’une autre délibération."))
