"""What a year was, in figures and names that everyone may read; and what is left to do before it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.archive.models import ProcessYear
from dialogue.assembly.models import Proposition
from dialogue.assembly.stages import FINAL
from dialogue.chantiers.models import Chantier, JoinRequest, Member
from dialogue.chantiers.stages import ENDED, RequestStage, Stage
from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.stages import TO_ANSWER, TO_SORT
from dialogue.contributions.stages import Stage as ContributionStage
from dialogue.deliverables.models import Deliverable
from dialogue.evaluation.models import ProcessEvaluation
from dialogue.logbook.models import Edition
from dialogue.meetings.models import Meeting, Minutes
from dialogue.meetings.stages import OUT, PAST
from dialogue.pacts.models import PactEdition
from dialogue.territories.models import CalendarDate, Territory

#: Alive when a year ends: they go on in the next one.
LIVING = [stage for stage in Stage if stage not in {*ENDED, Stage.PROPOSED}]


@dataclass(frozen=True)
class Left:
    """Something that is not finished: how many, in words, and where to see to it."""

    count: int
    words: str
    url: str


@dataclass(frozen=True)
class Figure:
    label: str
    value: int


def _unfinished(year: ProcessYear, today: date) -> Iterator[tuple[int, str, str]]:
    """(how many, in words, where to see to it); first what keeps people waiting."""
    pilot = reverse("portal:pilot")
    unanswered = Contribution.objects.filter(stage__in=[*TO_SORT, *TO_ANSWER, ContributionStage.QUALIFIED])
    n = unanswered.filter(received_at__date__lte=year.ends_on).count()
    words = ngettext("contribution attend encore sa réponse", "contributions attendent encore leur réponse", n)
    yield n, words, reverse("contributions:pilot")
    n = JoinRequest.objects.filter(stage=RequestStage.WAITING).count()
    yield n, ngettext("demande à rejoindre un groupe est sans réponse", "demandes à rejoindre un groupe sont sans réponse", n), pilot
    n = Meeting.objects.filter(stage__in=PAST).exclude(minutes__stage__in=OUT).distinct().count()
    yield n, ngettext("séance tenue n’a pas de compte-rendu publié", "séances tenues n’ont pas de compte-rendu publié", n), pilot
    n = Proposition.objects.exclude(stage__in=FINAL).count()
    words = ngettext("proposition n’a pas encore d’issue", "propositions n’ont pas encore d’issue", n)
    yield n, words, reverse("assembly:queue")
    n = Chantier.objects.filter(stage=Stage.COMPLETED).count()
    words = ngettext("chantier achevé attend son évaluation", "chantiers achevés attendent leur évaluation", n)
    yield n, words, reverse("evaluation:pilot")
    updated = PactEdition.objects.published().filter(published_at__date__gte=year.starts_on).values("pact__territory")
    n = Territory.objects.exclude(pk__in=updated).count()
    words = ngettext("territoire n’a pas publié son pacte cette année", "territoires n’ont pas publié leur pacte cette année", n)
    yield n, words, reverse("pacts:pilot")
    n = Campaign.objects.open_on(today).filter(opens_on__lte=year.ends_on).count()
    words = ngettext("campagne de contributions est encore ouverte", "campagnes de contributions sont encore ouvertes", n)
    yield n, words, reverse("contributions:campaigns_pilot")


def left(year: ProcessYear, today: date) -> list[Left]:
    """What is not finished. Nothing forbids to close: the officer decides, knowing it."""
    return [Left(*one) for one in _unfinished(year, today) if one[0]]


def living() -> list[Chantier]:
    """The chantiers that the next year takes on, or that are evaluated and may rest."""
    return list(
        Chantier.objects.filter(stage__in=LIVING).select_related("theme").prefetch_related("territories").order_by("number")
    )


def figures(year: ProcessYear) -> list[Figure]:
    """Counted among what everyone may read."""
    reader, span = AnonymousUser(), (year.starts_on, year.ends_on)
    chantiers = Chantier.objects.visible_to(reader).filter(opened_on__lte=year.ends_on)
    texts = Contribution.objects.standing().published_to(reader).filter(written_at__date__range=span).count()
    opened = chantiers.filter(opened_on__range=span).count()
    ended = chantiers.filter(stage__in=[Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED]).count()
    meetings = Meeting.objects.visible_to(reader).filter(stage__in=PAST, starts_at__date__range=span).count()
    minutes = Minutes.objects.visible_to(reader).filter(meeting__starts_at__date__range=span).count()
    bodies = Member.objects.filter(chantier__in=chantiers).values("organisation").distinct().count()
    return [
        Figure(ngettext("contribution reçue", "contributions reçues", texts), texts),
        Figure(ngettext("chantier ouvert pendant l’année", "chantiers ouverts pendant l’année", opened), opened),
        Figure(ngettext("chantier achevé", "chantiers achevés", ended), ended),
        Figure(ngettext("séance tenue", "séances tenues", meetings), meetings),
        Figure(ngettext("compte-rendu public", "comptes-rendus publics", minutes), minutes),
        Figure(ngettext("organisme engagé", "organismes engagés", bodies), bodies),
    ]


def content(year: ProcessYear, *, word: str, carried: list[Chantier], closed_on: date) -> dict[str, Any]:
    """The frozen page of the year, as data: what everyone could read on the day it closed, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        return _content(year, word, carried, closed_on)


