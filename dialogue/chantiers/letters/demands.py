"""What is mailed of requests to join and invitations: to the one in charge, to the one who waits, and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.letters.post import answerers_of, coordination, members_url, officers_of, post, space_url
from dialogue.chantiers.models import Invitation, JoinRequest, Representative
from dialogue.chantiers.sentences_members import ESCALATED, IS_NOT_VALIDATED, NOBODY_ANSWERS
from dialogue.chantiers.stages import InvitationStage, Role
from dialogue.mailer import kinds
from dialogue.people.stages import AccountStage, OrganisationStage
from dialogue.ui.dates import long_day

kinds.register("chantiers.join_asked", label=_("Demandes à rejoindre un groupe dont vous répondez"), default="immediate")
kinds.register("chantiers.join_answered", label=_("Vos demandes à rejoindre un groupe"), default="immediate", mandatory=True)
kinds.register("chantiers.invitation", label=_("Invitations à rejoindre un groupe"), default="immediate", mandatory=True)
kinds.register("chantiers.invitation_answered", label=_("Réponses à vos invitations"), default="immediate")

#: Days in which an answer is promised.
PROMISE = timedelta(days=7)
day_of = lazy(long_day, str)


def promised_on(request: JoinRequest) -> datetime:
    return request.sent_at + PROMISE


def request_url(request: JoinRequest) -> str:
    return reverse("chantiers:answer_request", args=[request.chantier.slug, request.pk])


def is_blocked(request: JoinRequest) -> bool:
    """It waits for the coordination before anybody can say yes."""
    return (
        request.person.stage != AccountStage.VALIDATED or request.organisation.stage != OrganisationStage.VALIDATED
    )


def asked(request: JoinRequest, *, now: datetime) -> None:
    """To those who answer for the chantier (the coordination while there is nobody), and a receipt to who asks."""
    chantier = request.chantier
    notes = [] if officers_of(chantier) else [NOBODY_ANSWERS]
    if is_blocked(request):
        notes.append(IS_NOT_VALIDATED)
    facts = {"organisation": request.organisation.name, "day": day_of(promised_on(request)), "thread": f"demande-{request.pk}"}
    post(
        "asked", answerers_of(chantier), chantier, kind="chantiers.join_asked", now=now, path=request_url(request),
        quote=request.motivation, notes=notes, person=str(request.person), dedupe=f"asked-{request.pk}", **facts,
    )
    post(
        "receipt", [request.person], chantier, kind="chantiers.join_answered", now=now,
        path=reverse("chantiers:join", args=[chantier.slug]), dedupe=f"receipt-{request.pk}", mandatory=True, **facts,
    )


def accepted(request: JoinRequest, representative: Representative, *, now: datetime) -> None:
    chantier = request.chantier
    post(
        "accepted", [representative.person], chantier, kind="chantiers.join_answered", now=now, path=space_url(chantier),
        dedupe=f"accepted-{request.pk}", mandatory=True, thread=f"demande-{request.pk}", organisation=request.organisation.name,
    )


def refused(request: JoinRequest, *, now: datetime) -> None:
    chantier = request.chantier
    post(
        "refused", [request.person], chantier, kind="chantiers.join_answered", now=now, path=chantier.get_absolute_url(),
        quote=request.motive, dedupe=f"refused-{request.pk}", mandatory=True, thread=f"demande-{request.pk}",
        organisation=request.organisation.name,
    )


def reminded(request: JoinRequest, *, escalated: bool, now: datetime) -> None:
    """To the ones in charge; the coordination too after fourteen days, or when it is the one that holds things up."""
    chantier = request.chantier
    to = answerers_of(chantier)
    notes = [IS_NOT_VALIDATED] if is_blocked(request) else []
    if escalated:
        notes.append(ESCALATED)
    if notes:
        to = to + coordination()
    post(
        "reminded", to, chantier, kind="chantiers.join_asked", now=now, path=request_url(request), quote=request.motivation,
        notes=notes, person=str(request.person), organisation=request.organisation.name, day=day_of(request.sent_at),
        dedupe=f"reminded-{request.pk}-{2 if escalated else 1}", thread=f"demande-{request.pk}",
    )


def invitation_url(invitation: Invitation) -> str:
    return reverse("chantiers:invitation", args=[invitation.token])


def invited(invitation: Invitation, *, now: datetime) -> None:
    chantier = invitation.chantier
    post(
        "invited", [invitation.email], chantier, kind="chantiers.invitation", now=now, path=invitation_url(invitation),
        quote=invitation.message, mandatory=True, thread=f"invitation-{invitation.pk}", inviter=str(invitation.sent_by),
        organisation=invitation.organisation.name, role=Role(invitation.role).label, email=invitation.email,
        objective=chantier.objective,
    )


def invitation_reminded(invitation: Invitation, *, now: datetime) -> None:
    chantier = invitation.chantier
    post(
        "invitation_reminded", [invitation.email], chantier, kind="chantiers.invitation", now=now,
        path=invitation_url(invitation), mandatory=True, thread=f"invitation-{invitation.pk}",
        inviter=str(invitation.sent_by), organisation=invitation.organisation.name, email=invitation.email,
        day=day_of(invitation.sent_at),
    )


def invitation_answered(invitation: Invitation, *, now: datetime) -> None:
    """To the one who invited, if they still answer for the chantier (else to who does); when somebody enters, to all of them."""
    chantier = invitation.chantier
    entered = invitation.stage == InvitationStage.ACCEPTED
    officers = officers_of(chantier)
    inviter = [invitation.sent_by] if invitation.sent_by.is_coordination or invitation.sent_by in officers else []
    to = inviter + officers if entered else inviter or answerers_of(chantier)
    post(
        "invitation_accepted" if entered else "invitation_declined", to, chantier, kind="chantiers.invitation_answered",
        now=now, path=members_url(chantier), but=invitation.accepted_by, person=str(invitation.accepted_by or ""),
        organisation=invitation.organisation.name, email=invitation.email,
    )
