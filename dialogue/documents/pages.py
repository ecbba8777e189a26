"""What pages show of documents: the folders, the blocks of the space, what is attached to messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.discussion.models import Comment, Thread
from dialogue.documents import acts
from dialogue.documents.models import Document
from dialogue.documents.stages import Nature
from dialogue.people.models import Person
from dialogue.people.stages import AccountStage, Circle


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
    rows = Document.objects.visible_to(request.user).shown().filter(chantier=chantier, circle=Circle.GROUP)
    rows = rows.select_related("chantier").with_last()
    return _block(chantier, rows[:4], may_add=acts.add_document.allows(request.user, chantier), circle=Circle.GROUP, order=60)


def shared_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block | None:
    """What the group shows to others."""
    rows = Document.objects.visible_to(request.user).shown().filter(chantier=chantier).exclude(circle=Circle.GROUP)
    rows = rows.select_related("chantier").with_last()
    found = list(rows[:4])
    return _block(chantier, found, may_add=False, circle=Circle.PARTNERS, order=61) if found else None


def _block(chantier: Chantier, rows: Iterable[Document], *, may_add: bool, circle: str, order: int) -> space_pages.Block:
    context = {"chantier": chantier, "documents": list(rows), "may_add": may_add, "circle": circle}
    return space_pages.Block("documents/_block.html", context, column="side", order=order)


@dataclass(frozen=True)
class Readers:
    """Who reads in a circle, in words that a confirmation may say."""

    label: str
    words: str


def readers_by_circle(chantier: Chantier) -> list[Readers]:
    """How many people would read in each circle that the chantier allows (2 queries)."""
    group, partners = space_pages.told(chantier), Person.objects.filter(stage=AccountStage.VALIDATED, is_active=True).count()
    inside = ngettext("%(n)d membre du groupe, et la coordination.", "Les %(n)d membres du groupe, et la coordination.", group)
    wide = ngettext(
        "%(n)d personne qui a un compte validé.",
        "Les %(n)d personnes qui ont un compte validé, dans tous les chantiers.",
        partners,
    )
    found = [Readers(str(Circle.GROUP.label), inside % {"n": group}), Readers(str(Circle.PARTNERS.label), wide % {"n": partners})]
    if chantier.circle == Circle.PUBLIC:
        found.append(Readers(str(Circle.PUBLIC.label), _("Tout le monde, sans compte, moteurs de recherche compris.")))
    return found


@dataclass(frozen=True)
class Use:
    """A page that leads to a document."""

    label: str
    url: str


#: Rooms above append `(document, reader) -> uses`: the agenda items and the carnet that show it.
use_sources: list[Callable[[Document, Any], list[Use]]] = []


def uses_of(document: Document, reader: Any) -> list[Use]:
    """Where the document is used, for someone who reads in the space (1 query, and those of the rooms above)."""
    threads = Thread.objects.visible_to(reader).filter(comments__documents=document).distinct()
    found = [
        Use(
            _("Discussion : %(title)s") % {"title": thread.title},
            reverse("discussion:thread", args=[document.chantier.slug, thread.pk]),
        )
        for thread in threads
    ]
    for source in use_sources:
        found += source(document, reader)
    return found


def count_shared(reader: Any) -> Coalesce:
    """To annotate chantiers: how many documents the reader finds on their public page (no query more)."""
    rows = Document.objects.visible_to(reader).shown().exclude(circle=Circle.GROUP).filter(chantier=OuterRef("pk"))
    counted = rows.order_by().values("chantier").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
