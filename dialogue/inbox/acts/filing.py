"""What a person does with a mail that waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier
from dialogue.discussion.acts import start_thread
from dialogue.discussion.models import Comment, Thread
from dialogue.discussion.stages import Via
from dialogue.documents.acts import attach
from dialogue.inbox import letters
from dialogue.inbox.acts.sorting import client_key_of, note, publish
from dialogue.inbox.files import Enclosed
from dialogue.inbox.models import Mail, Original
from dialogue.inbox.stages import MailStage, Reason
from dialogue.ledger.acts import Refused, act

#: From where a person may still publish: the machine, too, may have been wrong.
FILEABLE = [MailStage.TO_FILE, MailStage.SET_ASIDE, MailStage.IGNORED, MailStage.REFUSED]


@act("inbox.file_mail", come_from=FILEABLE, go_to=MailStage.POSTED)
def file_mail(
    mail: Mail,
    *,
    by: Any,
    now: datetime,
    thread: Thread | None = None,
    title: str = "",
    author: Any = None,
    files: Iterable[Enclosed] = (),
) -> Comment:
    """Published in `thread`, or in a new talk of the group named `title`: in the name of `author`, the member who sent it, or in that
    of the officer, who says for whom. Raises Refused when nothing of it may be published there."""
    if mail.chantier is None:
        raise Refused(_("Confiez d’abord ce courriel à un groupe."))
    if thread is not None and thread.chantier_id != mail.chantier_id:
        raise Refused(_("Cette discussion n’est pas de ce groupe."))
    speaker = author or by
    text = mail.text if author else _on_behalf(mail)
    if thread is not None:
        comment, _refused, noted = publish(mail, thread, by=speaker, now=now, text=text, folded=mail.folded, files=files)
    else:
        comment, noted = _start(mail, title, by=speaker, now=now, text=text, files=files)
    facts = {"comment": comment, "thread": comment.thread, "reason": "", "settled_by_id": by.pk, "text": "", "folded": ""}
    note(mail, now=now, attachments=noted, **facts)
    return comment


def _on_behalf(mail: Mail) -> str:
    """The mail's words, under the name of who wrote them; the address stays with those in charge."""
    name = mail.sender_name or mail.sender.partition("@")[0] or _("une personne extérieure au groupe")
    return _("Pour %(name)s, reçu par courriel :") % {"name": name} + "\n\n" + (mail.text or _("(sans texte)"))


def _start(
    mail: Mail, title: str, *, by: Any, now: datetime, text: str, files: Iterable[Enclosed]
) -> tuple[Comment, list[dict[str, Any]]]:
    words = text or _("Pièce jointe envoyée par courriel.")
    thread = start_thread(
        mail.chantier, by=by, now=now, title=title or mail.subject, text=words, via=Via.MAIL, folded=mail.folded,
        client_key=client_key_of(mail),
    )  # fmt: skip
    comment = thread.comments.get(client_key=client_key_of(mail))
    noted = []
    for file in files:
        try:
            attach(comment, by=by, now=now, name=file.name, data=file.data, via=Via.MAIL)
        except Refused:
            noted.append(file.noted(kept=False))
        else:
            noted.append(file.noted(kept=True))
    return comment, noted


@act("inbox.assign_mail", come_from=[MailStage.TO_FILE], record=("chantier",))
def assign_mail(mail: Mail, *, by: Any, now: datetime, chantier: Chantier) -> None:
    """Handed to those who answer for a group: it leaves the general queue for theirs."""
    note(mail, now=now, chantier=chantier, thread=None, settled_at=None)
    letters.waiting(mail, now=now)


@act("inbox.set_aside", come_from=[MailStage.TO_FILE], go_to=MailStage.SET_ASIDE)
def set_aside(mail: Mail, *, by: Any, now: datetime) -> None:
    """Nothing is to be done with it; nobody is told. `take_back` undoes it."""
    note(mail, now=now, settled_by_id=by.pk)


@act(
    "inbox.take_back",
    come_from=[MailStage.SET_ASIDE, MailStage.IGNORED, MailStage.REFUSED],
    go_to=MailStage.TO_FILE,
)
def take_back(mail: Mail, *, by: Any, now: datetime) -> None:
    """It waits again, whoever had decided otherwise."""
    note(mail, now=now, settled_by_id=None, settled_at=None)


@act("inbox.reject_mail", come_from=[MailStage.TO_FILE], go_to=MailStage.REFUSED)
def reject_mail(mail: Mail, *, by: Any, now: datetime, motive: str) -> None:
    """Not published, and its sender learns why. Raises Refused without a motive, or when nobody can be told."""
    motive = motive.strip()[:1000]
    if not motive:
        raise Refused(_("Dites à l’expéditeur pourquoi son courriel n’est pas publié."))
    if not letters.may_be_answered(mail):
        raise Refused(_("Ce courriel n’a pas d’expéditeur à qui répondre : classez-le sans suite."))
    note(mail, now=now, reason=Reason.BY_HAND, motive=motive, settled_by_id=by.pk)
    letters.rejected(mail, by=by, now=now)


@act("inbox.retry_mail", come_from=[MailStage.FAILED], go_to=MailStage.RECEIVED)
def retry_mail(mail: Mail, *, by: Any, now: datetime) -> None:
    """It is sorted again, as if it had just come."""
    note(mail, now=now, attempts=0, reason="", next_attempt_at=timezone.now(), settled_at=None)


@act("inbox.forget_mail")
def forget_mail(mail: Mail, *, by: Any, now: datetime) -> None:
    """The bytes and the words go; that a mail came, from whom, and what became of it stays."""
    Original.objects.filter(mail=mail).delete()
    note(mail, now=now, text="", folded="", settled_at=mail.settled_at)


@act("inbox.forget_sender", creates=True)
def forget_sender(_nothing: None, *, by: Any, now: datetime, person: Any) -> Any:
    """Somebody closes their account: their name, address and words leave the mails that they sent."""
    mails = Mail.objects.filter(sender__iexact=person.email) | Mail.objects.filter(person=person)
    pks = list(mails.values_list("pk", flat=True))
    Original.objects.filter(mail__in=pks).delete()
    Mail.objects.filter(pk__in=pks).update(
        sender="", sender_name="", envelope_from="", subject="", text="", folded="", message_id="", attachments=[]
    )
    Mail.objects.filter(bounced__iexact=person.email).update(bounced="")
    return person
