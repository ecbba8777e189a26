"""From what was received to what it becomes. The worker asks every second; it may be killed at any point.

Taking up a mail is a lease: the next attempt is put off before anything is read, so that a mail on which workers die is given up
in the end. What it becomes is one transaction with its stage (dialogue/inbox/acts/sorting.py), so that it happens once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from dialogue.chantiers.rules.members import owns_address
from dialogue.inbox import answers, campaigns, notices
from dialogue.inbox.acts import sorting as acts
from dialogue.inbox.files import worth_keeping
from dialogue.inbox.models import Mail
from dialogue.inbox.reception import TOO_LARGE
from dialogue.inbox.stages import MailStage, Reason
from dialogue.inbox.targets import Aim, aim_of
from dialogue.language import mime
from dialogue.ledger import clock
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused
from dialogue.people.models import Person

logger = logging.getLogger(__name__)

#: Waits before each new attempt; after the last one the coordination sees the mail as failed.
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440)]
BATCH = 20
#: Mails of one sender in an hour above which a machine is speaking.
FLOOD = 60


@dataclass
class Case:
    """A mail being sorted."""

    mail: Mail
    message: Any
    now: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    aim: Aim | None = None
    #: A calendar answers (METHOD:REPLY).
    is_answer: bool = False
    #: The person we wrote to, once it is sure that they wrote.
    owner: Any = None
    #: Nobody would read an answer, or a machine would.
    silent: bool = False

    def ends(self, act: Any, **given: Any) -> bool:
        act(self.mail, by=SYSTEM, now=self.now, facts=self.facts, **given)
        return True


def sort_due() -> bool:
    """Sort what is due, a batch at most; True when there was some."""
    pks = list(Mail.objects.due().values_list("pk", flat=True)[:BATCH])
    for pk in pks:
        mail = _take_up(pk)
        if mail is not None:
            sort(mail)
    return bool(pks)


def _take_up(pk: int) -> Mail | None:
    """Lease one mail, or None when another worker was faster: the conditional UPDATE decides."""
    moment = timezone.now()
    attempts = Mail.objects.filter(pk=pk).values_list("attempts", flat=True).first() or 0
    wait = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    rows = Mail.objects.filter(pk=pk, stage=MailStage.RECEIVED, attempts=attempts, next_attempt_at__lte=moment)
    if rows.update(attempts=F("attempts") + 1, next_attempt_at=moment + wait) != 1:
        return None
    return Mail.objects.select_related("original").get(pk=pk)


def sort(mail: Mail) -> None:
    """Decide, and do it. An error is noted, and the mail waits for its next attempt."""
    if mail.attempts > len(BACKOFF):
        acts.give_up_on_mail(mail, by=SYSTEM, now=clock.now(), error=mail.error or "workers died while reading it")
        return
    try:
        _decide(mail)
    except Exception as problem:
        logger.exception("mail %s could not be sorted (attempt %s)", mail.pk, mail.attempts)
        Mail.objects.filter(pk=mail.pk, stage=MailStage.RECEIVED).update(error=f"{type(problem).__name__}: {problem}"[:500])


def _decide(mail: Mail) -> None:
    message = mime.read(mail.original.raw)
    case = Case(mail, message, clock.now())
    split = message.split()
    files = worth_keeping(message)
    case.facts = {
        "message_id": message.message_id[:255],
        "sender": message.sender[:320],
        "sender_name": message.sender_name[:200],
        "subject": " ".join(message.subject.split())[:300],
        "text": split.new.strip(),
        "folded": split.folded.strip(),
        "attachments": [file.noted(kept=False) for file in files],
    }
    case.is_answer = bool(message.calendar) and answers.is_reply(message.calendar)
    case.silent = bool(message.auto) or not mail.envelope_from
    steps = [
        _own,
        notices.settle,
        _aim,
        _automatic,
        _flood,
        _twice,
        _heavy,
        campaigns.settle,
        _stranger,
        answers.settle,
        _in_words,
        _post,
    ]
    for step in steps:
        if step(case):
            return


def _own(case: Case) -> bool:
    """One of our letters, come back."""
    domain = settings.MAIL_DOMAIN.lower()
    ours = case.message.message_id.strip("<>").rpartition("@")[2].lower() == domain
    if not ours and domain not in {value.strip().lower() for value in case.message.header("x-loop")}:
        return False
    return case.ends(acts.ignore_mail, reason=Reason.LOOP)


def _automatic(case: Case) -> bool:
    """An absence, a receipt, a newsletter. Calendars answer by themselves, which is what we asked for; and a member whose mail goes
    through a list is still that member."""
    kind = case.message.auto
    if case.is_answer or (kind == "list" and case.aim.target is not None and case.mail.envelope_from):
        return False
    if not kind and case.mail.envelope_from:
        return False
    return case.ends(acts.ignore_mail, reason=Reason.AUTOMATIC, chantier=case.aim.chantier)


def _flood(case: Case) -> bool:
    since = timezone.now() - timedelta(hours=1)
    sender = case.facts["sender"]
    if not sender or Mail.objects.filter(sender=sender, received_at__gt=since).count() < FLOOD:
        return False
    return case.ends(acts.ignore_mail, reason=Reason.FLOOD)


def _aim(case: Case) -> bool:
    case.aim = aim_of(case.mail.envelope_to, [*case.message.references, case.message.in_reply_to], case.facts["sender"])
    return False


def _twice(case: Case) -> bool:
    """The same mail, received before at another of our addresses: it speaks again only where it was not heard."""
    same = Mail.objects.filter(message_id=case.facts["message_id"], sender=case.facts["sender"]).exclude(pk=case.mail.pk)
    same = same.exclude(stage__in=[MailStage.RECEIVED, MailStage.IGNORED, MailStage.FAILED])
    if not case.facts["message_id"] or (found := same.first()) is None:
        return False
    target = case.aim.target
    if target is not None and not case.aim.by_letter and found.stage == MailStage.TO_FILE:
        return False
    heard = {(mail.thread_id, mail.meeting_id) for mail in same}
    here = (case.aim.thread.pk if case.aim.thread else None, case.aim.meeting.pk if case.aim.meeting else None)
    if target is not None and not case.aim.by_letter and here not in heard:
        return False
    return case.ends(acts.ignore_mail, reason=Reason.TWICE, chantier=case.aim.chantier)


def _heavy(case: Case) -> bool:
    """A mailbox or a provider held more than we take: only the headers came in."""
    if not case.message.header(TOO_LARGE):
        return False
    return case.ends(acts.refuse_mail, reason=Reason.TOO_LARGE, chantier=case.aim.chantier, silent=case.silent)


def _stranger(case: Case) -> bool:
    """No sure target, or somebody else than the person we wrote to: a person decides."""
    aim, sender = case.aim, case.facts["sender"]
    known = {"chantier": aim.chantier, "thread": aim.thread, "meeting": aim.meeting, "silent": case.silent}
    if aim.target is None or (aim.thread is None and aim.meeting is None):
        reason = {"reply": Reason.BROKEN_ADDRESS, "group": Reason.GROUP}.get(aim.destination.kind, Reason.CONTACT)
        return case.ends(acts.hold_mail, reason=reason, **known)
    owner = Person.objects.active().filter(pk=aim.target.person_id).first()
    if owner is None or not owns_address(owner, sender):
        return case.ends(acts.hold_mail, reason=Reason.OTHER_SENDER, **known)
    case.owner = owner
    return False


def _in_words(case: Case) -> bool:
    """Words in answer to a convocation are for those who convene: not for the whole group, and no machine guesses what they mean."""
    if case.aim.meeting is None:
        return False
    known = {"chantier": case.aim.chantier, "meeting": case.aim.meeting, "person": case.owner}
    if not case.facts["text"] and not case.facts["attachments"]:
        return case.ends(acts.refuse_mail, reason=Reason.EMPTY, silent=case.silent, **known)
    return case.ends(acts.hold_mail, reason=Reason.IN_WORDS, silent=True, **known)


def _post(case: Case) -> bool:
    facts, owner, thread = case.facts, case.owner, case.aim.thread
    files = worth_keeping(case.message)
    known = {"chantier": thread.chantier, "thread": thread, "person": owner, "silent": case.silent}
    if not facts["text"] and not files:
        return case.ends(acts.refuse_mail, reason=Reason.EMPTY, **known)
    try:
        return case.ends(acts.post_mail, thread=thread, person=owner, files=files, silent=case.silent)
    except NotAllowed:
        return case.ends(acts.refuse_mail, reason=Reason.LEFT, **known)
    except acts.NothingKept as refusal:
        return case.ends(acts.refuse_mail, reason=Reason.FILES, words="\n".join(map(str, refusal.reasons)), **known)
    except Refused as refusal:
        return case.ends(acts.refuse_mail, reason=Reason.CLOSED, words=" ".join(map(str, refusal.reasons)), **known)
