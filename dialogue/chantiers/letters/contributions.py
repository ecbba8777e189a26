"""What authors of contributions hear of the chantiers that took them up: once per event, whatever they sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

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
from dialogue.people.circles import circle_admits

kinds.register(
    "chantiers.contribution_news",
    label=_("Ce que deviennent mes contributions dans les chantiers"),
    default="digest",
)

#: What happens to a chantier that its authors are told of, and the subject of the letter.
SUBJECTS: dict[str, str | Promise] = {
    "opened": _("Votre contribution est reprise dans un chantier : {title}"),
    "published": _("Un résultat du chantier qui reprend votre contribution : {title}"),
    "delivered": _("Le chantier qui reprend votre contribution a livré : {title}"),
    "completed": _("Le chantier qui reprend votre contribution est achevé : {title}"),
    "in_pact": _("Inscrit au pacte : {title}"),
    "no_follow_up": _("Les propositions du chantier restent sans suite : {title}"),
    "abandoned": _("Le chantier qui reprend votre contribution s’arrête : {title}"),
}


@dataclass(frozen=True)
class Result:
    """What a group published, as the room above that keeps it tells it. `key`: the same for all its versions."""

    key: str
    title: str
    path: str
    circle: str


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


def tell_authors(chantier: Chantier, event: str, now: datetime, result: Result | None = None) -> int:
    """Queues the news to every author; may run twice, or again after it was cut short: nobody is told twice of one event.

    Those who may not read the chantier hear nothing of it here; their contribution is answered all the same. `result`: what
    was published, for the event of this name; once for each. Returns how many letters were queued.
    """
    sent, rows = 0, authors_of(chantier)
    while chunk := [row for _n, row in zip(range(CHUNK), rows, strict=False)]:
        with transaction.atomic():
            sent += sum(_tell(row, chantier, event, now, result) for row in chunk)
    return sent


def _tell(contribution: Contribution, chantier: Chantier, event: str, now: datetime, result: Result | None) -> bool:
    reader = contribution.person or AnonymousUser()
    if not chantier.readable_by(reader) or (result is not None and not circle_admits(reader, result.circle)):
        return False
    letter = tell_author(
        contribution,
        kind="chantiers.contribution_news",
        subject=format_lazy(SUBJECTS[event], title=chantier.title),
        template="chantiers/mail/contribution_news",
        context={"event": event, "chantier": chantier, "result": result},
        now=now,
        dedupe=f"chantier-{chantier.pk}-{event}" + (f"-{result.key}" if result else ""),
    )
    return letter is not None
