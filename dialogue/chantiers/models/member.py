"""Members: an organisation is the member, people represent it, from a day, until another."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dialogue.chantiers.stages import InvitationStage, RequestStage, Role

#: Where the reader's seats are kept for the length of a request; acts on membership forget them.
SEATS = "_chantier_seats"


def groups_of(reader: Any) -> frozenset[int]:
    """Ids of the chantiers of which `reader` is an active representative (one query, kept on the instance)."""
    if not getattr(reader, "is_authenticated", False) or not getattr(reader, "is_partner", False):
        # A Glance carries its groups; anonymous people and accounts not yet validated have none.
        return getattr(reader, "groups", None) if isinstance(getattr(reader, "groups", None), frozenset) else frozenset()
    return frozenset(_seats(reader))


def roles_of(reader: Any, chantier: Any) -> frozenset[str]:
    """Roles that `reader` holds in `chantier` now, through the organisations they represent."""
    if not getattr(reader, "is_partner", False) or not getattr(reader, "pk", None) or chantier is None:
        return frozenset()
    return _seats(reader).get(chantier.pk, frozenset())


def _seats(reader: Any) -> dict[int, frozenset[str]]:
    """Chantier → roles of the reader: asked once, since most pages need both the groups and the roles."""
    if not hasattr(reader, SEATS):
        rows = Representative.objects.active().filter(person_id=reader.pk)
        seats: dict[int, frozenset[str]] = {}
        for chantier, role in rows.order_by().values_list("member__chantier_id", "member__role"):
            seats[chantier] = seats.get(chantier, frozenset()) | {role}
        setattr(reader, SEATS, seats)
    return getattr(reader, SEATS)


def forget_groups(person: Any) -> None:
    """To call after a change of membership within the same request."""
    if hasattr(person, SEATS):  # not `__dict__`: `request.user` is a lazy proxy, with one of its own
        delattr(person, SEATS)


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, reader: Any) -> MemberQuerySet:
        """The list of member organisations is read by whoever reads the chantier."""
        from dialogue.chantiers.models.chantier import Chantier

        return self.filter(chantier__in=Chantier.objects.visible_to(reader))

    def active(self) -> MemberQuerySet:
        return self.filter(until=None)


class Member(models.Model):
    """An organisation in a chantier, in one role. Leaving closes the row, never erases it."""

    chantier = models.ForeignKey("chantiers.Chantier", on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=8, choices=Role, default=Role.PARTNER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    committed_at_council = models.BooleanField(_("engagement pris en conseil de territoire"), default=False)
    end_motive = models.TextField(_("motif du départ"), max_length=2000, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["chantier", "role", "organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["chantier", "organisation", "role"], condition=Q(until=None), name="chantiers_member_once"
            ),
            models.UniqueConstraint(
                fields=["chantier"], condition=Q(until=None, role="sponsor"), name="chantiers_one_sponsor"
            ),
            models.UniqueConstraint(fields=["chantier"], condition=Q(until=None, role="lead"), name="chantiers_one_lead"),
            models.CheckConstraint(name="chantiers_member_dates", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def visible_to(self, reader: Any) -> RepresentativeQuerySet:
        """Names and addresses of people: their group and the coordination; the elected sponsor's name apart, they never
        go to the public. The directory adds those who consented (`in_directory_for`)."""
        if getattr(reader, "is_coordination", False):
            return self
        return self.filter(member__chantier__in=groups_of(reader))

    def in_directory_for(self, reader: Any) -> RepresentativeQuerySet:
        """The directory of contacts of all groups: partners read those who consented."""
        from dialogue.chantiers.models.chantier import Chantier

        if not getattr(reader, "is_partner", False):
            return self.none()
        rows = self.active().filter(person__is_active=True, member__chantier__in=Chantier.objects.visible_to(reader))
        if getattr(reader, "is_coordination", False):
            return rows
        return rows.filter(Q(person__share_contact=True) | Q(member__chantier__in=groups_of(reader)))

    def active(self) -> RepresentativeQuerySet:
        return self.filter(until=None, member__until=None)


class Representative(models.Model):
    """A person speaks for a member organisation in one chantier."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="representatives")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="representations")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        ordering = ["member", "since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "person"], condition=Q(until=None), name="chantiers_speaks_once"),
            models.CheckConstraint(name="chantiers_speaks_dates", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.member}"

    @property
    def ledger_space(self) -> str:
        return self.member.chantier.ledger_space


