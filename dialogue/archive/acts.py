"""The year ahead: one year closes and is frozen, the next one opens with its councils and its campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from dialogue.archive import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.archive import years
from dialogue.archive.models import ProcessYear
from dialogue.archive.stages import YearStage
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.contributions.acts.campaigns import open_campaign
from dialogue.formats.json import seal
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle
from dialogue.territories.acts import add_date
from dialogue.territories.models import Territory
from dialogue.territories.stages import DateKind, Precision
from dialogue.ui.dates import long_day

#: A campaign as it begins: its team still has to announce it.
CAMPAIGN = {
    "is_announced": False,
    "circle": Circle.PUBLIC,
    "read_within_days": 3,
    "answer_within_days": 90,
    "moderate_first": True,
}


@act("archive.open_year", creates=True, record=("year", "starts_on", "ends_on"))
def open_year(
    thing: None,
    *,
    by: Any,
    now: datetime,
    year: int,
    starts_on: date,
    ends_on: date,
    councils: Collection[tuple[int, date]] = (),
    conference_on: date | None = None,
    campaign: dict[str, Any] | None = None,
) -> ProcessYear:
    """A year with what it begins with: series of councils (number, month) in each territory, the conference, a campaign.

    Raises Refused when it is there already, when its dates make no sense or run into those of the one before, or when another
    year is still open.
    """
    if ends_on <= starts_on:
        raise Refused(_("Le dernier jour vient après le premier."))
    before = ProcessYear.objects.filter(year__lt=year, ends_on__gte=starts_on).order_by("-year").first()
    if before is not None:
        said = _("L’année %(year)d va jusqu’au %(day)s : celle-ci commence après.")
        raise Refused(said % {"year": before.year, "day": long_day(before.ends_on)})
    # The database alone sees who opens another one at the same moment.
    try:
        with transaction.atomic():
            opened = ProcessYear.objects.create(year=year, starts_on=starts_on, ends_on=ends_on)
    except IntegrityError:
        raise Refused(_another_is_open() or _("Cette année existe déjà.")) from None
    with translation.override(settings.LANGUAGE_CODE):
        dates = list(_dates(councils, conference_on))
    for values in dates:
        add_date(None, by=by, now=now, values=values)
    if campaign:
        open_campaign(None, by=by, now=now, **(CAMPAIGN | campaign))
    return opened


def _another_is_open() -> str:
    """The refusal, when it is so."""
    if not ProcessYear.objects.filter(stage=YearStage.OPEN).exists():
        return ""
    return _("Une année est encore ouverte : closez-la d’abord, ses chantiers se poursuivront dans la suivante.")


def _dates(councils: Collection[tuple[int, date]], conference_on: date | None) -> Iterator[dict[str, Any]]:
    """What the calendar of the year begins with, to the month."""
    for number, month in councils:
        for territory in Territory.objects.order_by("order"):
            title = _("Conseil de territoire n° %(n)d, %(place)s") % {"n": number, "place": territory.name}
            yield _date(DateKind.COUNCIL, title, month) | {"series": number, "territory": territory}
    if conference_on:
        yield _date(DateKind.CONFERENCE, _("Conférence départementale des territoires"), conference_on)


def _date(kind: DateKind, title: str, month: date) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "precision": Precision.MONTH,
        "starts_on": month.replace(day=1),
        "circle": Circle.PUBLIC,
    }


@act("archive.close_year", come_from=[YearStage.OPEN])
def close_year(year: ProcessYear, *, by: Any, now: datetime, word: str, carried: Collection[Chantier]) -> None:
    """Freezes what everyone may read of the year. Evaluated chantiers that are not carried on are archived for good.

    Raises Refused for a year that has not begun, and when a chantier at work is neither carried on nor ended.
    """
    today = local_date(now)
    if today < year.starts_on:
        raise Refused(_("Cette année n’a pas commencé."))
    going_on = {chantier.pk for chantier in carried}
    for chantier in years.living():
        if chantier.pk in going_on:
            continue
        if chantier.stage != Stage.EVALUATED:
            words = {"n": chantier.number, "title": chantier.title}
            raise Refused(
                _("Le chantier n° %(n)d, « %(title)s », n’est pas terminé : il se poursuit, ou il s’abandonne d’abord.") % words
            )
        life.archive(chantier, by=by, now=now)
    kept = [chantier for chantier in years.living() if chantier.pk in going_on]
    frozen = years.content(year, word=word.strip(), carried=kept, closed_on=today)
    year.word, year.content, year.seal, year.closed_on, year.stage = (
        word.strip(),
        frozen,
        seal(frozen),
        today,
        YearStage.CLOSED,
    )
    year.save(update_fields=["word", "content", "seal", "closed_on", "stage"])


@act("archive.reopen_year", come_from=[YearStage.CLOSED])
def reopen_year(year: ProcessYear, *, by: Any, now: datetime) -> None:
    """Back to the year, as long as no other was opened after it. Archived chantiers stay archived."""
    if ProcessYear.objects.filter(year__gt=year.year).exists():
        raise Refused(_("Une année a été ouverte depuis : celle-ci ne se rouvre plus."))
    rows = ProcessYear.objects.filter(pk=year.pk)
    try:
        with transaction.atomic():
            rows.update(content={}, seal="", closed_on=None, stage=YearStage.OPEN)
    except IntegrityError:
        raise Refused(_another_is_open()) from None
    year.content, year.seal, year.closed_on, year.stage = {}, "", None, YearStage.OPEN
