"""Who is in the group: organisations enter, change role and leave; people speak for them. Nothing is erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from dialogue.chantiers.letters import members as letters
from dialogue.chantiers.models import Chantier, Invitation, Member, Representative
from dialogue.chantiers.models.member import forget_groups
from dialogue.chantiers.rules import members as rules
from dialogue.chantiers.stages import ENDED, OFFICERS, InvitationStage, Role, Stage
from dialogue.ledger.acts import SYSTEM, NotAllowed, Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.acts import grant_mandate
from dialogue.people.models import Mandate, Organisation, Person
from dialogue.people.stages import OrganisationStage

#: Membership changes as long as the chantier lives.
ALIVE = [stage for stage in Stage if stage not in ENDED]


def lock(chantier: Chantier) -> Chantier:
    """The chantier as it is now, held until the end of the act: two entries in one group come one after the other."""
    return Chantier.objects.select_for_update().get(pk=chantier.pk)


def speaks_for(person: Person, organisation: Organisation, day: date) -> bool:
    """Whether the mandate stands: one that was ended today gives no new seat."""
    return Mandate.objects.open().on(day).filter(person=person, organisation=organisation).exists()


def ensure_mandate(person: Person, organisation: Organisation, *, now: datetime) -> None:
    """Whoever lets a person in for an organisation confirms that they speak for it."""
    if not speaks_for(person, organisation, local_date(now)):
        grant_mandate(by=SYSTEM, now=now, person=person, organisation=organisation)


def _check_person(person: Person, organisation: Organisation, day: date) -> None:
    if not person.is_partner:
        raise Refused(_("Le compte de cette personne n’est pas validé : la coordination doit d’abord l’accepter."))
    if not speaks_for(person, organisation, day):
        raise Refused(_("Cette personne ne représente pas l’organisme « %(name)s ».") % {"name": organisation.name})


def check_seat(chantier: Chantier, organisation: Organisation, role: str, *, leaving: Member | None = None) -> None:
    """Raises Refused when the role is taken, or the organisation holds it already."""
    active = chantier.members.active().exclude(pk=leaving.pk if leaving else None)
    if role in OFFICERS and (holder := active.filter(role=role).select_related("organisation").first()):
        sentence = (
            _("Ce chantier a déjà un élu porteur : %(name)s. Mettez d’abord fin à son rôle.")
            if role == Role.SPONSOR
            else _("Ce chantier a déjà une direction référente : %(name)s. Mettez d’abord fin à son rôle.")
        )
        raise Refused(sentence % {"name": holder.organisation.name})
    if active.filter(organisation=organisation, role=role).exists():
        raise Refused(_("« %(name)s » a déjà ce rôle dans le groupe.") % {"name": organisation.name})


def check_grant(by: Any, chantier: Chantier, role: str) -> None:
    """Nobody grants more than they may: sponsor and lead directorate are named by the coordination."""
    if role in OFFICERS and not rules.may_name_officer(by, chantier):
        raise NotAllowed("chantiers.name_officer")


def seat(chantier: Chantier, *, organisation: Organisation, role: str, person: Person, now: datetime) -> Representative:
    """`person` now speaks for `organisation` in the group; the organisation enters if it was not in.

    For the acts that let somebody in by their own will (request, invitation): an organisation that is already there
    keeps its role. Raises Refused when the person is in already, or the role is taken.
    """
    day = local_date(now)
    members = chantier.members.active().filter(organisation=organisation)
    member = (members.filter(role=role) if role in OFFICERS else members.exclude(role__in=OFFICERS)).first()
    if member is None:
        check_seat(chantier, organisation, role)
        member = Member.objects.create(chantier=chantier, organisation=organisation, role=role, since=day)
    if member.representatives.active().filter(person=person).exists():
        raise Refused(_("Cette personne fait déjà partie du groupe pour cet organisme."))
    forget_groups(person)
    return Representative.objects.create(member=member, person=person, since=day)


@act(
    "chantiers.add_member",
    come_from=ALIVE,
    creates=True,
    record=["organisation", "role", "person", "committed_at_council"],
)
def add_member(
    chantier: Chantier,
    *,
    by: Any,
    now: datetime,
    organisation: Organisation,
    role: str,
    person: Person | None = None,
    committed_at_council: bool = False,
) -> Member:
    """An organisation enters the group. `person`, if given, speaks for it and is told."""
    check_grant(by, chantier, role)
    lock(chantier)
    if organisation.stage != OrganisationStage.VALIDATED:
        raise Refused(_("Cet organisme n’est pas encore validé par la coordination."))
    check_seat(chantier, organisation, role)
    day = local_date(now)
    member = Member.objects.create(
        chantier=chantier, organisation=organisation, role=role, since=day, committed_at_council=committed_at_council
    )
    if person is not None:
        _check_person(person, organisation, day)
        Representative.objects.create(member=member, person=person, since=day)
        forget_groups(person)
        letters.entered(member, person, by=by, now=now)
    return member


@act("chantiers.change_role", record=["role"])
def change_role(member: Member, *, by: Any, now: datetime, role: str) -> Member:
    """The organisation goes on in another role, with the same people; the former role stays in the history."""
    check_grant(by, member.chantier, role)
    chantier = lock(member.chantier)
    if chantier.stage in ENDED:
        raise Refused(_("Ce chantier est terminé : ses membres ne changent plus."))
    check_seat(chantier, member.organisation, role, leaving=member)
    people = [each.person for each in member.representatives.active().select_related("person")]
    _close(member, on=local_date(now))
    successor = Member.objects.create(
        chantier=chantier,
        organisation=member.organisation,
        role=role,
        since=member.until,
        committed_at_council=member.committed_at_council,
    )
    for person in people:
        Representative.objects.create(member=successor, person=person, since=successor.since)
        forget_groups(person)
        letters.role_changed(successor, person, by=by, now=now)
    return successor


def officer_is_not_left(member: Member, *, by: Any, now: datetime) -> str | None:
    """A sponsor or a lead directorate does not vanish: the coordination ends the role, knowing what follows."""
    if member.role not in OFFICERS or getattr(by, "is_coordination", False):
        return None
    if member.role == Role.SPONSOR:
        return _("L’élu porteur ne quitte pas seul le chantier : la coordination nomme son successeur.")
    return _("La direction référente ne quitte pas seule le chantier : la coordination nomme celle qui prend la suite.")


@act("chantiers.end_membership", guards=[officer_is_not_left])
def end_membership(member: Member, *, by: Any, now: datetime, motive: str = "") -> None:
    """The organisation leaves: by itself, or by whoever answers for the chantier, who says why.

    What it did stays; its people read the group no more and receive nothing more; invitations still open for it die.
    """
    left_by_itself = bool(rules.speaks_for_it(by, member))
    if not left_by_itself and not motive.strip():
        raise Refused(_("Dites pourquoi cet organisme quitte le groupe : ses représentants recevront ce motif."))
    people = [each.person for each in member.representatives.active().select_related("person")]
    _close(member, on=local_date(now), motive=motive.strip())
    chantier = member.chantier
    if not chantier.members.active().filter(organisation=member.organisation).exists():
        Invitation.objects.filter(
            chantier=chantier, organisation=member.organisation, stage=InvitationStage.SENT
        ).update(stage=InvitationStage.REVOKED, answered_at=now)
    for person in people:
        forget_groups(person)
        letters.left_confirmed(member, person, by=by, now=now)
    forget_groups(by)
    letters.left(member, by=by, now=now)


@act("chantiers.add_representative", creates=True, record=["person"])
def add_representative(member: Member, *, by: Any, now: datetime, person: Person) -> Representative:
    """One more person speaks for the organisation in the group."""
    lock(member.chantier)
    _check_active(member)
    day = local_date(now)
    _check_person(person, member.organisation, day)
    if member.representatives.active().filter(person=person).exists():
        raise Refused(_("Cette personne représente déjà l’organisme dans ce groupe."))
    forget_groups(person)
    representative = Representative.objects.create(member=member, person=person, since=max(day, member.since))
    letters.entered(member, person, by=by, now=now)
    return representative


@act("chantiers.replace_representative", record=["old", "new"])
def replace_representative(member: Member, *, by: Any, now: datetime, old: Person, new: Person) -> Representative:
    """`new` speaks for the organisation instead of `old`, from today; what `old` did stays theirs."""
    lock(member.chantier)
    _check_active(member)
    day = local_date(now)
    _check_person(new, member.organisation, day)
    if member.representatives.active().filter(person=new).exists():
        raise Refused(_("Cette personne représente déjà l’organisme dans ce groupe."))
    if _stop(member.representatives.active().filter(person=old), on=day) != 1:
        raise Refused(_("La personne à remplacer ne représente plus l’organisme dans ce groupe."))
    forget_groups(old)
    forget_groups(new)
    representative = Representative.objects.create(member=member, person=new, since=max(day, member.since))
    letters.replaced(member, old=old, new=new, by=by, now=now)
    return representative


@act("chantiers.end_representation")
def end_representation(representative: Representative, *, by: Any, now: datetime) -> None:
    """The person no longer speaks for the organisation here. The last one is replaced, or the organisation leaves."""
    member = representative.member
    lock(member.chantier)
    others = member.representatives.active().exclude(pk=representative.pk)
    if not others.exists():
        raise Refused(
            _("C’est la dernière personne à représenter cet organisme : remplacez-la, ou faites quitter l’organisme.")
        )
    if _stop(Representative.objects.active().filter(pk=representative.pk), on=local_date(now)) != 1:
        raise Refused(_("Cette personne ne représente déjà plus l’organisme."))
    representative.refresh_from_db()
    forget_groups(representative.person)
    letters.representation_ended(representative, by=by, now=now)


@act("chantiers.drop_representation")
def drop_representation(representative: Representative, *, by: Any, now: datetime, told: bool = False) -> None:
    """The person closes their account, or speaks for the organisation no more (`told`: they receive the news of it).

    They leave the group, and if nobody speaks there for the organisation any more, it is said.
    """
    member = representative.member
    _stop(Representative.objects.active().filter(pk=representative.pk), on=local_date(now))
    representative.refresh_from_db()
    forget_groups(representative.person)
    if told:
        letters.representation_ended(representative, by=by, now=now)
    if member.until is None and not member.representatives.active().exists():
        letters.without_voice(member, now=now)


@act("chantiers.move_membership", record=["organisation"])
def move_membership(member: Member, *, by: Any, now: datetime, organisation: Organisation) -> None:
    """Two organisations were one: the membership goes to the one that stays, with its people and its dates."""
    twin = member.chantier.members.active().filter(organisation=organisation, role=member.role).exclude(pk=member.pk).first()
    if member.until is None and twin is not None:
        day = local_date(now)
        seated = set(twin.representatives.active().values_list("person_id", flat=True))
        for each in member.representatives.active().exclude(person_id__in=seated):
            Representative.objects.create(member=twin, person=each.person, since=max(day, twin.since))
        _close(member, on=day)
    Member.objects.filter(pk=member.pk).update(organisation=organisation)
    member.organisation = organisation


def _check_active(member: Member) -> None:
    if not Member.objects.active().filter(pk=member.pk).exists():
        raise Refused(_("Cet organisme ne fait plus partie du groupe."))


def _stop(rows: Any, *, on: date) -> int:
    return int(rows.update(until=Greatest(F("since"), Value(on))))


def _close(member: Member, *, on: date, motive: str = "") -> None:
    """Ends the membership and its representations; raises Refused when somebody did it first."""
    on = max(on, member.since)
    if Member.objects.active().filter(pk=member.pk).update(until=on, end_motive=motive) != 1:
        raise Refused(_("Cet organisme ne fait déjà plus partie du groupe dans ce rôle."))
    Representative.objects.filter(member=member, until=None).update(until=Greatest(F("since"), Value(on)))
    member.until, member.end_motive = on, motive