def _content(year: ProcessYear, word: str, carried: list[Chantier], closed_on: date) -> dict[str, Any]:
    reader = AnonymousUser()
    rows = Chantier.objects.visible_to(reader).filter(opened_on__lte=year.ends_on)
    going_on = {chantier.pk for chantier in carried}
    dates = CalendarDate.objects.visible_to(reader).filter(starts_on__range=(year.starts_on, year.ends_on))
    return {
        "year": year.year,
        "starts_on": year.starts_on.isoformat(),
        "ends_on": year.ends_on.isoformat(),
        "closed_on": closed_on.isoformat(),
        "word": word,
        "figures": [{"label": figure.label, "value": figure.value} for figure in figures(year)],
        "chantiers": [
            _chantier(row, going_on) for row in rows.select_related("theme").prefetch_related("territories").order_by("number")
        ],
        "dates": [_date(row) for row in dates.order_by("starts_on")],
        "documents": [{"title": title, "url": url} for title, url in _documents(year)],
    }


def _documents(year: ProcessYear) -> Iterator[tuple[str, str]]:
    """What was published during the year and keeps its address: carnets, evaluations, pacts, results."""
    span = (year.starts_on, year.ends_on)
    for carnet in Edition.objects.published().filter(published_at__date__range=span).order_by("published_at"):
        yield _("Carnet de voyage : %(title)s") % {"title": carnet.title}, carnet.get_absolute_url()
    for process in ProcessEvaluation.objects.visible_to(AnonymousUser()).filter(published_at__date__range=span):
        yield _("Évaluation des chantiers, %(year)d") % {"year": process.year}, process.get_absolute_url()
    # The edition in force of each: those it corrects are read from its page.
    pacts = PactEdition.objects.in_force().filter(published_at__date__range=span).select_related("pact__territory")
    for pact in pacts.order_by("pact", "year", "number"):
        yield _("Pacte de territoire %(year)d, %(place)s") % {"place": pact.pact.territory.name, "year": pact.year}, pact.get_absolute_url()
    results = Deliverable.objects.visible_to(AnonymousUser()).current().filter(published_on__range=span)
    for result in results.order_by("number"):
        yield _("Résultat : %(title)s") % {"title": result.title}, result.get_absolute_url()


def _date(row: CalendarDate) -> dict[str, str]:
    return {"title": row.title, "on": row.starts_on.isoformat(), "kind": row.get_kind_display()}


def _chantier(row: Chantier, going_on: set[int]) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "theme": row.theme.name,
        "territories": [territory.name for territory in row.territories.all()],
        "objective": row.objective,
        "deliverable": row.deliverable,
        "stage": row.stage,
        "state": str(row.shown_state.label),
        "carried_on": row.pk in going_on,
        "url": row.get_absolute_url(),
    }
