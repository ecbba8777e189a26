"""What the platform does with a mail that it has read. Each act is one transaction with what it causes: post and stage, or neither."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.discussion.acts import LONGEST, post_comment
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Via
from dialogue.documents.acts import attach
from dialogue.inbox import letters
from dialogue.inbox import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.inbox.files import Enclosed
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import MailStage, Reason
from dialogue.language.reports import Failure
from dialogue.ledger.acts import Refused, act
from dialogue.mailer.acts import note_bounce

#: What makes a comment the one of this mail, whoever posts it and however often.
_NAMESPACE = uuid.UUID("6f1d1f6a-6a2f-4b0c-9d53-3f4f0a2c7b11")


class NothingKept(Refused):
    """No word and no file of the mail could be kept."""


def client_key_of(mail: Mail) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, mail.key)


def note(mail: Mail, *, now: datetime, **facts: Any) -> None:
    """Writes down what was read in the mail and what became of it."""
    facts = {"error": "", "settled_at": now} | facts
    for name, value in facts.items():
        setattr(mail, name, value)
    mail.save(update_fields=list(facts))


def publish(
    mail: Mail, thread: Thread, *, by: Any, now: datetime, text: str, folded: str, files: Iterable[Enclosed]
) -> tuple[Comment, list[str], list[dict[str, Any]]]:
    """The comment, the sentences on the files that were refused, and what is noted of each file. Raises NothingKept."""
    files = list(files)
    if len(text) > LONGEST:
        # What does not fit in a message stays readable below it, folded.
        text, folded = text[: LONGEST - 1] + "…", text[LONGEST - 1 :] + "\n\n" + folded
    words = text or (_("Pièce jointe envoyée par courriel.") if len(files) == 1 else _("Pièces jointes envoyées par courriel."))
    comment = post_comment(
        thread, by=by, now=now, text=words, via=Via.MAIL, folded=folded.strip(), client_key=client_key_of(mail)
    )
    refused, noted, kept = [], [], 0
    for file in files:
        if reason := _attach(comment, file, by=by, now=now):
            refused.append(f"{file.name} : {reason}")
        else:
            kept += 1
        noted.append(file.noted(kept=not reason))
    if not text and not kept:
        raise NothingKept(*refused)
    return comment, refused, noted


def _attach(comment: Comment, file: Enclosed, *, by: Any, now: datetime) -> str:
    """Why the file was refused; empty when it became a document."""
    try:
        attach(comment, by=by, now=now, name=file.name, data=file.data, via=Via.MAIL)
    except Refused as refusal:
        return " ".join(map(str, refusal.reasons))
    return ""


@act("inbox.post_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.POSTED)
def post_mail(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    thread: Thread,
    person: Any,
    facts: dict[str, Any],
    files: Iterable[Enclosed],
    silent: bool,
) -> None:
    """The mail is a comment of `person`, its files documents of the group. Raises what post_comment raises, and NothingKept."""
    comment, refused, noted = publish(mail, thread, by=person, now=now, text=facts["text"], folded=facts["folded"], files=files)
    # Posted, its words stand in the comment, where hiding and erasing find them.
    shown = facts | {"text": "", "folded": "", "attachments": noted}
    note(mail, now=now, comment=comment, thread=thread, chantier=thread.chantier, person=person, **shown)
    _settle_copies(mail, now=now)
    if refused and not silent:
        letters.files_refused(mail, refused, now=now)


def _settle_copies(mail: Mail, *, now: datetime) -> None:
    """The same mail, sent to a general address too, waits no longer."""
    if mail.message_id:
        copies = Mail.objects.to_file().filter(message_id=mail.message_id, sender=mail.sender).exclude(pk=mail.pk)
        copies.update(stage=MailStage.IGNORED, reason=Reason.TWICE, settled_at=now)


@act("inbox.hold_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.TO_FILE, record=("reason",))
def hold_mail(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    reason: Reason,
    facts: dict[str, Any],
    chantier: Chantier | None = None,
    thread: Thread | None = None,
    meeting: Any = None,
    person: Any = None,
    silent: bool = False,
) -> None:
    """It waits for a person, with what it seems to concern; its sender is told when they may believe that it was posted."""
    note(mail, now=now, reason=reason, chantier=chantier, thread=thread, meeting=meeting, person=person, settled_at=None, **facts)
    letters.waiting(mail, now=now)
    if reason in {Reason.OTHER_SENDER, Reason.BROKEN_ADDRESS} and not silent:
        letters.problem(mail, now=now)


@act("inbox.ignore_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.IGNORED, record=("reason",))
def ignore_mail(
    mail: Mail, *, by: Any, now: datetime, reason: Reason, facts: dict[str, Any], chantier: Chantier | None = None
) -> None:
    """Kept, and nothing is done with it; nobody is told (RFC 3834)."""
    note(mail, now=now, reason=reason, chantier=chantier, **facts)


@act("inbox.refuse_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.REFUSED, record=("reason",))
def refuse_mail(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    reason: Reason,
    facts: dict[str, Any],
    words: str = "",
    chantier: Chantier | None = None,
    thread: Thread | None = None,
    meeting: Any = None,
    person: Any = None,
    silent: bool = False,
) -> None:
    """It could not be posted, and its sender learns why: `words` are those of the act that refused."""
    note(
        mail,
        now=now,
        reason=reason,
        motive=words[:1000],
        chantier=chantier,
        thread=thread,
        meeting=meeting,
        person=person,
        **facts,
    )
    if not silent:
        letters.problem(mail, now=now)


@act("inbox.note_notice", come_from=[MailStage.RECEIVED], go_to=MailStage.BOUNCE, record=("reason",))
def note_notice(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    reason: Reason,
    facts: dict[str, Any],
    bounced: str = "",
    failure: Failure | None = None,
) -> None:
    """A server speaks of one of our letters, sent to `bounced`: its refusal is counted there, and may suspend the address."""
    note(mail, now=now, reason=reason, bounced=bounced, **facts)
    if failure is not None and bounced:
        note_bounce(None, by=by, now=now, address=bounced, status=failure.status, reason=failure.reason)


@act("inbox.give_up_on_mail", come_from=[MailStage.RECEIVED], go_to=MailStage.FAILED)
def give_up_on_mail(mail: Mail, *, by: Any, now: datetime, error: str) -> None:
    """After many attempts: the coordination sees it, and may try again."""
    note(mail, now=now, reason=Reason.UNREADABLE, error=error[:500])
