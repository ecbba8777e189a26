"""What the page of a chantier tells, to whoever reads it, in few queries (12 for a member, everything included)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, DateField, Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.chantiers import choosing_words, pages, proof
from dialogue.chantiers.models import (
    Chantier,
    Follow,
    JoinRequest,
    Member,
    Objective,
    PlannedDeliverable,
    Representative,
    Roadmap,
    Step,
    groups_of,
)
from dialogue.chantiers.provenance import count_taken_up
from dialogue.chantiers.stages import JOINABLE, RequestStage, RoadmapStage, Role, Stage
from dialogue.deliverables.models import Deliverable
from dialogue.deliverables.pages import latest
from dialogue.documents.pages import count_shared
from dialogue.evaluation.models import Evaluation
from dialogue.ledger.clock import local_date
from dialogue.meetings.models import Meeting
from dialogue.meetings.stages import OUT, PAST, MeetingStage
from dialogue.pacts.path import Path, of_chantier
from dialogue.people.circles import circle_admits
from dialogue.people.models import Organisation
from dialogue.people.stages import Kind
from dialogue.portal.agenda import knows_details
from dialogue.ui import dates as written

#: How member organisations are gathered under headings.
FAMILIES: list[tuple[str | Promise, set[Kind]]] = [
    (gettext_lazy("Collectivités"), {Kind.COMMUNE, Kind.EPCI, Kind.DEPARTMENT}),
    (gettext_lazy("Associations et habitants"), {Kind.ASSOCIATION, Kind.CITIZENS}),
    (gettext_lazy("Entreprises et chambres"), {Kind.BUSINESS, Kind.CHAMBER}),
    (gettext_lazy("Institutions"), {Kind.DIRECTORATE, Kind.STATE, Kind.PUBLIC_BODY, Kind.SCHOOL, Kind.OTHER}),
]
#: Results shown; the others are on the page of results.
RESULTS = 12
#: The kinds of lines of a roadmap, as `_lines` numbers them.
OBJECTIVE, DELIVERABLE, STEP = range(3)
#: Which of the six moments a stage stands at; 7 is after the last.
HERE = {
    Stage.PROPOSED: 1,
    Stage.OPEN: 1,
    Stage.LAUNCHED: 2,
    Stage.WORKING: 3,
    Stage.DELIVERED: 4,
    Stage.COMPLETED: 7,
    Stage.EVALUATED: 7,
    Stage.ARCHIVED: 7,
}


@dataclass(frozen=True)
class Milestone:
    """One of the six moments of a life. `state`: done, here or next."""

    icon: str
    title: str
    text: str
    state: str


@dataclass(frozen=True)
class Line:
    """A step (done) or a deliverable (published, or given up); `days_late` is 0 when it is on time or settled."""

    title: str
    due_on: date | None
    done_on: date | None
    given_up: bool
    days_late: int


@dataclass(frozen=True)
class RoadmapPart:
    """The roadmap in force, when the reader may read it."""

    roadmap: Roadmap
    objectives: list[str] = field(default_factory=list)
    deliverables: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)


@dataclass
class ChantierPage:
    chantier: Chantier
    today: date
    in_group: bool
    knows_place: bool
    members: list[Member]
    roadmap: RoadmapPart | None
    turns: list[pages.Turn]
    meetings: list[Meeting]
    weather: str = ""
    weather_at: datetime | None = None
    weather_sentence: str = ""
    next_meeting: Meeting | None = None
    #: Meetings whose minutes this reader may read, latest first.
    published: list[Meeting] = field(default_factory=list)
    #: What the group delivered, newest first.
    results: list[Deliverable] = field(default_factory=list)
    #: From the contributions that it takes up to the actions of the pacts that come of it.
    path: Path | None = None

    def _organisations(self, *roles: str) -> list[Organisation]:
        return [m.organisation for m in self.members if m.role in roles]

    @property
    def sponsor(self) -> Member | None:
        return next((m for m in self.members if m.role == Role.SPONSOR), None)

    @property
    def lead(self) -> Organisation | None:
        return next(iter(self._organisations(Role.LEAD)), None)

    @property
    def resources(self) -> list[Organisation]:
        return self._organisations(Role.RESOURCE)

    @property
    def organisations_count(self) -> int:
        return len({m.organisation_id for m in self.members})

    @property
    def families(self) -> list[tuple[str | Promise, list[Member]]]:
        """The partners and observers of the group, by family, in the order of their names."""
        rows = [m for m in self.members if m.role in {Role.PARTNER, Role.OBSERVER}]
        found = [(label, [m for m in rows if m.organisation.kind in kinds]) for label, kinds in FAMILIES]
        return [(label, sorted(group, key=lambda m: m.organisation.name)) for label, group in found if group]

    @property
    def is_joinable(self) -> bool:
        return self.chantier.stage in JOINABLE and not self.in_group

    @property
    def is_paused(self) -> bool:
        return self.chantier.stage == Stage.SUSPENDED

    @property
    def is_abandoned(self) -> bool:
        return self.chantier.stage == Stage.ABANDONED

    @property
    def evidence(self) -> str:
        """What the council had before it, in words and frozen; empty for a chantier that no candidate opened."""
        candidate = getattr(self.chantier, "candidate", None)
        found = proof.from_json(candidate.evidence) if candidate else None
        return choosing_words.compared(found) if found else ""

    @property
    def milestones(self) -> list[Milestone]:
        return milestones(self)


def chantier_rows(reader: Any) -> QuerySet[Chantier]:
    """The chantiers that `reader` sees, with the last météo and whether they asked to join or follow."""
    rows = Chantier.objects.visible_to(reader).select_related("theme", "council", "candidate")
    rows = rows.prefetch_related("territories").with_weather()
    evaluated = Evaluation.objects.published_to(reader).filter(chantier=OuterRef("pk"))
    rows = rows.annotate(
        documents_count=count_shared(reader), contributions_count=count_taken_up(reader), is_evaluated=Exists(evaluated)
    )
    if getattr(reader, "pk", None) is None:
        nothing = Value(value=False, output_field=BooleanField())
        return rows.annotate(asked=nothing, followed=nothing)
    asked = JoinRequest.objects.filter(chantier=OuterRef("pk"), person_id=reader.pk, stage=RequestStage.WAITING)
    followed = Follow.objects.filter(chantier=OuterRef("pk"), person_id=reader.pk)
    return rows.annotate(asked=Exists(asked), followed=Exists(followed))


def gather(chantier: Chantier, reader: Any, now: datetime) -> ChantierPage:
    """`chantier` must come from `chantier_rows(reader)`."""
    today = local_date(now)
    sponsor = Representative.objects.active().filter(member=OuterRef("pk"), person__is_active=True)
    members = Member.objects.active().filter(chantier=chantier).select_related("organisation")
    standing = Meeting.objects.filter(chantier=chantier).standing().select_related("minutes")
    meetings = list(standing.order_by("starts_at", "pk"))
    in_group = chantier.pk in groups_of(reader)
    # The météo is the partners' and the group's (product.md).
    shows_weather = getattr(reader, "is_partner", False) or in_group
    return ChantierPage(
        chantier=chantier,
        today=today,
        in_group=in_group,
        knows_place=knows_details(reader, chantier.pk),
        # The elected sponsor is the one person who is named in public.
        members=list(members.annotate(speaker=Subquery(sponsor.values("person__name")[:1]))),
        roadmap=roadmap_part(chantier, reader, today),
        turns=pages.timeline(chantier),
        meetings=meetings,
        weather=(chantier.weather_now or "") if shows_weather else "",
        weather_at=chantier.weather_at if shows_weather else None,
        weather_sentence=(chantier.weather_sentence or "") if shows_weather else "",
        results=latest(reader, RESULTS, [chantier]),
        published=[m for m in reversed(meetings) if _reads_minutes(m, reader, in_group=in_group)],
        path=of_chantier(chantier, reader, contributions_count=chantier.contributions_count),
        next_meeting=next((m for m in meetings if m.stage == MeetingStage.CONVENED and m.ends_at >= now), None),
    )


def _reads_minutes(meeting: Meeting, reader: Any, *, in_group: bool) -> bool:
    """Published for the reader's circle (as `Minutes.objects.visible_to`, without a query)."""
    minutes = getattr(meeting, "minutes", None)
    return minutes is not None and minutes.stage in OUT and circle_admits(reader, minutes.circle, in_group=in_group)


