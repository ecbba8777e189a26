"""What happened in a territory in one year, counted from the data; and the draft of the report (bilan) that tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.assembly.models import Proposition, Resolution
from dialogue.assembly.stages import PropositionStage
from dialogue.chantiers import provenance
from dialogue.chantiers.models import Chantier, PlannedDeliverable, Roadmap
from dialogue.chantiers.stages import RoadmapStage, Stage
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING, TAKEN_UP
from dialogue.ledger.models import Entry
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import PAST
from dialogue.pacts.models import Pact, PactAction
from dialogue.pacts.stages import OPEN, ActionState
from dialogue.people.stages import Circle
from dialogue.ui.dates import thousands

#: What is counted, in the order of the page: code → its words for a number.
FIGURES: dict[str, Callable[[int], str]] = {
    "contributions": lambda n: ngettext("contribution reçue", "contributions reçues", n),
    "taken_up": lambda n: ngettext("contribution reprise, à ce jour", "contributions reprises, à ce jour", n),
    "opened": lambda n: ngettext("chantier ouvert", "chantiers ouverts", n),
    "meetings": lambda n: ngettext("séance tenue", "séances tenues", n),
    "deliverables": lambda n: ngettext("livrable publié", "livrables publiés", n),
    "completed": lambda n: ngettext("chantier achevé", "chantiers achevés", n),
    "evaluated": lambda n: ngettext("chantier évalué", "chantiers évalués", n),
    "voted": lambda n: ngettext("proposition adoptée par l’assemblée", "propositions adoptées par l’assemblée", n),
    "done": lambda n: ngettext("action du pacte réalisée", "actions du pacte réalisées", n),
    "late": lambda n: ngettext("action du pacte en retard", "actions du pacte en retard", n),
    "dropped": lambda n: ngettext("action du pacte abandonnée", "actions du pacte abandonnées", n),
}
#: Named in the report at most; the others are counted.
MOST_NAMED = 6


class Year:
    """One year of one territory (11 queries). Only what everybody may read is named; the report will be public."""

    def __init__(self, pact: Pact, year: int, today: date) -> None:
        self.pact, self.year = pact, year
        self.first, self.last = date(year, 1, 1), date(year, 12, 31)
        self.today = min(today, self.last)
        public = Chantier.objects.filter(territories=pact.territory_id, circle=Circle.PUBLIC)
        self.chantiers = {row.pk: row for row in public.exclude(opened_on=None).order_by("number")}
        self.opened = [row for row in self.chantiers.values() if row.opened_on and self._is_within(row.opened_on)]
        self.completed, self.evaluated = self._reached(Stage.COMPLETED), self._reached(Stage.EVALUATED)
        self.deliverables = self._deliverables()
        self.voted = self._voted()
        self.done, self.dropped, self.late = self._actions()
        self.figures = self._counted()

    def _is_within(self, day: date) -> bool:
        return self.first <= day <= self.last

    def _reached(self, stage: Stage) -> list[Chantier]:
        """Those that came to this stage in the year, from the register; one that came back before is not among them."""
        rows = Entry.objects.filter(thing_type=Chantier._meta.label_lower, thing_id__in=list(self.chantiers), stage_to=stage)
        found = rows.filter(at__date__range=(self.first, self.last)).order_by().values_list("thing_id", flat=True).distinct()
        beyond = {
            Stage.COMPLETED: {Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED},
            Stage.EVALUATED: {Stage.EVALUATED, Stage.ARCHIVED},
        }
        kept = {pk for pk in found if self.chantiers[pk].stage in beyond[stage]}
        return [row for pk, row in self.chantiers.items() if pk in kept]

    def _deliverables(self) -> list[tuple[str, str]]:
        """(title, chantier) of what the groups published for everybody: results, then lines of public roadmaps."""
        nobody, chantiers = AnonymousUser(), list(self.chantiers.values())
        results = [result for source in provenance.result_sources for result in source(chantiers, nobody)]
        known = {(result.chantier_id, result.key) for result in results}
        found = [(result.on, result.title, result.chantier_id) for result in results if self._is_within(result.on)]
        inside = Roadmap.objects.visible_to(nobody).filter(chantier__in=list(self.chantiers), stage=RoadmapStage.ADOPTED)
        rows = PlannedDeliverable.objects.filter(roadmap__in=inside, published_on__range=(self.first, self.last))
        for on, title, pk, key in rows.values_list("published_on", "title", "roadmap__chantier", "key"):
            if on and (pk, key) not in known:
                found.append((on, title, pk))
        return [(title, self.chantiers[pk].title) for _on, title, pk in sorted(found)]

    def _voted(self) -> list[str]:
        """Titles of the propositions that the assembly adopted."""
        adopted = [PropositionStage.ADOPTED, PropositionStage.ADOPTED_AMENDED, PropositionStage.IN_PACT]
        settled = Resolution.objects.filter(date__range=(self.first, self.last))
        rows = Proposition.objects.filter(chantier__in=list(self.chantiers), stage__in=adopted, resolution__in=settled)
        return list(rows.filter(circle=Circle.PUBLIC).order_by("number").values_list("title", flat=True))

    def _actions(self) -> tuple[list[PactAction], list[PactAction], list[PactAction]]:
        rows = list(self.pact.actions.filter(entered_year__lte=self.year).order_by("number"))
        done = [row for row in rows if row.state == ActionState.DONE and row.done_on and self._is_within(row.done_on)]
        dropped_at = self._dropped_in_the_year([row.pk for row in rows if row.state == ActionState.DROPPED])
        late = [row for row in rows if row.state in OPEN and row.due_on and row.due_on < self.today]
        return done, [row for row in rows if row.pk in dropped_at], late

    def _dropped_in_the_year(self, keys: list[int]) -> set[int]:
        rows = Entry.objects.filter(act="pacts.drop_action", thing_type=PactAction._meta.label_lower, thing_id__in=keys)
        return set(rows.filter(at__date__range=(self.first, self.last)).values_list("thing_id", flat=True))

    def _counted(self) -> dict[str, int]:
        said = Contribution.objects.filter(territory=self.pact.territory_id, stage__in=STANDING)
        said = said.filter(written_at__date__range=(self.first, self.last))
        held = Meeting.objects.filter(chantier__in=list(self.chantiers), stage__in=PAST)
        listed = ("opened", "deliverables", "completed", "evaluated", "voted", "done", "late", "dropped")
        counts = {name: len(getattr(self, name)) for name in listed}
        counts["contributions"] = said.count()
        counts["taken_up"] = said.filter(Q(chantier_links__isnull=False) | Q(outcome__in=TAKEN_UP)).distinct().count()
        counts["meetings"] = held.filter(starts_at__date__range=(self.first, self.last)).count()
        return {name: counts[name] for name in FIGURES}


def figures_of(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """(words, number) of the figures that say something, in their order."""
    return [(words(int(counts[code])), int(counts[code])) for code, words in FIGURES.items() if counts.get(code)]


def drafted(year: Year) -> str:
    """The report as a first draft, in the language of the site; empty when nothing happened."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n\n".join(paragraph for paragraph in _paragraphs(year) if paragraph)


