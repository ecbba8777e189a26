"""What is said in a group: posted, edited for a while, hidden with a motive, answered."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, PlannedDeliverable, Representative, Roadmap
from dialogue.discussion import letters, mentions, subjects
from dialogue.discussion import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.discussion.models import Comment, FormerText, Mention, Subscription, Thread
from dialogue.discussion.stages import Outcome, Subject, Via
from dialogue.ledger.acts import SYSTEM, Refused, act

#: How long an author may correct what they wrote; the group sees what it said before.
EDITABLE = timedelta(minutes=30)
LONGEST = 20_000


def organisation_for(person: Any, chantier: Chantier) -> Any:
    """The organisation for which the person speaks in this group, the oldest seat first; None for the coordination."""
    seats = (
        Representative.objects.active()
        .filter(person_id=person.pk, member__chantier=chantier)
        .select_related("member__organisation")
    )
    seat = seats.order_by("since", "pk").first()
    return seat.member.organisation if seat else None


def _clean(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(_("Écrivez votre message."))
    if len(text) > LONGEST:
        raise Refused(_("Ce message est trop long : joignez plutôt un document."))
    return text


@act("discussion.start_thread", creates=True, record=("via",))
def start_thread(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    title: str,
    text: str,
    via: Via = Via.PAGE,
    folded: str = "",
    tell: Any = (),
    client_key: uuid.UUID | None = None,
) -> Thread:
    """A new talk of the group, with its first message. Raises Refused for an empty title or text.

    Sent twice (`client_key`), it is started once. `tell`: members to name besides those that the text names.
    """
    if client_key and (known := Comment.objects.filter(client_key=client_key, author_id=by.pk).select_related("thread").first()):
        return known.thread
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused(_("Donnez un sujet à votre message."))
    thread = Thread.objects.create(chantier=chantier, title=title, started_by_id=by.pk, started_at=now, last_at=now)
    comment = _write(thread, by=by, now=now, text=text, via=via, folded=folded, client_key=client_key, tell=tell)
    letters.tell_comment(comment, now=now, is_first=True)
    return thread


@act("discussion.open_thread", creates=True, record=("subject",))
def open_thread(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    subject: Subject,
    title: str | Promise,
    roadmap: Roadmap | None = None,
    deliverable: PlannedDeliverable | None = None,
) -> Thread:
    """The thread of remarks on one thing, empty; the room that owns the thing points to it. A roadmap or a deliverable has
    one thread: asked twice, the same. A lazy `title` is kept in the language of the platform, whoever speaks first."""
    with translation.override(settings.LANGUAGE_CODE):
        title = str(title)
    about = {"chantier": chantier, "subject": subject, "roadmap": roadmap, "deliverable": deliverable}
    facts = {"title": title[:200], "started_by_id": by.pk, "started_at": now, "last_at": now}
    if roadmap is None and deliverable is None:
        return Thread.objects.create(**about, **facts)
    return Thread.objects.get_or_create(**about, defaults=facts)[0]


def is_open(thread: Thread, now: datetime) -> str | None:
    """A sentence that says why nobody may speak here any more; None while one may."""
    if thread.closed_at is not None:
        return _("Cette discussion est close.")
    room = subjects.REGISTRY.get(thread.subject)
    return room.closed(thread, now) if room else None


@act("discussion.post_comment", creates=True, record=("via",))
def post_comment(
    thread: Thread,
    *,
    by: Any,
    now: datetime,
    text: str,
    via: Via = Via.PAGE,
    folded: str = "",
    passage_key: str = "",
    passage_text: str = "",
    tell: Any = (),
    client_key: uuid.UUID | None = None,
) -> Comment:
    """One message; on minutes, roadmap, document or deliverable, a remark to answer. Raises Refused when the talk is closed.

    Sent twice (`client_key`), it is posted once, and its letters leave once.
    """
    if client_key and (known := Comment.objects.filter(client_key=client_key, author_id=by.pk).first()):
        return known
    if reason := is_open(thread, now):
        raise Refused(reason)
    comment = _write(
        thread,
        by=by,
        now=now,
        text=text,
        via=via,
        folded=folded,
        passage_key=passage_key,
        passage_text=passage_text,
        tell=tell,
        client_key=client_key,
    )
    Thread.objects.filter(pk=thread.pk).update(last_at=now)
    letters.tell_comment(comment, now=now)
    return comment


def _write(
    thread: Thread, *, by: Any, now: datetime, text: str, tell: Any = (), client_key: Any = None, **fields: Any
) -> Comment:
    fields["passage_text"] = " ".join(fields.get("passage_text", "").split())[:600]
    fields["passage_key"] = fields.get("passage_key", "")[:80]
    try:
        with transaction.atomic():
            comment = Comment.objects.create(
                thread=thread,
                author_id=by.pk,
                organisation=organisation_for(by, thread.chantier),
                at=now,
                text=_clean(text),
                outcome="" if thread.subject == Subject.GROUP else Outcome.OPEN,
                client_key=client_key or uuid.uuid4(),
                **fields,
            )
    except IntegrityError:
        raise Refused(_("Ce message est déjà publié.")) from None
    _name(comment, tell)
    Subscription.objects.get_or_create(thread=thread, person_id=by.pk, defaults={"follows": True})
    return comment


def _name(comment: Comment, tell: Any) -> list[int]:
    """Members named by the text or chosen in the form; nobody outside the group is ever told. Returns those named anew."""
    members = mentions.members_of(comment.thread.chantier)
    chosen = {getattr(person, "pk", person) for person in tell}
    named = {person.pk: person for person in members if person.pk in chosen} | {
        p.pk: p for p in mentions.named(comment.text, members)
    }
    named.pop(comment.author_id, None)
    known = set(Mention.objects.filter(comment=comment).values_list("person_id", flat=True))
    fresh = [pk for pk in named if pk not in known]
    Mention.objects.bulk_create([Mention(comment=comment, person=named[pk]) for pk in fresh])
    return fresh


def _held(comment: Comment) -> Comment:
    """The message as it stands now, held until the act ends: two who act on it are heard one after the other."""
    return Comment.objects.select_for_update().get(pk=comment.pk)


@act("discussion.edit_comment")
def edit_comment(comment: Comment, *, by: Any, now: datetime, text: str) -> None:
    """The author's correction, within `EDITABLE`; what it said before stays readable. People named anew are told."""
    before = _held(comment)
    if before.hidden_at is not None:
        raise Refused(_("Ce message a été masqué : il ne peut plus être modifié."))
    if now - comment.at > EDITABLE:
        raise Refused(_("Le délai pour corriger ce message est passé : écrivez-en un autre."))
    text = _clean(text)
    if text == before.text:
        return
    FormerText.objects.create(comment=comment, text=before.text, until=now)
    Comment.objects.filter(pk=comment.pk).update(text=text, edited_at=now)
    comment.refresh_from_db()
    letters.tell_anew(comment, now=now, named=_name(comment, ()))


