"""What pages show of propositions: their path, who reads them, what is missing, the counts of a chantier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.assembly.acts import propositions
from dialogue.assembly.models import Opinion, Proposition, Resolution
from dialogue.assembly.stages import AT_ASSEMBLY, COMES_BACK, VOTED_FOR, PropositionStage
from dialogue.chantiers import compare
from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier, ContributionLink, Representative, groups_of
from dialogue.chantiers.stages import Stage as ChantierStage
from dialogue.deliverables.models import Deliverable
from dialogue.people.models import Mandate
from dialogue.ui.dates import long_day, ordinal, short_day

S = PropositionStage

#: Rooms above append `(proposition, request) -> Block | None` (docs/adr/0011): what comes of it, on its public page.
proposition_blocks: list[Callable[[Proposition, HttpRequest], space_pages.Block | None]] = []


def blocks_of(proposition: Proposition, request: HttpRequest) -> list[space_pages.Block]:
    return space_pages.gathered(proposition_blocks, proposition, request)


@dataclass(frozen=True)
class PathStep:
    """One moment of the path: `state` is done, here or next."""

    title: str
    text: str
    state: str
    icon: str
    url: str = ""


def reports_of(proposition: Proposition, reader: Any) -> list[Resolution]:
    """Each passage of a proposition before the assembly, oldest first, with its session and `session_name`, what `reader` may call
    it (1 query): for upper rooms too."""
    rows = proposition.resolutions.select_related("session__calendar_date").prefetch_related("former")
    found = list(rows.order_by("date", "pk"))
    for row in found:
        row.proposition = proposition
        row.session_name = row.session.name_for(reader)  # type: ignore[attr-defined]
    return found


def voted_in(year: int, territory: Any) -> Any:
    """Propositions adopted by the assembly that concern `territory` and wait for the pact of `year`: those voted up to that year's
    end and not yet in a pact. For the pacts room; a queryset, in the order of the votes."""
    rows = Proposition.objects.voted_for().filter(chantier__territories=territory, resolution__date__year__lte=year)
    return rows.order_by("resolution__date", "number")


def path_of(proposition: Proposition, reports: list[Resolution], reader: Any) -> list[PathStep]:
    """From the group to the pact; no query when `reports`, the meeting and the session with its date are loaded."""
    stage = proposition.stage
    seen = [_seen(report) for report in reports if report.outcome in COMES_BACK]
    steps = [_written(proposition), _adopted(proposition), _instructed(proposition, again=False), *seen]
    if proposition.round > 1:
        steps.append(_instructed(proposition, again=True))
    if stage not in COMES_BACK:
        steps.append(_voted(proposition, reader))
    if stage == S.WITHDRAWN:
        steps = [step for step in steps if step.state == "done"] + [_end(proposition, _("Retirée"))]
    elif stage == S.NO_FOLLOW_UP:
        steps.append(_end(proposition, _("Sans suite")))
    elif stage != S.REJECTED:
        steps.append(_pact(proposition))
    return steps


def _step(title: str, text: str, state: str, day: date | None = None, url: str = "") -> PathStep:
    icon = {"done": "n6", "here": "n3", "next": "n1"}[state]
    return PathStep(f"{title} · {short_day(day)} {day.year}" if day else title, text, state, icon, url)


def _written(proposition: Proposition) -> PathStep:
    state = "here" if proposition.stage == S.DRAFTING else "done"
    return _step(_("Rédaction"), _("Le groupe écrit sa proposition à partir de ses décisions."), state)


def _adopted(proposition: Proposition) -> PathStep:
    if proposition.adopted_at_meeting is None:
        return _step(_("Adoption par le groupe"), _("Le groupe l’adopte à l’une de ses séances."), "next")
    text = _("À la %(nth)s séance du groupe.") % {"nth": ordinal(proposition.adopted_at_meeting.number, feminine=True)}
    state = "here" if proposition.stage == S.ADOPTED_BY_GROUP else "done"
    return _step(_("Adoption par le groupe"), text, state, proposition.adopted_by_group_on)


def _instructed(proposition: Proposition, *, again: bool) -> PathStep:
    """The first instruction, or (`again`) the one after it came back from the assembly."""
    text = _("Les services du Département donnent leur avis et chiffrent.")
    title = _("Nouvelle instruction") if again else _("Instruction")
    if proposition.stage == S.UNDER_REVIEW and again == (proposition.round > 1):
        return _step(title, text, "here", proposition.submitted_on)
    return _step(title, text, "done" if proposition.submitted_on else "next")


def _seen(report: Resolution) -> PathStep:
    name = report.session_name  # type: ignore[attr-defined]
    return _step(str(report.get_outcome_display()), f"{name}. {report.reason}".strip(), "done", report.date)


def _voted(proposition: Proposition, reader: Any) -> PathStep:
    name = proposition.session.name_for(reader) if proposition.session is not None else ""
    if proposition.resolution is not None:
        report = proposition.resolution
        text = _("%(session)s. Délibération %(number)s.") % {"session": name, "number": report.number}
        state = "here" if proposition.stage in {*VOTED_FOR, S.REJECTED} else "done"
        return _step(str(report.get_outcome_display()), text, state, report.date, report.url)
    if proposition.session is not None and proposition.stage == S.TABLED:
        return _step(_("Vote de l’assemblée"), f"{name}.", "here", proposition.session.date)
    return _step(_("Vote de l’assemblée"), _("Le groupe propose, l’assemblée départementale vote."), "next")


def _pact(proposition: Proposition) -> PathStep:
    state = "here" if proposition.stage == S.IN_PACT else "next"
    text = _("Ce qui est voté entre dans le volet opérationnel du pacte de territoire.")
    return _step(_("Pacte"), text, state, proposition.in_pact_on)


def _end(proposition: Proposition, title: str) -> PathStep:
    return _step(title, proposition.motive, "here", proposition.closed_on)


# Words ------------------------------------------------------------------------------------------------------------


def differences(proposition: Proposition) -> list[compare.Piece]:
    """The text of the group and the one that the assembly adopted, as one run of words; empty when they are the same."""
    if proposition.resolution is None or not proposition.resolution.adopted_text:
        return []
    return compare.words(proposition.text, proposition.resolution.adopted_text)


def missing_in(proposition: Proposition) -> list[str]:
    """What the proposition still needs, as sentences: for the page of the group."""
    found = []
    if sentence := propositions.what_is_unwritten(proposition):
        found.append(sentence)
    if proposition.estimated_cost is None:
        found.append(_("Le coût n’est pas estimé : les services le demanderont."))
    if not proposition.decisions.exists():
        found.append(_("Aucune décision du groupe n’est citée : l’assemblée ne saura pas d’où vient la proposition."))
    if proposition.stage == S.UNDER_REVIEW and proposition.chantier.stage != ChantierStage.DELIVERED:
        found.append(_("Le chantier doit avoir remis ses livrables avant qu’elle soit inscrite à une séance."))
    return found


def carried_on(proposition: Proposition, reader: Any) -> Deliverable | None:
    """The published result that it carries on, when `reader` may read it (1 query, none without a deliverable)."""
    if proposition.deliverable_key is None:
        return None
    rows = (
        Deliverable.objects.visible_to(reader).current().filter(chantier=proposition.chantier_id, key=proposition.deliverable_key)
    )
    return rows.defer("full_text", "stems").first()


def who_reads(proposition: Proposition) -> str:
    """Who reads it now, and from when others will."""
    if proposition.stage == S.DRAFTING:
        return _("Le groupe et la coordination. Les partenaires la liront dès que le groupe l’aura adoptée.")
    if proposition.shown_circle == "partners" and proposition.chantier.circle == "public" and proposition.stage != S.WITHDRAWN:
        return _("Tous les partenaires. Tout le monde la lira dès qu’elle sera inscrite à une séance de l’assemblée.")
    if proposition.shown_circle == "public":
        return _("Tout le monde.")
    return _("Tous les partenaires.") if proposition.shown_circle == "partners" else _("Le groupe et la coordination.")


# Counts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """How many propositions of a chantier a reader sees, by what became of them."""

    total: int = 0
    before: int = 0
    at_assembly: int = 0
    adopted: int = 0
    not_adopted: int = 0

    @property
    def words(self) -> str:
        """« 3 propositions : 1 à l’assemblée, 2 adoptées »"""
        if not self.total:
            return ""
        parts = [
            words
            for count, words in (
                (self.before, ngettext("%(n)d en préparation", "%(n)d en préparation", self.before)),
                (self.at_assembly, ngettext("%(n)d à l’assemblée", "%(n)d à l’assemblée", self.at_assembly)),
                (self.adopted, ngettext("%(n)d adoptée", "%(n)d adoptées", self.adopted)),
                (self.not_adopted, ngettext("%(n)d sans suite", "%(n)d sans suite", self.not_adopted)),
            )
            if count
            for words in [words % {"n": count}]
        ]
        whole = ngettext("%(n)d proposition", "%(n)d propositions", self.total) % {"n": self.total}
        return f"{whole} : {', '.join(parts)}"


_BEFORE = Q(stage__in=[S.DRAFTING, S.ADOPTED_BY_GROUP, S.UNDER_REVIEW])
_THERE = Q(stage__in=[S.TABLED, *COMES_BACK])
_ADOPTED = Q(stage__in=[*VOTED_FOR, S.IN_PACT])
_NOT = Q(stage__in=[S.REJECTED, S.WITHDRAWN, S.NO_FOLLOW_UP])


def counts_of(chantiers: list[Any], reader: Any) -> dict[int, Counts]:
    """Key of each chantier → its counts, for this reader (1 query)."""
    keys = [getattr(chantier, "pk", chantier) for chantier in chantiers]
    rows = Proposition.objects.visible_to(reader).filter(chantier__in=keys).order_by().values("chantier")
    rows = rows.annotate(
        total=Count("pk"),
        before=Count("pk", filter=_BEFORE),
        at_assembly=Count("pk", filter=_THERE),
        adopted=Count("pk", filter=_ADOPTED),
        not_adopted=Count("pk", filter=_NOT),
    )
    return {row.pop("chantier"): Counts(**row) for row in rows}


def counted(rows: list[Proposition]) -> Counts:
    """The counts of propositions that are loaded."""
    groups: dict[str, tuple[str, ...]] = {
        "before": (S.DRAFTING, S.ADOPTED_BY_GROUP, S.UNDER_REVIEW),
        "at_assembly": (S.TABLED, *COMES_BACK),
        "adopted": (*VOTED_FOR, S.IN_PACT),
        "not_adopted": (S.REJECTED, S.WITHDRAWN, S.NO_FOLLOW_UP),
    }
    return Counts(len(rows), **{name: sum(row.stage in stages for row in rows) for name, stages in groups.items()})


def shown_on(chantier: Chantier, reader: Any) -> list[Proposition]:
    """The propositions that the page of a chantier lists for `reader`: those that left the group, with `session_name`, what the
    reader may call the session (1 query)."""
    rows = Proposition.objects.visible_to(reader).filter(chantier=chantier).exclude(circle="group")
    found = list(rows.select_related("session__calendar_date", "resolution").order_by("number"))
    for row in found:
        row.chantier = chantier
        row.session_name = row.session.name_for(reader) if row.session else ""  # type: ignore[attr-defined]
    return found


def with_told(rows: Any) -> Any:
    """Adds `group_count` (people of the group) and `authors_count` (contributions taken up): who hears of an outcome."""
    speakers = Representative.objects.active().filter(member__chantier=OuterRef("chantier")).order_by().values("member__chantier")
    links = ContributionLink.objects.filter(chantier=OuterRef("chantier")).order_by().values("chantier")
    return rows.annotate(
        group_count=Coalesce(
            Subquery(speakers.annotate(n=Count("person", distinct=True)).values("n"), output_field=IntegerField()), 0
        ),
        authors_count=Coalesce(Subquery(links.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
    )


def told_words(proposition: Any) -> str:
    """« 12 personnes du groupe et les auteurs de 34 contributions » ; `proposition` comes `with_told`."""
    group = ngettext("%(n)d personne du groupe", "%(n)d personnes du groupe", proposition.group_count)
    words = group % {"n": proposition.group_count}
    if proposition.authors_count:
        authors = ngettext(
            "%(words)s et l’auteur d’une contribution",
            "%(words)s et les auteurs de %(n)d contributions",
            proposition.authors_count,
        )
        words = authors % {"words": words, "n": proposition.authors_count}
    return words


# The group's space ------------------------------------------------------------------------------------------------


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """The group's propositions on the first page of its space (1 query)."""
    rows = list(
        Proposition.objects.visible_to(request.user).filter(chantier=chantier).select_related("session").order_by("-number")[:5]
    )
    may_draft = propositions.draft.allows(request.user, chantier) and chantier.stage in propositions.PROPOSING
    if not rows and not may_draft:
        return None
    for row in rows:
        row.chantier = chantier
    context = {"chantier": chantier, "propositions": rows, "may_draft": may_draft and not chantier.no_follow_up_on}
    return space_pages.Block("assembly/_block.html", context, column="main", order=45)