def roadmap_part(chantier: Chantier, reader: Any, today: date) -> RoadmapPart | None:
    """Two queries: the roadmap in force, and all its lines at once (a page of 12 queries cannot spend three on them)."""
    found = Roadmap.objects.visible_to(reader).filter(chantier=chantier, stage=RoadmapStage.ADOPTED).first()
    if found is None:
        return None
    part = RoadmapPart(found)
    for kind, _pk, title, due_on, done_on, given_up, _order in _lines(found):
        if kind == OBJECTIVE:
            part.objectives.append(title)
            continue
        late = (today - due_on).days if due_on and not done_on and not given_up and due_on < today else 0
        line = Line(title, due_on, done_on, bool(given_up), late)
        (part.deliverables if kind == DELIVERABLE else part.steps).append(line)
    return part


def _lines(roadmap: Roadmap) -> list[tuple[Any, ...]]:
    def lines(model: type[Objective | PlannedDeliverable | Step], kind: int, **columns: Any) -> QuerySet[Any]:
        shown = {"kind": Value(kind), "due": F("due_on"), "done": F("done_on"), "given_up": Value("", TextField())} | columns
        rows = model._default_manager.filter(roadmap=roadmap).order_by().annotate(**shown)
        return rows.values_list("kind", "pk", "title", "due", "done", "given_up", "order")

    no_day = Cast(Value(None), DateField())
    found = lines(Step, STEP).union(
        lines(PlannedDeliverable, DELIVERABLE, done=F("published_on"), given_up=F("abandon_motive")),
        lines(Objective, OBJECTIVE, due=no_day, done=no_day),
        all=True,
    )
    # Steps by date, the rest in the order that the group gave.
    return sorted(found, key=lambda row: (row[0], row[3] if row[0] == STEP else date.min, row[6], row[1]))


