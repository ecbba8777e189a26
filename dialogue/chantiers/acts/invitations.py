"""Invitations by mail: they expire, serve once, and are bound to an address. One reminder, then nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.chantiers.acts.demands import still_joinable
from dialogue.chantiers.acts.members import check_grant, ensure_mandate, lock, seat
from dialogue.chantiers.letters import demands as letters
from dialogue.chantiers.models import Chantier, Invitation, Representative
from dialogue.chantiers.models.member import hash_of, invitation_nonce
from dialogue.chantiers.rules import members as rules  # noqa: F401
from dialogue.chantiers.stages import JOINABLE, InvitationStage, Role
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.people.models import Organisation, Person
from dialogue.people.stages import AccountStage, OrganisationStage

#: Validity of an invitation, in real time; then it is forgotten (docs/retention.yaml).
VALIDITY = timedelta(days=60)
REMIND_AFTER = timedelta(days=10)


def has_not_expired(invitation: Invitation, *, by: Any, now: datetime) -> str | None:
    if invitation.expires_at > timezone.now():  # a secret: real time, not the platform's
        return None
    return _("Cette invitation n’est plus valable : demandez à la personne qui l’a envoyée de vous la renvoyer.")


@act("chantiers.invite", come_from=JOINABLE, creates=True, record=["organisation", "role"])
def invite(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    organisation: Organisation,
    email: str,
    role: str = Role.PARTNER,
    message: str = "",
) -> Invitation:
    """Invites whoever holds `email` to enter the group for `organisation`."""
    check_grant(by, chantier, role)
    lock(chantier)
    email = email.strip().lower()
    _check_invitee(chantier, organisation, email)
    for old in Invitation.objects.filter(
        chantier=chantier, organisation=organisation, email__iexact=email, stage=InvitationStage.SENT
    ):
        if old.expires_at > timezone.now():
            raise Refused(_("Cette adresse est déjà invitée : vous pouvez lui renvoyer l’invitation."))
        expire_invitation(old, by=SYSTEM, now=now)
    invitation = Invitation(
        chantier=chantier, organisation=organisation, role=role, email=email, message=message.strip(), sent_by=by
    )
    _seal(invitation, now=now)
    invitation.save()
    letters.invited(invitation, now=now)
    return invitation


@act("chantiers.resend_invitation", come_from=[InvitationStage.SENT], guards=[still_joinable])
def resend_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    """The same invitation under a new secret, for sixty more days; the former address no longer opens anything."""
    check_grant(by, invitation.chantier, invitation.role)
    invitation.nonce = invitation_nonce()
    _seal(invitation, now=now)
    invitation.save(update_fields=["nonce", "token_hash", "expires_at", "sent_at"])
    letters.invited(invitation, now=now)


@act("chantiers.revoke_invitation", come_from=[InvitationStage.SENT])
def revoke_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    _answer(invitation, InvitationStage.REVOKED, now=now)


@act("chantiers.accept_invitation", come_from=[InvitationStage.SENT], guards=[has_not_expired, still_joinable])
def accept_invitation(invitation: Invitation, *, by: Any, now: datetime) -> Representative:
    """The person who holds the address enters the group.

    Whoever answers for a chantier, by inviting this address, vouched for its owner: an account still waiting is
    validated by that, and the ledger says by whom.
    """
    chantier = lock(invitation.chantier)
    if chantier.stage not in JOINABLE:
        raise Refused(_("Ce chantier n’accueille plus de nouveaux membres."))
    if by.stage == AccountStage.PENDING:
        vouch_for_account(by, by=SYSTEM, now=now, invitation=invitation, voucher=invitation.sent_by)
    if not by.is_partner:
        raise Refused(_("Votre compte n’est pas accepté : écrivez à la coordination."))
    ensure_mandate(by, invitation.organisation, now=now)
    representative = seat(
        chantier, organisation=invitation.organisation, role=invitation.role, person=by, now=now
    )
    _answer(invitation, InvitationStage.ACCEPTED, now=now, person=by)
    letters.invitation_answered(invitation, now=now)
    return representative


@act(
    "chantiers.vouch_for_account",
    come_from=[AccountStage.PENDING],
    go_to=AccountStage.VALIDATED,
    record=["invitation", "voucher"],
)
def vouch_for_account(person: Person, *, by: Any, now: datetime, invitation: Invitation, voucher: Person) -> None:
    """An account is validated because a responsible person invited its address."""
    Person.objects.filter(pk=person.pk).update(validated_at=now)
    person.validated_at = now


@act("chantiers.decline_invitation", come_from=[InvitationStage.SENT], guards=[has_not_expired])
def decline_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    """No, thank you: with or without an account, by whoever holds the mailed address of the page."""
    _answer(invitation, InvitationStage.DECLINED, now=now)
    letters.invitation_answered(invitation, now=now)


@act("chantiers.remind_invitation", come_from=[InvitationStage.SENT], guards=[has_not_expired])
def remind_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    """The one reminder, ten days after the invitation; the address in the first mail stays good."""
    invitation.refresh_from_db()
    if invitation.reminded_at is not None or now - invitation.sent_at < REMIND_AFTER:
        raise Refused(_("Aucun rappel n’est dû."))
    if hash_of(invitation.token) != invitation.token_hash:
        # The site's key changed since: the first address is dead already, a fresh one replaces it.
        invitation.nonce = invitation_nonce()
        invitation.token_hash = hash_of(invitation.token)
    invitation.reminded_at = now
    invitation.save(update_fields=["nonce", "token_hash", "reminded_at"])
    letters.invitation_reminded(invitation, now=now)


@act("chantiers.expire_invitation", come_from=[InvitationStage.SENT], go_to=InvitationStage.EXPIRED)
def expire_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    """Sixty days without an answer: the address is forgotten, the fact that somebody was invited stays."""
    _forget(invitation)


@act("chantiers.forget_invitation")
def forget_invitation(invitation: Invitation, *, by: Any, now: datetime) -> None:
    """The address of an invitation that was answered or cancelled is forgotten after the same sixty days."""
    _forget(invitation)


def _check_invitee(chantier: Chantier, organisation: Organisation, email: str) -> None:
    if organisation.stage != OrganisationStage.VALIDATED:
        raise Refused(_("Cet organisme n’est pas encore validé par la coordination."))
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        return
    if not person.can_receive_mail:
        raise Refused(_("Le compte lié à cette adresse n’est pas accepté : voyez avec la coordination."))
    if Representative.objects.active().filter(
        person=person, member__chantier=chantier, member__organisation=organisation
    ).exists():
        raise Refused(_("Cette personne fait déjà partie du groupe pour cet organisme."))


def _seal(invitation: Invitation, *, now: datetime) -> None:
    invitation.token_hash = hash_of(invitation.token)
    invitation.expires_at = timezone.now() + VALIDITY
    invitation.sent_at = now


def _answer(invitation: Invitation, stage: str, *, now: datetime, person: Person | None = None) -> None:
    """Stage, date and person together, as the constraint wants; the act holds the row."""
    invitation.stage, invitation.answered_at, invitation.accepted_by = stage, now, person
    invitation.save(update_fields=["stage", "answered_at", "accepted_by"])


def _forget(invitation: Invitation) -> None:
    invitation.email = invitation.message = ""
    Invitation.objects.filter(pk=invitation.pk).update(email="", message="")
