"""Which contributions a chantier takes up: those it was opened for, for good, and those attached later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.chantiers.rules import choosing as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import ACTIVE, Stage
from dialogue.contributions.acts.answers import mark_linked, unlink
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING
from dialogue.contributions.stages import Stage as Said
from dialogue.ledger.acts import SYSTEM, Refused, act

#: Rows written at a time.
CHUNK = 1000
#: Answers written within one request; the periodic task writes the others (tasks_choosing).
AT_ONCE = 100
#: From which a contribution becomes "taken up": what nobody has read yet waits to be read first, since taking up publishes.
READ = [Said.ADMISSIBLE, Said.QUALIFIED]
TAKING = [Stage.PROPOSED, *ACTIVE, Stage.SUSPENDED]


def carry(chantier: Chantier, rows: QuerySet[Contribution], *, by: Any, now: datetime) -> None:
    """For acts that open a chantier, in their transaction: these contributions are its origin."""
    links = [
        ContributionLink(chantier=chantier, contribution_id=pk, at=now, by_id=by.pk, is_origin=True)
        for pk in rows.values_list("pk", flat=True).iterator(CHUNK)
    ]
    ContributionLink.objects.bulk_create(links, batch_size=CHUNK, ignore_conflicts=True)
    take_up(waiting(chantier)[:AT_ONCE], chantier, by=by, now=now)


def waiting(chantier: Chantier) -> QuerySet[Contribution]:
    """Contributions of the chantier that were read and of which nothing says yet that it takes them up."""
    rows = Contribution.objects.filter(chantier_links__chantier=chantier, stage__in=READ)
    return rows.select_related("campaign").order_by("pk")


def take_up(rows: QuerySet[Contribution], chantier: Chantier, *, by: Any, now: datetime) -> int:
    """Writes on each what its author will be answered; one that somebody moved meanwhile is left alone. Returns how many."""
    answer = answer_of(chantier)
    done = 0
    for row in rows:
        try:
            mark_linked(row, by=_answering(by), now=now, answer=answer)
        except Refused:
            continue
        done += 1
    return done


def _answering(by: Any) -> Any:
    """A lead attaches, the coordination answers: what the answer becomes is then the platform's deed."""
    return by if getattr(by, "is_coordination", False) else SYSTEM


def answer_of(chantier: Chantier) -> str:
    """The coordination may change it before it leaves (contributions.change_answer)."""
    return _(
        "Votre contribution est reprise dans un chantier : « %(title)s ». Un groupe de travail réunit les organismes concernés. "
        "Vous pourrez suivre ce qu’il fait, et demander à le rejoindre."
    ) % {"title": chantier.title}


def _held(contribution: Contribution) -> str:
    """The stage of the contribution, its row held until the end of the transaction."""
    Contribution.objects.filter(pk=contribution.pk).update(number=F("number"))
    contribution.refresh_from_db(fields=["stage"])
    return contribution.stage


@act("chantiers.attach_contribution", come_from=TAKING, record=("contribution",))
def attach_contribution(chantier: Chantier, *, by: Any, now: datetime, contribution: Contribution) -> ContributionLink:
    """One more contribution that the group takes up. Raises Refused when it is attached already, or does not stand."""
    stage = _held(contribution)
    if stage not in STANDING:
        raise Refused(_("Cette contribution a été retirée, regroupée ou jugée non recevable : elle ne peut pas être rattachée."))
    try:
        with transaction.atomic():
            link = ContributionLink.objects.create(chantier=chantier, contribution=contribution, at=now, by_id=by.pk)
    except IntegrityError:
        raise Refused(_("Cette contribution est déjà rattachée à ce chantier.")) from None
    if stage in READ:
        take_up(Contribution.objects.filter(pk=contribution.pk).select_related("campaign"), chantier, by=by, now=now)
    return link


@act("chantiers.detach_contribution", come_from=TAKING, record=("contribution",))
def detach_contribution(chantier: Chantier, *, by: Any, now: datetime, contribution: Contribution) -> None:
    """Attached by mistake. Raises Refused for an origin of the chantier, and once its author was answered."""
    stage = _held(contribution)
    link = ContributionLink.objects.filter(chantier=chantier, contribution=contribution).first()
    if link is None:
        raise Refused(_("Cette contribution n’est pas rattachée à ce chantier."))
    if link.is_origin:
        raise Refused(_("Elle a conduit à ouvrir le chantier : ce lien reste."))
    if stage == Said.ANSWERED:
        raise Refused(_("Son auteur a déjà reçu la réponse : ce lien reste."))
    ContributionLink.objects.filter(pk=link.pk).delete()
    if stage == Said.LINKED and not ContributionLink.objects.filter(contribution=contribution).exists():
        unlink(contribution, by=_answering(by), now=now)