def _paragraphs(year: Year) -> Iterator[str]:
    n = year.figures
    if n["contributions"]:
        words = ngettext(
            "En %(year)d, %(n)s contribution a été déposée sur le territoire.",
            "En %(year)d, %(n)s contributions ont été déposées sur le territoire.",
            n["contributions"],
        ) % {"year": year.year, "n": thousands(n["contributions"])}
        taken = ngettext(
            "%(n)s est reprise dans un chantier ou dans le pacte.",
            "%(n)s sont reprises dans un chantier ou dans le pacte.",
            n["taken_up"],
        ) % {"n": thousands(n["taken_up"])}
        yield f"{words} {taken}" if n["taken_up"] else words
    yield _listed(_("Chantiers ouverts dans l’année :"), [row.title for row in year.opened])
    if n["meetings"]:
        yield ngettext("Les groupes ont tenu %(n)d séance.", "Les groupes ont tenu %(n)d séances.", n["meetings"]) % {
            "n": n["meetings"]
        }
    yield _listed(_("Livrables publiés :"), [f"{title} ({chantier})" for title, chantier in year.deliverables])
    yield _listed(_("Chantiers achevés :"), [row.title for row in year.completed])
    yield _listed(_("Chantiers évalués :"), [row.title for row in year.evaluated])
    yield _listed(_("Propositions adoptées par l’assemblée départementale :"), year.voted)
    yield _listed(_("Actions du pacte réalisées :"), [_named(row) for row in year.done])
    yield _listed(_("Actions abandonnées, et pourquoi :"), [f"{_named(row)} : {row.motive}" for row in year.dropped])
    yield _listed(_("Actions en retard, qui se poursuivent :"), [_named(row) for row in year.late])


def _named(row: PactAction) -> str:
    return _("n° %(n)d, %(title)s") % {"n": row.number, "title": row.title}


def _listed(heading: str, rows: list[str]) -> str:
    """A heading and its lines, the longest lists cut short and counted."""
    if not rows:
        return ""
    lines = [f"- {row}" for row in rows[:MOST_NAMED]]
    left = len(rows) - MOST_NAMED
    if left > 0:
        lines.append("- " + ngettext("et %(n)d autre", "et %(n)d autres", left) % {"n": left})
    return "\n".join([heading, *lines])