def todo_of(chantier: Chantier, reader: Any, today: date) -> list[space_pages.Todo]:
    """What waits for the group: propositions written that no meeting adopted yet, those adopted and not sent (1 query)."""
    if chantier.pk not in groups_of(reader) or chantier.stage not in propositions.PROPOSING:
        return []
    rows = Proposition.objects.filter(chantier=chantier, stage__in=[S.DRAFTING, S.ADOPTED_BY_GROUP]).order_by("number")
    found = []
    for row in rows[:4]:
        words = (
            _("Faire adopter en séance la proposition « %(title)s »")
            if row.stage == S.DRAFTING
            else _("Transmettre à l’instruction la proposition « %(title)s »")
        )
        url = reverse("assembly:work", args=[chantier.slug, row.number])
        found.append(space_pages.Todo("next", 0, words % {"title": row.title}, None, url))
    return found


def opinions_waiting_for(reader: Any) -> list[Opinion]:
    """Opinions asked of the services that `reader` speaks for, the most pressing first (1 query)."""
    if not getattr(reader, "is_partner", False) or not getattr(reader, "pk", None):
        return []
    mine = Mandate.objects.open().filter(person_id=reader.pk).values("organisation")
    rows = Opinion.objects.awaited().filter(service__in=mine, proposition__stage=S.UNDER_REVIEW)
    return list(rows.select_related("proposition__chantier", "service").order_by("proposition__opinions_due_on", "pk"))


def when_words(proposition: Proposition) -> str:
    """A line's note: the session or the vote that counts."""
    if proposition.resolution is not None:
        return _("vote du %(day)s") % {"day": long_day(proposition.resolution.date)}
    if proposition.stage in AT_ASSEMBLY and proposition.session is not None:
        return _("séance du %(day)s") % {"day": long_day(proposition.session.date)}
    return ""
