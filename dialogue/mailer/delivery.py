"""From the outbox to the mail server, neither losing nor doubling a letter (docs/adr/0008). Everything is real time."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dialogue.mailer import audience, journal, quiet
from dialogue.mailer.courier import Carrier
from dialogue.mailer.message import as_mail
from dialogue.mailer.models import Letter, LetterStage, Suspension
from dialogue.mailer.refusals import Fate, Outcome, outcome_of

logger = logging.getLogger(__name__)

#: Waits before each new attempt; after the last one the letter has failed and the coordination sees it.
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440)]
#: A claim whose journal is not on this machine (another host died) is given back after this long.
FOREIGN_CLAIM = timedelta(hours=1)
BATCH = 20


def worker_name() -> str:
    """Unique for each process ever started: a claim never looks like somebody else's."""
    return f"{socket.gethostname().split('.')[0][:30]}-{os.getpid()}-{secrets.token_hex(4)}"


def deliver_due(carrier: Carrier, worker: str, *, enough: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, a batch at most, until `enough`. Returns how many were handled, whatever became of them."""
    quiet.put_off(timezone.now())
    handled = 0
    for pk in list(Letter.objects.due().values_list("pk", flat=True)[:BATCH]):
        if enough():
            break
        letter = claim(pk, worker)
        if letter is not None:
            settle(letter, worker, _carry(letter, carrier))
            handled += 1
    return handled


def claim(pk: int, worker: str) -> Letter | None:
    """Take one letter, or None when another worker was faster: the conditional UPDATE decides on every database."""
    rows = Letter.objects.filter(pk=pk, stage=LetterStage.QUEUED)
    if rows.update(stage=LetterStage.SENDING, claimed_at=timezone.now(), claimed_by=worker) != 1:
        return None
    return Letter.objects.select_related("person").filter(pk=pk).first()


def _carry(letter: Letter, carrier: Carrier) -> Outcome | None:
    """What became of it; None when it must not leave any more."""
    if not audience.may_still_receive(letter) or Suspension.objects.filter(address=letter.address).exists():
        return None
    try:
        message = as_mail(letter)
        # Made once here, so that what cannot be written as a mail fails before anything is sent.
        message.message()
    except Exception as problem:  # noqa: BLE001 (one unfit letter must not stop the others)
        return outcome_of(problem)
    return carrier.carry(message, letter.message_id)


def settle(letter: Letter, worker: str, outcome: Outcome | None) -> None:
    """Write down what became of a letter that `worker` holds; nothing when the claim was taken back."""
    held = Letter.objects.filter(pk=letter.pk, stage=LetterStage.SENDING, claimed_by=worker)
    now, attempts = timezone.now(), letter.attempts + 1
    free = {"claimed_at": None, "claimed_by": "", "attempts": attempts}
    if outcome is None:
        held.update(stage=LetterStage.DROPPED, error="", **free)
    elif outcome.fate is Fate.SENT:
        held.update(stage=LetterStage.SENT, sent_at=now, error="", **free)
    elif outcome.fate is Fate.LATER and attempts <= len(BACKOFF):
        held.update(stage=LetterStage.QUEUED, next_attempt_at=now + BACKOFF[attempts - 1], error=outcome.words, **free)
        logger.warning("letter %s waits (%s attempts): %s", letter.pk, attempts, outcome.words)
    else:
        with transaction.atomic():
            if outcome.fate is Fate.SUSPEND:
                Suspension.objects.get_or_create(address=letter.address, defaults={"reason": outcome.words})
            held.update(stage=LetterStage.FAILED, error=outcome.words, **free)
        logger.warning("letter %s failed: %s", letter.pk, outcome.words)


def recover(worker: str) -> int:
    """Settle the letters of workers that died: sent when their journal says so, else to send again. Returns how many.

    `worker` is the one that asks; its own letters are left alone.
    """
    held = Letter.objects.filter(stage=LetterStage.SENDING).exclude(claimed_by=worker)
    owners = set(held.values_list("claimed_by", flat=True)) | (set(journal.workers()) - {worker})
    return sum(_recover_from(owner) for owner in sorted(owners))


def _recover_from(owner: str) -> int:
    held = Letter.objects.filter(stage=LetterStage.SENDING, claimed_by=owner)
    free = {"claimed_at": None, "claimed_by": ""}
    now = timezone.now()
    with journal.left_behind(owner) as accepted:
        if accepted is None:
            # Alive; or on another machine, of which nothing can be read: after an hour, better twice than never.
            elsewhere = held.filter(claimed_at__lt=now - FOREIGN_CLAIM)
            count = 0 if journal.is_here(owner) else elsewhere.update(stage=LetterStage.QUEUED, next_attempt_at=now, **free)
        else:
            with transaction.atomic():
                gone = held.filter(message_id__in=accepted).update(stage=LetterStage.SENT, sent_at=now, **free)
                count = gone + held.update(stage=LetterStage.QUEUED, next_attempt_at=now, **free)
            journal.remove(owner)
    if count:
        logger.warning("worker %s died: %s letters settled", owner, count)
    return count