def milestones(page: ChantierPage) -> list[Milestone]:
    """The six moments, as in the design: what is done, where the group is, what comes."""
    chantier = page.chantier
    stage = Stage(chantier.suspended_from) if chantier.suspended_from else Stage(chantier.stage)
    here = HERE.get(stage, 0)
    if stage == Stage.DELIVERED and chantier.tabled_on:
        here = 5
    rows = [
        (_moment(_("Ouverture"), chantier.opened_on), _opening(page)),
        (_moment(_("Feuille de route"), _adoption(page)), _("Le groupe arrête son objectif, son livrable et son calendrier.")),
        (str(_("Séances")), _sessions(page)),
        (_moment(_("Livrable"), chantier.deliverable_due_on), _("Le résultat des travaux, en ligne pour tous.")),
        (_moment(_("Propositions"), chantier.tabled_on), _("Le groupe propose, l’assemblée départementale vote.")),
        (_moment(_("Pacte"), chantier.in_pact_on), _("Les propositions adoptées entrent dans le pacte de territoire.")),
    ]
    if chantier.no_follow_up_on:
        rows[5] = (_moment(_("Issue"), chantier.no_follow_up_on), _("Les propositions restent sans suite."))
    found = []
    for number, (title, text) in enumerate(rows, start=1):
        state = "done" if number < here else "here" if number == here else "next"
        icon = {"done": "n6", "here": f"n{min(number, 4)}", "next": "n1"}[state]
        found.append(Milestone(icon, title, text, state))
    return found


def _moment(title: str, day: date | None) -> str:
    return f"{title} · {written.short_day(day)} {day.year}" if day else title


def _opening(page: ChantierPage) -> str:
    sentences = []
    if page.chantier.council:
        sentences.append(f"{page.chantier.council}.")
    committed = len({m.organisation_id for m in page.members if m.committed_at_council})
    if committed:
        text = ngettext("%(n)d organisme s’y engage.", "%(n)d organismes s’y engagent.", committed)
        sentences.append(text % {"n": committed})
    return " ".join(sentences) or _("Le Département ouvre le chantier et constitue le groupe.")


def _adoption(page: ChantierPage) -> date | None:
    """The day of the first adoption, from the register: the stage is public, whatever the circle of the roadmap."""
    return next((local_date(t.at) for t in page.turns if (t.stage_from, t.stage) == (Stage.LAUNCHED, Stage.WORKING)), None)


def _sessions(page: ChantierPage) -> str:
    held = [m for m in page.meetings if m.stage in PAST]
    sentences = []
    if held:
        text = ngettext("%(n)d séance tenue, le %(days)s.", "%(n)d séances tenues : %(days)s.", len(held))
        sentences.append(text % {"n": len(held), "days": ", ".join(written.short_day(m.starts_at) for m in held)})
    if page.next_meeting:
        sentences.append(_("Prochaine séance le %(when)s.") % {"when": written.when(page.next_meeting.starts_at)})
    return " ".join(sentences) or _("Le groupe se réunit au rythme qu’il choisit.")
