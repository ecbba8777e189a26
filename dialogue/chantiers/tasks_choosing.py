"""Work on the contributions that chantiers took up: news to their authors, and those that were read after the chantier opened."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django_tasks import task

from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.ledger.acts import SYSTEM
from dialogue.mailer.periodic import every


@task()
def tell_authors(chantier_pk: int, event: str, now: str, about: int | None = None) -> int:
    """Thousands of authors, in the background; `now` is domain time, ISO 8601. May run twice."""
    from dialogue.chantiers.letters import contributions as letters

    chantier = Chantier.objects.filter(pk=chantier_pk).first()
    return letters.tell_authors(chantier, event, datetime.fromisoformat(now), about) if chantier else 0


def news(event: str, chantier: Chantier, now: datetime, about: int | None = None) -> None:
    """For acts on a chantier: `event` (letters.contributions.SUBJECTS) will be told, if the act succeeds.

    `about`: the number of the row that an event of a room above is about (letters.contributions.tellers).
    """
    if ContributionLink.objects.filter(chantier=chantier).exists():
        tell_authors.enqueue(chantier.pk, event, now.isoformat(), about)


@every(minutes=10)
def take_up_contributions(now: datetime) -> int:
    """Contributions that their chantier carries, and that were read since, or were too many for one request."""
    from dialogue.chantiers.acts import links

    todo = ContributionLink.objects.filter(chantier=OuterRef("pk"), contribution__stage__in=links.READ)
    rows = Chantier.objects.filter(Exists(todo), stage__in=links.TAKING).order_by("pk")
    return sum(links.take_up(links.waiting(chantier)[: links.CHUNK], chantier, by=SYSTEM, now=now) for chantier in rows)
