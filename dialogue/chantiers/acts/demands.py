"""Asking to join a group, at any time until completion: an answer is guaranteed. And following it from outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dialogue.chantiers.acts.members import ensure_mandate, lock, seat
from dialogue.chantiers.letters import demands as letters
from dialogue.chantiers.models import Chantier, Follow, JoinRequest, Representative
from dialogue.chantiers.rules import members as rules  # noqa: F401
from dialogue.chantiers.stages import JOINABLE, ORDINARY, RequestStage, Role
from dialogue.ledger.acts import NotAllowed, Refused, act
from dialogue.people.models import Organisation
from dialogue.people.stages import AccountStage, OrganisationStage

#: Days after which those who answer for the chantier are reminded, then the coordination with them.
REMIND_AFTER = timedelta(days=7)
ESCALATE_AFTER = timedelta(days=14)


def still_joinable(thing: Any, *, by: Any, now: datetime) -> str | None:
    """One joins until completion (product.md, "Members")."""
    if thing.chantier.stage in JOINABLE:
        return None
    return _("Ce chantier n’accueille plus de nouveaux membres.")


def asker_is_validated(request: JoinRequest, *, by: Any, now: datetime) -> str | None:
    """A newcomer's request waits for the coordination too."""
    if request.person.stage == AccountStage.VALIDATED:
        return None
    return _("Le compte de cette personne attend la validation par la coordination : vous pourrez accepter ensuite.")


def organisation_is_validated(request: JoinRequest, *, by: Any, now: datetime) -> str | None:
    if request.organisation.stage == OrganisationStage.VALIDATED:
        return None
    return _("L’organisme « %(name)s » attend la validation par la coordination : vous pourrez accepter ensuite.") % {
        "name": request.organisation.name
    }


@act("chantiers.request_to_join", come_from=JOINABLE, creates=True, record=["organisation"])
def request_to_join(
    chantier: Chantier, *, by: Any, now: datetime, organisation: Organisation, motivation: str = ""
) -> JoinRequest:
    """Asks to enter the group for an organisation. Those who answer for the chantier are told at once.

    Someone who is not known yet to speak for it declares so by asking: accepting the request confirms it.
    """
    lock(chantier)
    if not Organisation.objects.visible_to(by).exclude(stage=OrganisationStage.MERGED).filter(pk=organisation.pk).exists():
        raise Refused(_("Choisissez votre organisme dans la liste, ou indiquez son nom."))
    if Representative.objects.active().filter(
        person=by, member__chantier=chantier, member__organisation=organisation
    ).exists():
        raise Refused(_("Vous faites déjà partie de ce groupe pour cet organisme."))
    if JoinRequest.objects.waiting().filter(chantier=chantier, person=by).exists():
        raise Refused(_("Votre demande est déjà envoyée : elle attend une réponse."))
    request = JoinRequest.objects.create(
        chantier=chantier, person=by, organisation=organisation, motivation=motivation.strip(), sent_at=now
    )
    letters.asked(request, now=now)
    return request


@act(
    "chantiers.accept_request",
    come_from=[RequestStage.WAITING],
    guards=[still_joinable, asker_is_validated, organisation_is_validated],
    record=["role"],
)
def accept_request(request: JoinRequest, *, by: Any, now: datetime, role: str = Role.PARTNER) -> Representative:
    """The organisation enters the group, represented by the person who asked; they read the group space at once."""
    if role not in ORDINARY:
        raise NotAllowed("chantiers.name_officer")
    chantier = lock(request.chantier)
    if chantier.stage not in JOINABLE:
        raise Refused(_("Ce chantier n’accueille plus de nouveaux membres."))
    ensure_mandate(request.person, request.organisation, now=now)
    representative = seat(chantier, organisation=request.organisation, role=role, person=request.person, now=now)
    _answer(request, RequestStage.ACCEPTED, by=by, now=now)
    letters.accepted(request, representative, now=now)
    return representative


@act("chantiers.refuse_request", come_from=[RequestStage.WAITING])
def refuse_request(request: JoinRequest, *, by: Any, now: datetime, motive: str) -> None:
    """No, and why: the person reads the motive, and may ask again."""
    if not motive.strip():
        raise Refused(_("Dites pourquoi : la personne recevra ce motif."))
    _answer(request, RequestStage.REFUSED, by=by, now=now, motive=motive.strip())
    letters.refused(request, now=now)


@act("chantiers.withdraw_request", come_from=[RequestStage.WAITING])
def withdraw_request(request: JoinRequest, *, by: Any, now: datetime) -> None:
    _answer(request, RequestStage.WITHDRAWN, by=by, now=now)


@act("chantiers.close_request", come_from=[RequestStage.WAITING])
def close_request(request: JoinRequest, *, by: Any, now: datetime) -> None:
    """The person left the platform: nobody is there to be answered."""
    _answer(request, RequestStage.WITHDRAWN, by=None, now=now)


def reminder_due(request: JoinRequest, now: datetime) -> str:
    """Which reminder is due: "escalate" (to the coordination as well), "remind", or "" for none. Each comes once."""
    age = now - request.sent_at
    if age >= ESCALATE_AFTER and request.escalated_at is None:
        return "escalate"
    if age >= REMIND_AFTER and request.reminded_at is None and request.escalated_at is None:
        return "remind"
    return ""


@act("chantiers.remind_request", come_from=[RequestStage.WAITING])
def remind_request(request: JoinRequest, *, by: Any, now: datetime) -> None:
    """A request unanswered after seven days is said again to those who answer; after fourteen, to the coordination too."""
    request.refresh_from_db()
    due = reminder_due(request, now)
    if not due:
        raise Refused(_("Aucun rappel n’est dû."))
    if due == "escalate":
        request.escalated_at = now
    request.reminded_at = request.reminded_at or now
    request.save(update_fields=["reminded_at", "escalated_at"])
    letters.reminded(request, escalated=due == "escalate", now=now)


def _answer(request: JoinRequest, stage: str, *, by: Any, now: datetime, motive: str = "") -> None:
    """Stage, date, author and motive together, as the constraints want; the act holds the row."""
    request.stage, request.answered_at, request.answered_by, request.motive = stage, now, by, motive
    request.save(update_fields=["stage", "answered_at", "answered_by", "motive"])


@act("chantiers.follow")
def follow(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """The person asks for the news of the chantier; asking twice changes nothing."""
    Follow.objects.get_or_create(chantier=chantier, person=by)


@act("chantiers.unfollow")
def unfollow(chantier: Chantier, *, by: Any, now: datetime) -> None:
    Follow.objects.filter(chantier=chantier, person=by).delete()
