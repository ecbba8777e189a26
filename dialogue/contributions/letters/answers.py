"""What the author of a contribution is told of its life; and, to the coordination, what is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.contributions.letters.news import tell_author
from dialogue.contributions.models import Contribution
from dialogue.mailer import kinds, outbox
from dialogue.mailer.models import Letter, LetterStage
from dialogue.people.models import Person

kinds.register(
    "contributions.decision", label=_("Ce que deviennent vos contributions"), default="immediate", mandatory=True, per_space=False
)
kinds.register("contributions.late", label=_("Rappel : contributions en retard"), default="digest", per_space=False)

Text = str | Promise
TEMPLATE = "contributions/mail/decision"


@dataclass(frozen=True)
class Words:
    """One letter: `{n}` and `{title}` are the contribution's, `{other}` another's number."""

    subject: Text
    paragraphs: tuple[Text, ...]
    quote: Text = ""
    action: Text = ""
    closing: tuple[Text, ...] = ()


WORDS: dict[str, Words] = {
    "to_complete": Words(
        _("Un complément est demandé : votre contribution n° {n}"),
        (_("Nous avons lu votre contribution « {title} ». Pour l’étudier, il nous manque quelque chose."),),
        _("Ce qu’il faudrait ajouter :"),
        _("Compléter ma contribution"),
        (_("Dès que vous l’aurez complétée, nous la relirons."),),
    ),
    "inadmissible": Words(
        _("Votre contribution n° {n} ne peut pas être retenue"),
        (_("Nous avons lu votre contribution « {title} ». Elle ne peut pas être retenue, et ne sera pas publiée."),),
        _("La raison :"),
        _("Relire ma contribution"),
    ),
    "reopened": Words(
        _("Nous reprenons l’examen de votre contribution n° {n}"),
        (_("Nous étudions de nouveau votre contribution « {title} ». Ce que nous vous avions répondu ne tient plus."),),
        _("La raison :"),
        closing=(_("Vous recevrez une nouvelle réponse."),),
    ),
    "linked": Words(
        _("Votre contribution n° {n} est reprise dans un chantier"),
        (_("Votre contribution « {title} » est reprise dans un chantier."),),
        _("Notre réponse :"),
    ),
    "referred": Words(
        _("Une aide ou un service répond à votre contribution n° {n}"),
        (_("Votre contribution « {title} » relève d’une aide ou d’un service qui existe déjà."),),
        _("Notre réponse :"),
    ),
    "closed": Words(
        _("Réponse à votre contribution n° {n}"),
        (_("Nous avons étudié votre contribution « {title} ». Elle n’aura pas de suite pour le moment."),),
        _("Notre réponse :"),
    ),
    "merged": Words(
        _("Votre contribution n° {n} est regroupée avec une autre"),
        (
            _("Votre contribution « {title} » dit la même chose que la contribution n° {other}, plus ancienne."),
            _("Les deux sont étudiées ensemble. Vous restez compté parmi ses auteurs, et la réponse vous parviendra aussi."),
        ),
        closing=(_("Si nous nous trompons, répondez à ce message : nous les séparerons."),),
    ),
    "joined": Words(
        _("D’autres disent la même chose que vous : contribution n° {n}"),
        (_("Une autre contribution dit la même chose que la vôtre, « {title} ». Les deux sont étudiées ensemble, sous votre numéro."),),
    ),
    "unmerged": Words(
        _("Votre contribution n° {n} est de nouveau étudiée à part"),
        (_("Votre contribution « {title} » avait été regroupée avec la n° {other}. Elle en est séparée."),),
    ),
}


def tell(
    event: str, contribution: Contribution, *, now: datetime, dedupe: str, quote: str = "", other: int = 0
) -> Letter | None:
    """Queues the letter `event` to the author; None when nobody can be told (no address) or nothing leaves."""
    said = WORDS[event]
    facts = {"n": contribution.number, "title": contribution.title, "other": other}
    return tell_author(
        contribution,
        kind="contributions.decision",
        subject=format_lazy(said.subject, **facts),
        template=TEMPLATE,
        context={
            "paragraphs": [format_lazy(text, **facts) for text in said.paragraphs],
            "quote_title": said.quote if quote else "",
            "quote": quote,
            "action": said.action or _("Suivre ma contribution"),
            "closing": list(said.closing),
        },
        now=now,
        dedupe=dedupe,
    )


def key_of(contribution: Contribution, dedupe: str) -> str:
    """The `dedupe` of a letter as the outbox keeps it (see `news.tell_author`)."""
    return f"contribution-{contribution.pk}-{dedupe}"


def has_left(contribution: Contribution, dedupe: str) -> bool:
    """Whether this letter is on its way or read: what it says can no longer be unsaid in silence."""
    unsent = [LetterStage.QUEUED, LetterStage.FAILED, LetterStage.DROPPED]
    return bool(dedupe) and Letter.objects.filter(dedupe=key_of(contribution, dedupe)).exclude(stage__in=unsent).exists()


def take_back(contribution: Contribution, dedupe: str) -> None:
    """A letter that has not left will not leave."""
    if dedupe:
        outbox.withdraw(key_of(contribution, dedupe))


def has_address(contribution: Contribution) -> bool:
    """Whether its author can be mailed."""
    person = contribution.person if contribution.person_id else None
    return person.can_receive_mail if person is not None else bool(contribution.author_email)


def remind(people: Iterable[Person], *, unread: int, unanswered: int, now: datetime) -> int:
    """To the coordination, once a week at most; returns how many letters."""
    week = "{}-{}".format(*now.isocalendar()[:2])
    context: dict[str, Any] = {"unread": unread, "unanswered": unanswered}
    letters = [
        outbox.send(
            "contributions.late",
            person,
            subject=_("Contributions en retard"),
            template="contributions/mail/late",
            context=context,
            now=now,
            dedupe=f"contributions-late-{week}",
        )
        for person in people
    ]
    return sum(letter is not None for letter in letters)
