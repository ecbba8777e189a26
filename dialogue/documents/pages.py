"""What pages show of documents: the folders, the blocks of the space, what is attached to messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.discussion.models import Comment
from dialogue.documents import acts
from dialogue.documents.models import Document
from dialogue.documents.stages import Nature
from dialogue.people.stages import Circle


@dataclass(frozen=True)
class Folder:
    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Attached:
    """A file under a message."""

    title: str
    url: str
    note: str


def folders_of(chantier: Chantier, reader: Any) -> list[Folder]:
    """Every nature with how many documents the reader finds there (1 query)."""
    rows = Document.objects.visible_to(reader).shown().filter(chantier=chantier).order_by().values_list("nature")
    counts = dict(rows.annotate(n=Count("pk")))
    return [Folder(code, str(label), counts.get(code, 0)) for code, label in Nature.choices]


def attached_to(comments: list[Comment]) -> dict[int, list[Attached]]:
    """For discussion.pages.attachment_sources: the documents of these messages (2 queries)."""
    if not comments:
        return {}
    links = Document.comments.through.objects.filter(comment_id__in=[c.pk for c in comments]).values_list(
        "comment_id", "document_id"
    )
    if not links:
        return {}
    rows = Document.objects.filter(pk__in={document for _comment, document in links}).select_related("chantier").with_last()
    files = {row.pk: Attached(row.title, url_of(row), weight(row)) for row in rows}
    found: dict[int, list[Attached]] = {}
    for comment, document in links:
        found.setdefault(comment, []).append(files[document])
    return found


def url_of(document: Document) -> str:
    return reverse("documents:document", args=[document.chantier.slug, document.pk])


def weight(document: Document) -> str:
    """« PDF, 180 ko » : what a link to a file must say (design.md §6)."""
    last = document.last
    return f"{last.filename.rpartition('.')[2].upper()}, {filesizeformat(last.size)}"


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block:
    """The group's last working documents, and the way to add one."""
    rows = Document.objects.visible_to(request.user).shown().filter(chantier=chantier, circle=Circle.GROUP).with_last()
    return _block(chantier, rows[:4], may_add=acts.add_document.allows(request.user, chantier), circle=Circle.GROUP, order=60)


def shared_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """What the group shows to others."""
    rows = Document.objects.visible_to(request.user).shown().filter(chantier=chantier).exclude(circle=Circle.GROUP).with_last()
    found = list(rows[:4])
    return _block(chantier, found, may_add=False, circle=Circle.PARTNERS, order=61) if found else None


def _block(chantier: Chantier, rows: Iterable[Document], *, may_add: bool, circle: str, order: int) -> space_pages.Block:
    context = {"chantier": chantier, "documents": list(rows), "may_add": may_add, "circle": circle}
    return space_pages.Block("documents/_block.html", context, column="side", order=order)


def readers_of(circle: str, count: int) -> str:
    """Who will read, in words, for a confirmation."""
    if circle == Circle.PUBLIC:
        return _("tout le monde, sans compte")
    if circle == Circle.PARTNERS:
        return _("tous les partenaires qui ont un compte")
    return _("les %(n)d membres du groupe et la coordination") % {"n": count}
