"""What authors of contributions hear of the chantiers that took them up: once per event, whatever they sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.models import Chantier, ContributionLink
from dialogue.contributions.letters.news import tell_author
from dialogue.contributions.models import Contribution
from dialogue.contributions.stages import STANDING, Stage
from dialogue.mailer import kinds

kinds.register(
    "chantiers.contribution_news",
    label=_("Ce que deviennent mes contributions dans les chantiers"),
    default="digest",
)

#: What happens to a chantier that its authors are told of, and the subject of the letter.
SUBJECTS: dict[str, str | Promise] = {
    "opened": _("Votre contribution est reprise dans un chantier : {title}"),
    "delivered": _("Le chantier qui reprend votre contribution a livré : {title}"),
    "completed": _("Le chantier qui reprend votre contribution est achevé : {title}"),
    "in_pact": _("Inscrit au pacte : {title}"),
    "no_follow_up": _("Les propositions du chantier restent sans suite : {title}"),
    "abandoned": _("Le chantier qui reprend votre contribution s’arrête : {title}"),
}


@dataclass(frozen=True)
class Said:
    """News of a room above: its words, the key that keeps it from being said twice to one author, and who may hear it."""

    subject: str | Promise
    template: str
    context: dict[str, Any]
    dedupe: str
    readable_by: Callable[[Any], bool]


#: Rooms above say news of their own: event → function (number of the row it is about) -> Said, or None when it is no more.
tellers: dict[str, Callable[[int], Said | None]] = {}
#: Authors told in one transaction.
CHUNK = 200


def authors_of(chantier: Chantier) -> Iterator[Contribution]:
    """One contribution for each address: the first that was linked and whose author wants news or awaits an answer."""
    waits = Q(contribution__wants_news=True) | Q(contribution__stage__in=[s for s in STANDING if s != Stage.ANSWERED])
    # Those merged into another keep their author; the others that no longer stand are told elsewhere, by their own letters.
    stands = Q(contribution__stage__in=[*STANDING, Stage.MERGED])
    rows = ContributionLink.objects.filter(waits & stands, chantier=chantier)
    rows = rows.filter(~Q(contribution__author_email="") | Q(contribution__person__isnull=False))
    told: set[str] = set()
    for link in rows.select_related("contribution__person").order_by("pk").iterator(CHUNK):
        row = link.contribution
        address = (row.person.email if row.person else row.author_email).strip().lower()
        if address and address not in told and (row.person_id or not row.mail_stopped_at):
            told.add(address)
            yield row


def tell_authors(chantier: Chantier, event: str, now: datetime, about: int | None = None) -> int:
    """Queues the news to every author; may run twice, or again after it was cut short: nobody is told twice of one event.

    `about`: the row of a room above that the event is about (`tellers`). Those who may not read the chantier hear nothing of it
    here; their contribution is answered all the same. Returns how many letters were queued.
    """
    said = _said(chantier, event) if about is None else tellers[event](about)
    if said is None:
        return 0
    sent, rows = 0, authors_of(chantier)
    while chunk := [row for _n, row in zip(range(CHUNK), rows, strict=False)]:
        with transaction.atomic():
            sent += sum(_tell(row, said, chantier, now) for row in chunk)
    return sent


def _said(chantier: Chantier, event: str) -> Said:
    return Said(
        subject=format_lazy(SUBJECTS[event], title=chantier.title),
        template="chantiers/mail/contribution_news",
        context={"event": event},
        dedupe=f"chantier-{chantier.pk}-{event}",
        readable_by=chantier.readable_by,
    )


def _tell(contribution: Contribution, said: Said, chantier: Chantier, now: datetime) -> bool:
    if not said.readable_by(contribution.person or AnonymousUser()):
        return False
    letter = tell_author(
        contribution,
        kind="chantiers.contribution_news",
        subject=said.subject,
        template=said.template,
        context={"chantier": chantier} | said.context,
        now=now,
        dedupe=said.dedupe,
    )
    return letter is not None