class DemandQuerySet(models.QuerySet[Any]):
    """Join requests and invitations: those who answer for the chantier, and the person concerned."""

    person_field = "person"

    def visible_to(self, reader: Any) -> DemandQuerySet:
        if getattr(reader, "is_coordination", False):
            return self
        if not getattr(reader, "pk", None):
            return self.none()
        answerable = Representative.objects.active().filter(
            person_id=reader.pk, member__role__in=[Role.LEAD, Role.SPONSOR]
        )
        return self.filter(
            Q(**{self.person_field: reader.pk}) | Q(chantier__in=answerable.values("member__chantier_id"))
        )


class JoinRequestQuerySet(DemandQuerySet):
    def waiting(self) -> JoinRequestQuerySet:
        return self.filter(stage=RequestStage.WAITING)


class JoinRequest(models.Model):
    """A demand to join a group, at any time; it always gets an answer."""

    chantier = models.ForeignKey("chantiers.Chantier", on_delete=models.PROTECT, related_name="join_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="join_requests")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="join_requests")
    motivation = models.TextField(_("en quoi ce sujet vous concerne"), max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=RequestStage, default=RequestStage.WAITING)
    motive = models.TextField(_("motif du refus"), max_length=2000, blank=True)
    sent_at = models.DateTimeField()
    # Reminded after seven days, to those who answer; escalated after fourteen, to the coordination: each once.
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["chantier", "person"], condition=Q(stage="waiting"), name="chantiers_one_waiting_request"
            ),
            models.CheckConstraint(
                name="chantiers_answer_is_whole",
                condition=Q(stage="waiting", answered_at=None) | (~Q(stage="waiting") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="chantiers_refusal_has_motive", condition=~Q(stage="refused") | ~Q(motive="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.chantier}"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space


def invitation_nonce() -> str:
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    """What is kept of the secret of an invitation, and looked up (hexadecimal SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(DemandQuerySet):
    person_field = "accepted_by"

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can still be answered; `now` is real time."""
        return self.filter(stage=InvitationStage.SENT, expires_at__gt=now)

    def opened_by(self, token: str) -> InvitationQuerySet:
        """The invitation of which the address holds `token`: whoever holds it was given it."""
        return self.filter(token_hash=hash_of(token))


class Invitation(models.Model):
    """An invitation by mail: expires, serves once, bound to the address. Only the hash of its secret is kept."""

    chantier = models.ForeignKey("chantiers.Chantier", on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("rôle"), max_length=8, choices=Role, default=Role.PARTNER)
    # Emptied when the invitation is forgotten (60 days).
    email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=InvitationStage, default=InvitationStage.SENT)
    # The secret is an HMAC of the nonce under the site's key: it can be written again in the reminder, and a copy of
    # the database alone opens nothing.
    nonce = models.CharField(max_length=40, default=invitation_nonce, editable=False)
    # Expiry is security time (real); the other dates are domain time.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations_accepted"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "chantier", "organisation", Lower("email"), condition=Q(stage="sent"), name="chantiers_invited_once"
            ),
            models.CheckConstraint(
                name="chantiers_accepted_has_person",
                condition=Q(stage="accepted", accepted_by__isnull=False, answered_at__isnull=False)
                | (~Q(stage="accepted") & Q(accepted_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_stage_display()})"

    @property
    def ledger_space(self) -> str:
        return self.chantier.ledger_space

    @property
    def token(self) -> str:
        """The secret part of the address that is mailed."""
        return salted_hmac("chantiers.invitation", self.nonce, algorithm="sha256").hexdigest()

