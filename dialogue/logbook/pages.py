"""What pages show of the carnet: the block of the group's space, the editors' lists."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from dialogue.chantiers import pages as space_pages
from dialogue.chantiers.models import Chantier
from dialogue.logbook.acts import entries as acts
from dialogue.logbook.models import Edition, LogbookEntry, Placement
from dialogue.logbook.models.entry import LogbookEntryQuerySet
from dialogue.logbook.stages import OUT, EntryStage
from dialogue.meetings.models import Material


def with_published(rows: LogbookEntryQuerySet) -> LogbookEntryQuerySet:
    """Adds `is_out`: whether an edition that everybody reads holds it (no query more)."""
    held = Placement.objects.filter(entry=OuterRef("pk"), chapter__edition__stage__in=OUT)
    return rows.annotate(is_out=Exists(held))


def of_group(chantier: Chantier, reader: Any) -> LogbookEntryQuerySet:
    """What the group gathered and did not take back."""
    rows = LogbookEntry.objects.visible_to(reader).filter(chantier=chantier).exclude(stage=EntryStage.WITHDRAWN)
    return with_published(rows).select_related("by", "material__meeting")


def materials_left(chantier: Chantier) -> Any:
    """What was noted in session and is not proposed yet."""
    rows = Material.objects.filter(meeting__chantier=chantier, logbook_entry=None).select_related("meeting")
    return rows.order_by("-at", "-pk")


def space_block(chantier: Chantier, request: HttpRequest) -> space_pages.Block:
    """« Carnet de voyage » : what was gathered last, and the way to propose something (1 query)."""
    context = {
        "chantier": chantier,
        "entries": list(of_group(chantier, request.user)[:3]),
        "may_propose": acts.propose.allows(request.user, chantier),
    }
    return space_pages.Block("logbook/_block.html", context, column="side", order=70)


def counts_by_stage(rows: LogbookEntryQuerySet) -> Counter[str]:
    """Stage → how many (1 query)."""
    return Counter(rows.order_by().values_list("stage", flat=True))


def waiting(request: HttpRequest) -> int:
    """For the navigation of the coordination: what waits to be read."""
    return LogbookEntry.objects.visible_to(request.user).waiting().count()


def to_place(edition: Edition) -> LogbookEntryQuerySet:
    """Chosen, and neither in this edition nor in a published one."""
    held = Placement.objects.filter(entry=OuterRef("pk")).filter(
        Q(chapter__edition=edition.pk) | Q(chapter__edition__stage__in=OUT)
    )
    rows = LogbookEntry.objects.chosen().filter(consent_ended_at=None)
    return rows.exclude(Exists(held)).select_related("chantier").order_by("chantier__number", "on", "pk")
