"""Météo: given by the lead officer, dated, with a sentence; never computed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.letters import life as letters
from dialogue.chantiers.models import Chantier, WeatherReport
from dialogue.chantiers.rules import life as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import ACTIVE, Weather
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry

#: A météo older than this, in days, is asked again (product.md: the page shows how old it is).
STALE_AFTER = 30
#: The same météo sent twice within this time is one click too many.
_TWICE = timedelta(minutes=10)


@act("chantiers.report_weather", come_from=ACTIVE, creates=True, record=("weather",))
def report_weather(chantier: Chantier, *, by: Any, now: datetime, weather: Weather, sentence: str = "") -> WeatherReport:
    """Adds a report. Raises Refused for a gale without its sentence, and for the same report sent twice."""
    sentence = sentence.strip()
    if weather == Weather.GALE and not sentence:
        raise Refused(_("Avis de vent : dites en une phrase de quelle aide le chantier a besoin."))
    last = WeatherReport.objects.filter(chantier=chantier).first()
    if last and last.weather == weather and last.sentence == sentence and last.at > now - _TWICE:
        raise Refused(_("Cette météo vient d’être enregistrée."))
    return WeatherReport.objects.create(chantier=chantier, weather=weather, sentence=sentence, at=now, by=by)


def stale(now: datetime) -> list[tuple[Chantier, int]]:
    """Chantiers at work of which the météo is older than 30 days (or missing since their opening), with the days."""
    today = local_date(now)
    found = []
    for chantier in Chantier.objects.filter(stage__in=ACTIVE).with_weather().order_by("number"):
        since = local_date(chantier.weather_at) if chantier.weather_at else chantier.opened_on
        days = (today - since).days
        if days > STALE_AFTER:
            found.append((chantier, days))
    return found


@act("chantiers.remind_weather", come_from=ACTIVE)
def remind_weather(chantier: Chantier, *, by: Any, now: datetime, days: int) -> int:
    """Asks the lead for a fresh météo; at most once in 30 days. Returns the number of letters."""
    recent = Entry.objects.about(chantier).filter(act="chantiers.remind_weather", at__gt=now - timedelta(days=STALE_AFTER))
    if recent.exists():
        raise Refused(_("Le rappel est déjà parti ce mois-ci."))
    last = WeatherReport.objects.filter(chantier=chantier).first()
    told = letters.remind_weather(chantier, last=last, days=days, now=now)
    if not told:
        raise Refused(_("Personne ne représente la direction référente."))
    return told
