"""What pages show of received mail: the queue, what may be done with a mail, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.discussion.acts import post_comment
from dialogue.inbox.acts import filing
from dialogue.inbox.acts import meetings as answering
from dialogue.inbox.addresses import group_address
from dialogue.inbox.letters import may_be_answered, person_at
from dialogue.inbox.models import Mail, MailQuerySet
from dialogue.inbox.stages import LISTS, MailStage, Reason


@dataclass(frozen=True)
class Shelf:
    """A list of the queue: its word in the address, its name, how many mails stand there."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Offer:
    """What the reader may do with a mail."""

    file: bool
    one_click: bool
    presence: bool
    assign: bool
    set_aside: bool
    take_back: bool
    reject: bool
    retry: bool
    #: The member in whose name it would be published; None: the officer's, for the sender.
    author: Any = None


def shelves(rows: MailQuerySet) -> list[Shelf]:
    """Every list with its count (1 query); empty ones but the first are left out."""
    counts = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    found = [Shelf(code, str(label), counts.get(stage, 0)) for code, (stage, label) in LISTS.items()]
    return [shelf for shelf in found if shelf.count or shelf.code == "a-rattacher"]


def author_of(mail: Mail) -> Any:
    """The member who sent it and may write in the group; None for anybody else."""
    person = person_at(mail.sender)
    return person if person is not None and mail.chantier and post_comment.allows(person, mail.chantier) else None


def offer_of(mail: Mail, reader: Any) -> Offer:
    """What is offered beside a mail."""
    may_file = mail.chantier is not None and filing.file_mail.offered(reader, mail)
    waits = mail.stage == MailStage.TO_FILE
    return Offer(
        file=may_file,
        one_click=may_file and waits and mail.thread is not None,
        presence=waits and mail.meeting is not None and mail.person is not None and answering.note_presence.allows(reader, mail),
        assign=filing.assign_mail.offered(reader, mail),
        set_aside=filing.set_aside.offered(reader, mail),
        take_back=filing.take_back.offered(reader, mail) and mail.reason != Reason.BY_HAND,
        reject=filing.reject_mail.offered(reader, mail) and may_be_answered(mail),
        retry=filing.retry_mail.offered(reader, mail),
        author=author_of(mail) if may_file else None,
    )


def waiting_in(chantier: Chantier, reader: Any) -> int:
    """Mails to file in this group; 0 for who may not file them. Asked once a page."""
    if not filing.file_mail.allows(reader, chantier):
        return 0
    if not hasattr(chantier, "_waiting_mails"):
        chantier._waiting_mails = Mail.objects.visible_to(reader).to_file().filter(chantier=chantier).count()  # type: ignore[attr-defined]
    return chantier._waiting_mails  # type: ignore[attr-defined]


def todo(chantier: Chantier, reader: Any, today: date) -> list[space_pages.Todo]:
    """For chantiers.pages.todo_sources."""
    count = waiting_in(chantier, reader)
    if not count:
        return []
    words = ngettext("%(n)d courriel à rattacher", "%(n)d courriels à rattacher", count) % {"n": count}
    url = reverse("inbox:queue", args=[chantier.slug])
    return [space_pages.Todo("soon", 0, words, None, url, note=_("écrits par courriel, ils attendent votre décision"))]


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """For those who answer for the group: the address where anybody may write to it, and what came."""
    if not filing.file_mail.allows(request.user, chantier):
        return None
    context = {
        "address": group_address(chantier.number),
        "waiting": waiting_in(chantier, request.user),
        "url": reverse("inbox:queue", args=[chantier.slug]),
    }
    return space_pages.Block("inbox/_block.html", context, column="side", order=90)


def nav_count(request: HttpRequest) -> int:
    """For the navigation of the coordination: what waits, whoever is to file it, and what could not be read."""
    stages = Q(stage=MailStage.TO_FILE) | Q(stage=MailStage.FAILED)
    return Mail.objects.visible_to(request.user).filter(stages).count()
