"""What is answered to a mail that could not be posted, and told to those who have mails to file.

An answer of the machine has an empty envelope sender and says `auto-replied` (RFC 3834); a sender gets at most one a day for each
kind of problem, and none for what a machine sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.post import answerers_of, coordination
from dialogue.discussion.letters import url_of
from dialogue.inbox.models import Mail
from dialogue.inbox.stages import Reason
from dialogue.ledger.clock import local_date
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Person

kinds.register(
    "inbox.problem", label=_("Vos courriels qui n’ont pas pu être publiés"), default="immediate", mandatory=True, per_space=False
)
kinds.register("inbox.waiting", label=_("Courriels à rattacher dans un groupe dont vous répondez"), default="immediate")

Sentences = list[str | Promise]
#: What happened, and what its sender can do, by reason.
PROBLEMS: dict[str, Sentences] = {
    Reason.OTHER_SENDER: [
        _("Vous avez répondu depuis une adresse qui n’est pas celle de la personne à qui nous avions écrit."),
        _("Par prudence, rien n’est publié sans vérification : ceux qui répondent du groupe vont lire votre message."),
        _("Pour qu’il soit publié tout de suite, renvoyez-le depuis l’adresse de votre compte."),
    ],
    Reason.BROKEN_ADDRESS: [
        _("L’adresse à laquelle vous avez écrit est incomplète ou n’est plus valable."),
        _("Nous ne savons pas quelle discussion elle désigne : quelqu’un va lire votre message et le rattacher."),
        _("Pour qu’il soit publié tout de suite, répondez au courriel que vous avez reçu de nous, sans changer l’adresse."),
    ],
    Reason.EMPTY: [
        _("Nous n’y avons trouvé aucun texte nouveau, seulement le message auquel vous répondiez."),
        _("Répondez de nouveau en écrivant au-dessus, au-dessous ou au milieu du texte cité : tout cela est lu."),
    ],
    Reason.LEFT: [
        _("Vous ne participez pas, ou plus, à ce groupe : vos messages ne peuvent pas y être publiés."),
        _("Si c’est une erreur, écrivez à ceux qui répondent du groupe, ou demandez à le rejoindre depuis la page du chantier."),
    ],
    Reason.CLOSED: [_("Il n’est plus possible d’écrire à cet endroit.")],
    Reason.FILES: [_("Aucune de ses pièces jointes n’a pu être gardée, et il n’avait pas de texte.")],
    Reason.CAMPAIGN: [_("Vous avez écrit à l’adresse d’une campagne de contributions qui n’est pas ouverte.")],
    Reason.CALENDAR: [
        _("Votre réponse à la convocation n’a pas pu être notée."),
        _("Répondez depuis la page de la séance, ou écrivez à ceux qui répondent du groupe."),
    ],
    Reason.TOO_LARGE: [
        _("Il est trop lourd : 25 Mo au plus, pièces jointes comprises."),
        _("Déposez plutôt les fichiers sur la page Documents du groupe, un par un."),
    ],
}


def may_be_answered(mail: Mail) -> bool:
    """Whether somebody reads what we would answer: a person's mail, not one of ours, with a way back."""
    domain = mail.sender.rpartition("@")[2].lower()
    return bool(mail.sender and mail.envelope_from and domain and domain != settings.MAIL_DOMAIN.lower())


def person_at(address: str) -> Person | None:
    """Whose address it is: the one they sign in with, or another they have proven."""
    if not address:
        return None
    found = Person.objects.active().filter(email__iexact=address).first()
    if found is None:
        row = (
            EmailAddress.objects.filter(email__iexact=address, verified=True, user__is_active=True).select_related("user").first()
        )
        found = row.user if row else None
    return found


def problem(mail: Mail, *, now: datetime) -> None:
    """Why the mail was not posted: once a day for each address and reason."""
    details = [mail.motive] if mail.motive else []
    _answer(
        mail,
        mail.reason,
        PROBLEMS[mail.reason],
        details,
        now=now,
        kept=mail.reason in {Reason.OTHER_SENDER, Reason.BROKEN_ADDRESS},
    )


def files_refused(mail: Mail, refused: list[str], *, now: datetime) -> None:
    """The message is published, some of its files are not."""
    _answer(
        mail,
        "some_files",
        [_("Votre message est publié, mais une partie de ses pièces jointes n’a pas pu être gardée :")],
        refused,
        now=now,
    )


def rejected(mail: Mail, *, by: Any, now: datetime) -> None:
    """A person decided so, and says why: not an automatic answer."""
    _answer(
        mail,
        f"rejected-{mail.pk}",
        [_("Ceux qui répondent du groupe l’ont lu et ne le publient pas. Leur réponse :")],
        [mail.motive],
        now=now,
        automatic=False,
    )


def _answer(
    mail: Mail, what: str, sentences: Sentences, details: list[str], *, now: datetime, kept: bool = False, automatic: bool = True
) -> None:
    if not may_be_answered(mail):
        return
    posted, person = mail.comment is not None, person_at(mail.sender)
    outbox.send(
        "inbox.problem",
        person or mail.sender,
        subject=format_lazy(
            _("Pièces jointes non gardées : {subject}") if posted else _("Votre courriel n’est pas publié : {subject}"),
            subject=mail.subject or _("(sans objet)"),
        ),
        template="inbox/mail/problem",
        context={
            "mail": mail,
            "posted": posted,
            "kept": kept,
            "sentences": sentences,
            "details": details,
            # Sent back to members only: of anybody else, the address may be forged.
            "excerpt": mail.text[:2000] if person else "",
            "automatic": automatic,
            "url": settings.BASE_URL + url_of(mail.thread) if mail.thread else "",
        },
        now=now,
        dedupe=f"{what}/{local_date(now)}",
        automatic=automatic,
        answers=mail.message_id,
        mandatory=True,
    )


def queue_url(mail: Mail) -> str:
    return reverse("inbox:queue", args=[mail.chantier.slug]) if mail.chantier else reverse("inbox:all")


def _readers(mail: Mail) -> Iterable[Person]:
    return answerers_of(mail.chantier) if mail.chantier else coordination()


def waiting(mail: Mail, *, now: datetime) -> None:
    """To those who may file it: one letter a day at most for each group, whatever comes."""
    space = mail.chantier.ledger_space if mail.chantier else ""
    for person in _readers(mail):
        outbox.send(
            "inbox.waiting",
            person,
            subject=format_lazy(_("Un courriel à rattacher : {subject}"), subject=mail.subject or _("(sans objet)")),
            template="inbox/mail/waiting",
            context={
                "mail": mail,
                "chantier": mail.chantier,
                "reason": mail.get_reason_display(),
                "url": settings.BASE_URL + queue_url(mail),
            },
            now=now,
            space=space,
            thread=f"courriels-{mail.chantier_id or 0}",
            dedupe=f"{space or 'general'}/{local_date(now)}",
        )
