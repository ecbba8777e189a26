"""What pages show of threads: remarks beside the thing they speak of, the talk of the group, its block in the space."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.discussion import acts, mentions, subjects
from dialogue.discussion.forms import CommentForm
from dialogue.discussion.letters import PER_PAGE, url_of
from dialogue.discussion.models import Comment, FormerText, Subscription, Thread
from dialogue.discussion.stages import Outcome, Subject

#: The documents room, above, appends `(comments) -> {comment id: [(title, url, size in words)]}`, one query for all.
attachment_sources: list[Callable[[list[Comment]], dict[int, list[Any]]]] = []
#: What a form's files become, once the message is posted: `(comment, files, *, by, now) -> list of sentences on those refused`.
attachment_takers: list[Callable[..., list[str]]] = []


@dataclass(frozen=True)
class Line:
    """A message as its reader may see it, and what they may do with it."""

    comment: Comment
    who: str
    initials: str
    passage_label: str = ""
    passage_changed: bool = False
    may_edit: bool = False
    may_hide: bool = False
    may_show: bool = False
    may_settle: bool = False
    reads_text: bool = True
    attachments: list[Any] = field(default_factory=list)
    #: The outcome in the words of the room that owns the subject ("Corrigé dans la version 2"), when it can say more.
    outcome_words: str = ""


@dataclass(frozen=True)
class Talk:
    """A page of a thread, with its form."""

    thread: Thread | None
    chantier: Chantier
    lines: list[Line]
    page: Page | None
    count: int
    form: CommentForm | None
    action: str
    closed: str
    readers: int
    follows: bool | None
    csrf_token: str
    may_follow: bool = False
    next_url: str = ""
    #: Before anchors and page numbers: nothing on the page of the thing itself, its address where a refused form is shown.
    page_url: str = ""
    #: What was typed, when nobody may speak any more: shown, so that it is not lost.
    left: str = ""


def initials(words: str) -> str:
    """Two letters for the round mark, decorative: "Commune de Lande-Basse" → "LB"."""
    names = [word for word in words.replace("-", " ").replace("’", " ").split() if word[:1].isupper()] or words.split()
    marks = [word[0].upper() for word in names]
    return "".join(marks[-2:] if len(marks) > 1 else marks[:1])


def comments_of(thread: Thread, reader: Any) -> QuerySet[Comment]:
    rows = Comment.objects.visible_to(reader).filter(thread=thread)
    former = Prefetch("former_texts", queryset=FormerText.objects.order_by("until", "pk"))
    return rows.select_related("author", "organisation", "outcome_by", "hidden_by").prefetch_related(former)


def lines_of(comments: Iterable[Comment], thread: Thread, request: HttpRequest, passages: dict[str, Any] | None) -> list[Line]:
    """`passages`: key → (label, text as it stands now), of what the remarks speak of; None when this page does not know."""
    comments = list(comments)
    reader, now = request.user, request.now
    attached: dict[int, list[Any]] = {}
    for source in attachment_sources:
        for pk, files in source(comments).items():
            attached.setdefault(pk, []).extend(files)
    moderates = acts.hide_comment.allows(reader, thread)
    writes = acts.post_comment.allows(reader, thread)
    found = []
    for comment in comments:
        comment.thread = thread
        who = comment.organisation.name if comment.organisation else str(comment.author)
        label, stands = (passages or {}).get(comment.passage_key, ("", ""))
        hidden = comment.hidden_at is not None
        own = comment.author_id == reader.pk
        found.append(
            Line(
                comment,
                who=who,
                initials=initials(who),
                passage_label=label,
                passage_changed=passages is not None and _changed(comment, label, str(stands)),
                may_edit=writes and own and not hidden and now - comment.at <= acts.EDITABLE,
                may_hide=moderates and not hidden,
                may_show=moderates and hidden,
                may_settle=moderates and bool(comment.outcome) and not hidden,
                reads_text=not hidden or moderates,
                attachments=attached.get(comment.pk, []) if not hidden or moderates else [],
            )
        )
    return found


def _changed(comment: Comment, label: str, stands: str) -> bool:
    """Whether what the remark speaks of is gone, or no longer says the words it quotes."""
    if not comment.passage_key or not label:
        return bool(comment.passage_key)
    return bool(comment.passage_text) and comment.passage_text not in " ".join(stands.split())


def _blank(chantier: Chantier, reader: Any, passages: list[tuple[str, str]]) -> CommentForm:
    members = [person for person in mentions.members_of(chantier) if person.pk != reader.pk]
    return CommentForm(passages=passages, members=members)


def remarks_of(
    thread: Thread | None,
    request: HttpRequest,
    *,
    chantier: Chantier,
    passages: Iterable[tuple[str, str]] | None = (),
    texts: dict[str, str] | None = None,
    action: str = "",
    closed: str = "",
    form: CommentForm | None = None,
) -> Talk:
    """What `discussion/_remarks.html` needs, as `talk`: at most 5 queries, whatever the number of remarks.

    `thread` may not exist yet (the room then gives an `action` of its own, which opens it). `passages`: (key, label) of
    the parts one may speak of, `texts` what they say now (a remark tells whether its passage changed since); None when the
    page shows the talk without the thing it speaks of.
    `closed`: a sentence, when nobody may speak any more.
    """
    reader, visited = request.user, request.method in {"GET", "HEAD"}
    known = None if passages is None else {key: (label, (texts or {}).get(key, "")) for key, label in passages}
    page, lines, follows = None, [], None
    if thread is not None:
        thread.chantier = chantier
        page = Paginator(comments_of(thread, reader), PER_PAGE).get_page(request.GET.get("remarques"))
        lines = lines_of(page.object_list, thread, request, known)
        closed = closed or acts.is_open(thread, request.now) or ""
        follows = Subscription.objects.filter(thread=thread, person_id=reader.pk).values_list("follows", flat=True).first()
    writes = not closed and acts.post_comment.allows(reader, thread or chantier)
    left = str(form["text"].value() or "") if form is not None and not writes else ""
    if writes and form is None:
        form = _blank(chantier, reader, list(passages or ()))
    return Talk(
        thread=thread,
        chantier=chantier,
        lines=lines,
        page=page,
        count=page.paginator.count if page else 0,
        form=form if writes else None,
        action=action or (reverse("discussion:post", args=[chantier.slug, thread.pk]) if thread else ""),
        closed=closed,
        readers=space_pages.told(chantier),
        follows=follows,
        csrf_token=get_token(request),
        may_follow=thread is not None and acts.follow_thread.allows(reader, thread),
        # An address that takes forms alone is not one to come back to.
        next_url=request.get_full_path() if visited else "",
        page_url="" if visited or thread is None else url_of(thread),
        left=left,
    )


@dataclass(frozen=True)
class ThreadLine:
    thread: Thread
    url: str
    last: Comment | None
    who: str
    initials: str
    count: int


def thread_lines(threads: Iterable[Thread], chantier: Chantier) -> list[ThreadLine]:
    """Threads with their last message (1 query more); counted by `with_counts`."""
    threads = list(threads)
    last_of = {
        c.pk: c for c in Comment.objects.filter(pk__in=[t.last_id for t in threads]).select_related("author", "organisation")
    }
    found = []
    for thread in threads:
        thread.chantier = chantier
        last = last_of.get(thread.last_id)
        who = str((last.organisation or last.author) if last else "")
        found.append(ThreadLine(thread, url_of(thread), last, who, initials(who), thread.shown_count))
    return found


def with_counts(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """Adds `shown_count` and `last_id`: messages that are not hidden; joins what the pages of the threads need."""
    rows = rows.select_related(*sorted({name for room in subjects.REGISTRY.values() for name in room.related}))
    shown = Comment.objects.filter(thread=OuterRef("pk"), hidden_at=None)
    return rows.annotate(
        shown_count=Count("comments", filter=Q(comments__hidden_at=None)),
        last_id=Subquery(shown.order_by("-at", "-pk").values("pk")[:1]),
    )


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block:
    """The last talks and the form, on the first page of the space."""
    rows = Thread.objects.visible_to(request.user).filter(chantier=chantier)
    lines = thread_lines(with_counts(rows).filter(last_id__isnull=False).order_by("-last_at", "-pk")[:3], chantier)
    context = {
        "lines": lines,
        "chantier": chantier,
        "today": request.now,
        "readers": space_pages.told(chantier),
        "may_write": acts.start_thread.allows(request.user, chantier),
        "csrf_token": get_token(request),
        "Subject": Subject,
        "client_key": uuid.uuid4(),
    }
    return space_pages.Block("discussion/_block.html", context, column="main", order=30)


def waiting_remarks(thread: Thread) -> int:
    """Remarks that still wait for an answer, or for the next meeting."""
    return Comment.objects.filter(thread=thread, hidden_at=None, outcome__in=[Outcome.OPEN, Outcome.TO_DISCUSS]).count()
