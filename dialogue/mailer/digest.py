"""The weekly summary: letters that a person reads together, on Monday morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogue.mailer import kinds, outbox
from dialogue.mailer.kinds import Mode
from dialogue.mailer.models import Letter, LetterStage
from dialogue.mailer.periodic import every

kinds.register("mailer.digest", label=_("Le résumé de la semaine"), default="immediate", mandatory=True)

MONDAY, HOUR = 0, 8


def week_of(moment: datetime) -> str:
    """The week whose summary is due at `moment`: it begins on Monday at 8 in the Département's time."""
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE)) - timedelta(hours=HOUR)
    year, week, _day = local.isocalendar()
    return f"{year}-W{week:02d}"


@every(hours=1)
def send_digests(now: datetime) -> int:
    """One letter to each person with something to read since last Monday's; `now` is domain time. Returns how many."""
    moment = timezone.now()
    week = week_of(moment)
    waiting = Letter.objects.filter(stage=LetterStage.QUEUED, mode=Mode.DIGEST)
    # What was written this very week waits for next Monday.
    start = _start_of_week(moment)
    people = get_user_model().objects.filter(pk__in=waiting.filter(queued_at__lt=start).values("person_id"))
    return sum(_digest(person, week, start, now) for person in people)


def _start_of_week(moment: datetime) -> datetime:
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE)) - timedelta(hours=HOUR)
    monday = local - timedelta(days=local.weekday())
    return monday.replace(hour=HOUR, minute=0, second=0, microsecond=0)


def _digest(person: object, week: str, start: datetime, now: datetime) -> bool:
    with transaction.atomic():
        rows = Letter.objects.filter(person=person, stage=LetterStage.QUEUED, mode=Mode.DIGEST, queued_at__lt=start)
        letters = list(rows.order_by("written_at", "pk"))
        # Whoever moves them writes the summary: two workers never do.
        if not letters or rows.update(stage=LetterStage.DIGESTED) != len(letters):
            return False
        sent = outbox.send(
            "mailer.digest", person, subject=_("Votre résumé de la semaine"), template="mail/digest",
            context={"letters": letters}, now=now, dedupe=f"{week}-{letters[-1].pk}",
        )
    return sent is not None
