"""What is mailed of a talk. The mail carries the message itself and can be answered: mail alone is enough."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.life import group_of
from dialogue.discussion import subjects
from dialogue.discussion.models import Comment, Mention, Subscription, Thread
from dialogue.discussion.stages import Outcome, Subject
from dialogue.mailer import kinds, outbox, replying

kinds.register("discussion.comment", label=_("Messages et remarques du groupe"), default="digest")
kinds.register("discussion.followed", label=_("Messages des discussions que vous suivez"), default="immediate")
kinds.register("discussion.mention", label=_("Messages où vous êtes nommé"), default="immediate")
kinds.register("discussion.answer", label=_("Suites données à vos remarques et à vos messages"), default="immediate")

#: Messages on a page of a thread.
PER_PAGE = 50

OUTCOMES: dict[str, str | Promise] = {
    Outcome.KEPT: _("Votre remarque est retenue : {title}"),
    Outcome.NOT_KEPT: _("Votre remarque n’est pas retenue : {title}"),
    Outcome.TO_DISCUSS: _("Votre remarque sera discutée en séance : {title}"),
}


def url_of(thread: Thread) -> str:
    """The page where the thread is read, from the root of the site."""
    from django.urls import reverse

    room = subjects.REGISTRY.get(thread.subject)
    return room.url(thread) if room else reverse("discussion:thread", args=[thread.chantier.slug, thread.pk])


def url_of_comment(comment: Comment) -> str:
    """The message itself, on the page of its thread that shows it."""
    earlier = Q(at__lt=comment.at) | Q(at=comment.at, pk__lt=comment.pk)
    number = Comment.objects.filter(earlier, thread_id=comment.thread_id).count() // PER_PAGE + 1
    return url_of(comment.thread) + (f"?remarques={number}" if number > 1 else "") + f"#m{comment.pk}"


def tell_comment(comment: Comment, *, now: datetime, is_first: bool = False, told: Collection[int] = ()) -> None:
    """Each member gets it once: named, at once; following, at once; the others as they chose for the group (a digest)."""
    thread = comment.thread
    group = group_of(thread.chantier)
    people = {person.pk: person for person in group if person.pk != comment.author_id and person.pk not in told}
    url = url_of_comment(comment)
    named = set(Mention.objects.filter(comment=comment).values_list("person_id", flat=True))
    chosen = dict(Subscription.objects.filter(thread=thread).values_list("person_id", "follows"))
    for pk, person in people.items():
        if pk in named:
            kind = "discussion.mention"
        elif chosen.get(pk) is True:
            kind = "discussion.followed"
        elif chosen.get(pk) is False:
            continue
        else:
            kind = "discussion.comment"
        _send(kind, person, comment, now=now, others=len(group) - 1, is_first=is_first, url=url)


def tell_anew(comment: Comment, *, now: datetime, named: Collection[int] = ()) -> None:
    """What the message says now, to whoever has not been told yet, and to those whom a correction names (`named`, ids)."""
    outbox.withdraw(_dedupe(comment))
    told = outbox.told(_dedupe(comment)) - set(named)
    is_first = not comment.thread.comments.filter(pk__lt=comment.pk).exists()
    tell_comment(comment, now=now, is_first=is_first, told=told)


def take_back(comment: Comment) -> None:
    """Letters that wait (a digest, silent hours) no longer carry what was hidden."""
    outbox.withdraw(_dedupe(comment), for_good=True)


def _dedupe(comment: Comment) -> str:
    return f"comment-{comment.pk}"


def _send(kind: str, person: Any, comment: Comment, *, now: datetime, others: int, is_first: bool, url: str) -> None:
    thread = comment.thread
    outbox.send(
        kind,
        person,
        subject=_subject(thread, is_first=is_first),
        template="discussion/mail/comment",
        context={
            "comment": comment,
            "thread": thread,
            "chantier": thread.chantier,
            "readers": others,
            "url": settings.BASE_URL + url,
            "is_remark": thread.subject != Subject.GROUP,
        },
        now=now,
        space=thread.chantier.ledger_space,
        thread=f"discussion-{thread.pk}",
        dedupe=_dedupe(comment),
        reply_to=replying.address(person, "thread", thread.pk),
    )


def _subject(thread: Thread, *, is_first: bool) -> str | Promise:
    text = thread.title if thread.subject == Subject.GROUP else format_lazy(_("Remarque sur : {title}"), title=thread.title)
    return text if is_first or thread.subject != Subject.GROUP else f"Re: {thread.title}"


def tell_author(event: str, comment: Comment, *, by: Any, now: datetime) -> None:
    """The author of a remark learns what became of it; that of a hidden message, why."""
    if comment.author_id == getattr(by, "pk", None):
        return
    thread = comment.thread
    subject: Any = _("Un de vos messages a été masqué : {title}") if event == "hidden" else OUTCOMES[comment.outcome]
    outbox.send(
        "discussion.answer",
        comment.author,
        subject=format_lazy(subject, title=thread.title),
        template="discussion/mail/answer",
        context={
            "event": event,
            "comment": comment,
            "thread": thread,
            "chantier": thread.chantier,
            "by": by,
            "url": settings.BASE_URL + url_of_comment(comment),
        },
        now=now,
        space=thread.chantier.ledger_space,
        thread=f"discussion-{thread.pk}",
        reply_to=replying.address(comment.author, "thread", thread.pk),
    )
