"""The summary: letters that a person reads together, on Monday morning unless they chose each morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dialogue.language.text import normalise
from dialogue.mailer import audience, kinds, outbox, spaces
from dialogue.mailer.kinds import Frequency, Mode
from dialogue.mailer.models import Letter, LetterStage, Rhythm

HOUR = 8


def last_departure(moment: datetime, frequency: str) -> datetime:
    """The last time a digest of this frequency was due, at or before `moment`: 8 h in the Département's time zone."""
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    day = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if day > local:
        day -= timedelta(days=1)
    return day - timedelta(days=day.weekday()) if frequency == Frequency.WEEKLY else day


def send_digests(moment: datetime, now: datetime) -> int:
    """One letter to each person who has something to read since the last departure. Returns how many.

    `moment` is real time (it decides), `now` domain time (it is written on the letters). What was queued after the
    departure waits for the next one. Idempotent: of two workers, or twice on the same day, one letter leaves.
    """
    waiting = Letter.objects.waiting_for_digest().filter(queued_at__lt=last_departure(moment, Frequency.DAILY))
    people = get_user_model().objects.filter(pk__in=waiting.values("person_id")).order_by("pk")
    rhythms = dict(Rhythm.objects.filter(person__in=people).values_list("person_id", "frequency"))
    sent = 0
    for person in people:
        departure = last_departure(moment, rhythms.get(person.pk, Frequency.WEEKLY))
        with transaction.atomic():
            sent += _gather(person, departure, now)
    return sent


def _gather(person: Any, departure: datetime, now: datetime) -> bool:
    rows = Letter.objects.waiting_for_digest().filter(person=person, queued_at__lt=departure)
    letters = list(rows.select_related("person").order_by("written_at", "pk"))
    if not letters:
        return False
    # Whoever moves them writes the digest: the second of two workers finds none.
    moved = rows.filter(pk__in=[letter.pk for letter in letters]).update(stage=LetterStage.DIGESTED)
    if moved != len(letters):
        transaction.set_rollback(True)
        return False
    unwanted = [letter.pk for letter in letters if not _is_wanted(letter, person)]
    Letter.objects.filter(pk__in=unwanted).update(stage=LetterStage.DROPPED)
    kept = [letter for letter in letters if letter.pk not in unwanted]
    if not kept:
        return False
    digest = outbox.send(
        kinds.DIGEST.code,
        person,
        subject=_("Votre résumé"),
        template="mail/digest",
        context={"letters": kept, "groups": by_group(person, kept)},
        now=now,
        dedupe=f"{departure:%Y-%m-%d}/{kept[-1].pk}",
    )
    stage = LetterStage.DIGESTED if digest is not None else LetterStage.DROPPED
    Letter.objects.filter(pk__in=[letter.pk for letter in kept]).update(gathered_in=digest, stage=stage)
    return digest is not None


def _is_wanted(letter: Letter, person: Any) -> bool:
    """Since it was queued, the person may have chosen never, or left the group."""
    return outbox.mode_for(person, letter.kind, letter.space) != Mode.NEVER and audience.may_still_receive(letter)


def by_group(person: Any, letters: list[Letter]) -> list[tuple[str, list[Letter]]]:
    """The letters under the name of their group, groups by name; "" for what speaks of none, last."""
    names = spaces.names_for(person, {letter.space for letter in letters if letter.space})
    groups: dict[str, list[Letter]] = {}
    for letter in letters:
        groups.setdefault(names.get(letter.space, ""), []).append(letter)
    return sorted(groups.items(), key=lambda group: (not group[0], normalise(group[0])))