@act("discussion.hide_comment")
def hide_comment(comment: Comment, *, by: Any, now: datetime, motive: str) -> None:
    """Moderation: the message keeps its place, with the motive; its text is for those who moderate. The author is told."""
    if not motive.strip():
        raise Refused(_("Dites pourquoi ce message est masqué."))
    if _held(comment).hidden_at is not None:
        raise Refused(_("Ce message est déjà masqué."))
    Comment.objects.filter(pk=comment.pk).update(hidden_at=now, hidden_by=by.pk, hidden_motive=motive.strip()[:500])
    comment.refresh_from_db()
    letters.take_back(comment)
    letters.tell_author("hidden", comment, by=by, now=now)


@act("discussion.show_comment")
def show_comment(comment: Comment, *, by: Any, now: datetime) -> None:
    """The message is readable again; those who had not been told of it are."""
    if _held(comment).hidden_at is None:
        raise Refused(_("Ce message n’est pas masqué."))
    Comment.objects.filter(pk=comment.pk).update(hidden_at=None, hidden_by=None, hidden_motive="")
    comment.refresh_from_db()
    letters.tell_anew(comment, now=now)


@act("discussion.settle_remark", record=("outcome",))
def settle_remark(comment: Comment, *, by: Any, now: datetime, outcome: Outcome, reason: str = "") -> None:
    """What becomes of a remark: kept, not kept with a reason, to discuss; `OPEN` takes the answer back. The author is told."""
    if not comment.outcome or outcome not in Outcome.values:
        raise Refused(_("Ce message n’attend pas de suite."))
    if outcome == Outcome.NOT_KEPT and not reason.strip():
        raise Refused(_("Dites pourquoi la remarque n’est pas retenue."))
    is_open_again = outcome == Outcome.OPEN
    Comment.objects.filter(pk=comment.pk).update(
        outcome=outcome,
        outcome_reason="" if is_open_again else reason.strip()[:2000],
        outcome_by=None if is_open_again else by.pk,
        outcome_at=None if is_open_again else now,
    )
    comment.refresh_from_db()
    room = subjects.REGISTRY.get(comment.thread.subject)
    if room is not None and room.settled is not None:
        room.settled(comment, by=by, now=now)
    if not is_open_again:
        letters.tell_author("settled", comment, by=by, now=now)


@act("discussion.close_thread")
def close_thread(thread: Thread, *, by: Any, now: datetime) -> None:
    if thread.closed_at is not None:
        raise Refused(_("Cette discussion est déjà close."))
    Thread.objects.filter(pk=thread.pk).update(closed_at=now)
    thread.refresh_from_db()


@act("discussion.reopen_thread")
def reopen_thread(thread: Thread, *, by: Any, now: datetime) -> None:
    if thread.closed_at is None:
        raise Refused(_("Cette discussion est ouverte."))
    Thread.objects.filter(pk=thread.pk).update(closed_at=None)
    thread.refresh_from_db()


@act("discussion.follow_thread")
def follow_thread(thread: Thread, *, by: Any, now: datetime) -> None:
    """Each new message is mailed at once to whoever follows."""
    Subscription.objects.update_or_create(thread=thread, person_id=by.pk, defaults={"follows": True})


@act("discussion.unfollow_thread")
def unfollow_thread(thread: Thread, *, by: Any, now: datetime) -> None:
    """Nothing more of this thread is mailed, but what names the person."""
    Subscription.objects.update_or_create(thread=thread, person_id=by.pk, defaults={"follows": False})


@act("discussion.move_organisation")
def move_organisation(into: Any, *, by: Any, now: datetime, source: Any) -> None:
    """A merged organisation speaks under its new name."""
    Comment.objects.filter(organisation=source).update(organisation=into)


def on_merge(source: Any, into: Any, *, by: Any, now: datetime) -> None:
    """people.hooks.on_merge"""
    move_organisation(into, by=SYSTEM, now=now, source=source)
