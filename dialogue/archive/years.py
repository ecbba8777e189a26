"""What a year was, in figures and names that everyone may read; and what is left to do before it is closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import ngettext

from dialogue.archive.models import ProcessYear
from dialogue.chantiers.models import Chantier, JoinRequest, Member
from dialogue.chantiers.stages import ENDED, RequestStage, Stage
from dialogue.contributions.models import Campaign, Contribution
from dialogue.contributions.stages import TO_ANSWER, TO_SORT
from dialogue.contributions.stages import Stage as ContributionStage
from dialogue.meetings.models import Meeting, Minutes
from dialogue.meetings.stages import OUT, PAST
from dialogue.territories.models import CalendarDate

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


#: What other rooms of this floor and above know of a year: functions (year) → figures, or things left.
figure_sources: list[Callable[[ProcessYear], list[Figure]]] = []
left_sources: list[Callable[[ProcessYear], list[Left]]] = []


def left(year: ProcessYear, today: date) -> list[Left]:
    """What is not finished, first what keeps people waiting. Nothing forbids to close: the officer decides, knowing it."""
    unanswered = Contribution.objects.filter(stage__in=[*TO_SORT, *TO_ANSWER, ContributionStage.QUALIFIED])
    answers = unanswered.filter(received_at__date__lte=year.ends_on).count()
    asks = JoinRequest.objects.filter(stage=RequestStage.WAITING).count()
    minutes = Meeting.objects.filter(stage__in=PAST).exclude(minutes__stage__in=OUT).distinct().count()
    campaigns = Campaign.objects.open_on(today).filter(opens_on__lte=year.ends_on).count()
    ended = Chantier.objects.filter(stage=Stage.COMPLETED).count()
    pilot = reverse("portal:pilot")
    found = [
        Left(
            answers,
            ngettext("contribution attend encore sa réponse", "contributions attendent encore leur réponse", answers),
            reverse("contributions:pilot"),
        ),
        Left(
            asks,
            ngettext("demande à rejoindre un groupe est sans réponse", "demandes à rejoindre un groupe sont sans réponse", asks),
            pilot,
        ),
        Left(
            minutes,
            ngettext("séance tenue n’a pas de compte-rendu publié", "séances tenues n’ont pas de compte-rendu publié", minutes),
            pilot,
        ),
        Left(
            campaigns,
            ngettext(
                "campagne de contributions est encore ouverte", "campagnes de contributions sont encore ouvertes", campaigns
            ),
            reverse("contributions:campaigns_pilot"),
        ),
        Left(
            ended, ngettext("chantier achevé attend son évaluation", "chantiers achevés attendent leur évaluation", ended), pilot
        ),
    ]
    for source in left_sources:
        found += source(year)
    return [one for one in found if one.count]


def living() -> list[Chantier]:
    """The chantiers that the next year takes on, or that are evaluated and may rest."""
    return list(
        Chantier.objects.filter(stage__in=LIVING).select_related("theme").prefetch_related("territories").order_by("number")
    )


def figures(year: ProcessYear) -> list[Figure]:
    """Counted among what everyone may read."""
    reader, span = AnonymousUser(), (year.starts_on, year.ends_on)
    chantiers = Chantier.objects.visible_to(reader).filter(opened_on__lte=year.ends_on)
    texts = Contribution.objects.standing().filter(written_at__date__range=span).count()
    opened = chantiers.filter(opened_on__range=span).count()
    ended = chantiers.filter(stage__in=[Stage.COMPLETED, Stage.EVALUATED, Stage.ARCHIVED]).count()
    meetings = Meeting.objects.filter(stage__in=PAST, starts_at__date__range=span).count()
    minutes = Minutes.objects.visible_to(reader).filter(meeting__starts_at__date__range=span).count()
    bodies = Member.objects.filter(chantier__in=chantiers).values("organisation").distinct().count()
    found = [
        Figure(ngettext("contribution reçue", "contributions reçues", texts), texts),
        Figure(ngettext("chantier ouvert pendant l’année", "chantiers ouverts pendant l’année", opened), opened),
        Figure(ngettext("chantier achevé", "chantiers achevés", ended), ended),
        Figure(ngettext("séance tenue", "séances tenues", meetings), meetings),
        Figure(ngettext("compte-rendu public", "comptes-rendus publics", minutes), minutes),
        Figure(ngettext("organisme engagé", "organismes engagés", bodies), bodies),
    ]
    for source in figure_sources:
        found += source(year)
    return found


def content(year: ProcessYear, *, word: str, carried: list[Chantier], closed_on: date) -> dict[str, Any]:
    """The frozen page of the year, as data: what everyone could read on the day it closed."""
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
        "dates": [
            {"title": row.title, "on": row.starts_on.isoformat(), "kind": row.get_kind_display()}
            for row in dates.order_by("starts_on")
        ],
    }


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


def seal_of(frozen: dict[str, Any]) -> str:
    """SHA-256 of the content, keys in order."""
    return hashlib.sha256(json.dumps(frozen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
