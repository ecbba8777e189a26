"""What the page of one contribution tells, to whoever may read it: never who wrote it, but for the name that its author chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.models import ContributionLink
from dialogue.contributions import hooks
from dialogue.contributions.hooks import FollowUp
from dialogue.contributions.likeness import similar
from dialogue.contributions.models import Attachment, Cluster, Contribution, Support
from dialogue.contributions.stages import Outcome, Stage
from dialogue.ledger.clock import local_date
from dialogue.pacts.path import Path, of_contribution
from dialogue.people.circles import circle_q
from dialogue.portal.contributions import is_team, number_in

SIMILAR = 5
#: Personal data is not even read.
HIDDEN = ("author_name", "author_email", "author_phone", "author_key", "key", "motive")


@dataclass
class Page:
    """`supporters`: organisations that say the same; `people`: how many persons do, unnamed; `merged`: texts grouped into this one."""

    row: Contribution
    reader: Any
    links: list[ContributionLink]
    attachments: list[Attachment]
    supporters: list[str]
    people: int
    merged: int
    cluster: Cluster | None = None
    similar: Sequence[Contribution] = ()
    #: The number of the contribution that led here, when it was grouped into this one.
    came_from: int | None = None
    steps: list[FollowUp] = field(default_factory=list)
    path: Path | None = None

    @property
    def is_team(self) -> bool:
        return is_team(self.reader)

    @property
    def is_own(self) -> bool:
        return self.row.person_id is not None and self.row.person_id == getattr(self.reader, "pk", None)

    @property
    def answer(self) -> str:
        """What its author was told; before it leaves, the team alone reads it."""
        return self.row.answer if self.row.stage == Stage.ANSWERED or self.is_team else ""


def gather(number: int, reader: Any) -> Page | None:
    """None when the reader may not read it, or when it was grouped into another (see `kept_for`)."""
    rows = Contribution.objects.visible_to(reader).exclude(stage=Stage.MERGED).filter(number=number)
    rows = rows.select_related("theme", "second_theme", "suggested_theme", "territory", "commune", "campaign")
    row = rows.defer(*HIDDEN).first()
    if row is None:
        return None
    links = ContributionLink.objects.visible_to(reader).filter(contribution=row).select_related("chantier")
    signed = Support.objects.visible_to(reader).filter(contribution=row).confirmed()
    names = list(signed.values_list("organisation__name", "organisation_name"))
    organisations = sorted({known or written for known, written in names if known or written})
    page = Page(
        row,
        reader,
        list(links.order_by("at", "pk")),
        [file for file in Attachment.objects.visible_to(reader).filter(contribution=row) if file.is_handed_out],
        organisations,
        sum(not (known or written) for known, written in names),
        Contribution.objects.filter(circle_q(reader), merged_into=row).count(),
        Cluster.objects.visible_to(reader).filter(pk=row.cluster_id).first() if row.cluster_id else None,
        similar_to(row, reader),
    )
    page.steps = steps_of(page)
    page.path = of_contribution(row, reader)
    return page


def steps_of(page: Page) -> list[FollowUp]:
    """What became of it, oldest first."""
    row, steps = page.row, []
    if row.received_at:
        steps.append(FollowUp(_("Reçue par l’équipe"), local_date(row.received_at), icon="n1"))
    for link in page.links:
        said = _("Parmi les raisons d’ouvrir le chantier « %(title)s »") if link.is_origin else _("Reprise dans le chantier « %(title)s »")
        steps.append(FollowUp(said % {"title": link.chantier.title}, local_date(link.at), link.chantier.get_absolute_url(), "n3"))
    if row.stage == Stage.ANSWERED and row.answered_at:
        said = _("Réponse envoyée à son auteur : %(outcome)s") % {"outcome": Outcome(row.outcome).label}
        steps.append(FollowUp(said, local_date(row.answered_at), icon="rev"))
    known = {link.chantier.get_absolute_url() for link in page.links}
    for told in hooks.followups:
        steps += [step for step in told(row, page.reader) if step.url not in known]
    return sorted(steps, key=lambda step: (step.on is None, step.on or 0))


def similar_to(row: Contribution, reader: Any) -> Sequence[Contribution]:
    """Texts that resemble this one, as far as the reader may read them."""
    return similar(f"{row.title}\n{row.text}", reader=reader, but=row)[:SIMILAR]


def kept_for(number: int, reader: Any) -> Contribution | None:
    """The contribution into which this one was grouped: for those who could have read both."""
    merged = Contribution.objects.filter(circle_q(reader), number=number, stage=Stage.MERGED).values("merged_into")
    return Contribution.objects.visible_to(reader).filter(pk__in=merged).only("number").first()


def merged_here(row: Contribution, typed: str, reader: Any) -> int | None:
    """The number in the address, when it is that of a text grouped into `row`."""
    if not number_in(typed):
        return None
    found = Contribution.objects.filter(circle_q(reader), number=int(typed), merged_into=row)
    return int(typed) if found.exists() else None
