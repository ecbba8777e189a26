"""The instruction of a proposition by the services, from the group to the agenda of a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from dialogue.assembly import letters
from dialogue.assembly import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.assembly.acts.moves import outside, shift
from dialogue.assembly.acts.propositions import widen_circle
from dialogue.assembly.models import AssemblySession, Opinion, Proposition
from dialogue.assembly.stages import COMES_BACK, PropositionStage, Verdict
from dialogue.chantiers.acts import life
from dialogue.chantiers.models import Chantier
from dialogue.chantiers.stages import Stage
from dialogue.ledger.acts import SYSTEM, Act, Refused, act
from dialogue.ledger.clock import local_date
from dialogue.ledger.models import Entry
from dialogue.people.models import Organisation
from dialogue.people.stages import Circle, Kind, OrganisationStage

S = PropositionStage
#: Services whose opinion can be asked.
SERVICES = (Kind.DIRECTORATE, Kind.DEPARTMENT, Kind.STATE, Kind.PUBLIC_BODY)
#: How long after a session its agenda can still be written, for a secretariat that records afterwards.
AFTERWARDS = timedelta(days=62)


def _ask(proposition: Proposition, services: Iterable[Organisation], *, now: datetime, by: Any) -> list[Opinion]:
    asked = []
    for service in services:
        if service.stage != OrganisationStage.VALIDATED or service.kind not in SERVICES:
            raise Refused(_("« %(name)s » n’est pas un service dont on demande l’avis.") % {"name": service.name})
        try:
            with transaction.atomic():
                asked.append(
                    Opinion.objects.create(proposition=proposition, service=service, round=proposition.round, asked_at=now)
                )
        except IntegrityError:
            raise Refused(_("L’avis de « %(name)s » est déjà demandé.") % {"name": service.name}) from None
    for opinion in asked:
        letters.ask_opinion(opinion, now=now)
    return asked


@act("assembly.submit", come_from=[S.ADOPTED_BY_GROUP], record=("opinions_due_on",))
def submit(
    proposition: Proposition,
    *,
    by: Any,
    now: datetime,
    services: Iterable[Organisation] = (),
    opinions_due_on: date | None = None,
) -> None:
    """Sends it to the services of the Département: the coordination sees it in its queue, `services` are asked their opinion."""
    today = local_date(now)
    if opinions_due_on is not None and opinions_due_on < today:
        raise Refused(_("Le délai des avis est déjà passé : donnez une date à venir."))
    shift(proposition, S.UNDER_REVIEW, submitted_on=today, opinions_due_on=opinions_due_on)
    _ask(proposition, services, now=now, by=by)
    letters.tell_path("submitted", proposition, by=by, now=now)


@act("assembly.ask_opinion", come_from=[S.UNDER_REVIEW], record=("service", "opinions_due_on"))
def ask_opinion(
    proposition: Proposition, *, by: Any, now: datetime, service: Organisation, opinions_due_on: date | None = None
) -> Opinion:
    """One service more, during the instruction."""
    if opinions_due_on is not None:
        if opinions_due_on < local_date(now):
            raise Refused(_("Le délai des avis est déjà passé : donnez une date à venir."))
        Proposition.objects.filter(pk=proposition.pk).update(opinions_due_on=opinions_due_on)
        proposition.opinions_due_on = opinions_due_on
    return _ask(proposition, [service], now=now, by=by)[0]


@act("assembly.cancel_opinion_request", come_from=[S.UNDER_REVIEW], record=("service",))
def cancel_opinion_request(proposition: Proposition, *, by: Any, now: datetime, service: Organisation) -> None:
    """Asked by mistake, and not answered: it can be asked again. Those of the service who had the letter are told."""
    opinion = proposition.opinions.filter(service=service, round=proposition.round).select_related("service").first()
    if opinion is None:
        raise Refused(_("Cet avis n’est plus demandé."))
    if opinion.verdict:
        raise Refused(_("Le service a déjà donné son avis : il reste au dossier."))
    letters.cancel_request(opinion, by=by, now=now)
    Opinion.objects.filter(pk=opinion.pk).delete()


@act("assembly.give_opinion", record=("verdict", "cost"))
def give_opinion(opinion: Opinion, *, by: Any, now: datetime, verdict: Verdict, text: str = "", cost: int | None = None) -> None:
    """What the service says; it may say otherwise as long as the proposition is in instruction."""
    proposition = opinion.proposition
    rows = Proposition.objects.filter(pk=proposition.pk, stage=S.UNDER_REVIEW, round=opinion.round)
    if rows.update(number=F("number")) != 1:
        raise Refused(_("La proposition n’est plus à l’instruction."))
    if verdict != Verdict.FAVOURABLE and not text.strip():
        raise Refused(_("Dites les réserves, ou ce qui s’y oppose."))
    first = opinion.verdict == ""
    said = {"verdict": verdict, "text": text.strip(), "cost": cost, "given_by_id": by.pk, "given_at": now}
    if Opinion.objects.filter(pk=opinion.pk).update(**said) != 1:
        raise Refused(_("Cet avis n’est plus demandé."))
    opinion.refresh_from_db()
    if first:
        letters.tell_opinion(opinion, by=by, now=now)


# The agenda of a session ------------------------------------------------------------------------------------------


def chantier_has_delivered(proposition: Proposition, *, by: Any, now: datetime) -> str | None:
    if proposition.chantier.stage == Stage.DELIVERED:
        return None
    return _("Le chantier doit d’abord avoir remis ses livrables.")


def closed_agenda(session: AssemblySession, day: date) -> str:
    """Why nothing goes on the agenda of `session` on `day` any more, as a sentence; "" while something may."""
    if session.date >= day:
        return ""
    if session.date < day - AFTERWARDS:
        return _("Cette séance date de plus de %(n)d jours : on n’y inscrit plus rien.") % {"n": AFTERWARDS.days}
    if session.resolutions.exists():
        return _("Des votes de cette séance passée sont enregistrés : on n’y inscrit plus rien.")
    return ""


def _could_be_seen_at(session: AssemblySession, proposition: Proposition) -> None:
    """A session examines what its group had adopted, and after the sessions that put it off."""
    if proposition.adopted_by_group_on and session.date < proposition.adopted_by_group_on:
        raise Refused(_("Le groupe a adopté cette proposition après cette séance."))
    if proposition.resolutions.filter(session=session).exists():
        raise Refused(_("Cette séance a déjà vu la proposition : choisissez-en une autre."))
    if proposition.resolutions.filter(date__gt=session.date).exists():
        raise Refused(_("L’assemblée a examiné cette proposition à une séance plus récente."))


@act("assembly.table", come_from=[S.UNDER_REVIEW], guards=[chantier_has_delivered], record=("session", "tabled_on"))
def table(proposition: Proposition, *, by: Any, now: datetime, session: AssemblySession, tabled_on: date | None = None) -> None:
    """It is on the agenda of a session, to come or recorded afterwards; everybody reads it from now on. The first one of a chantier
    says so of the chantier."""
    day = tabled_on or local_date(now)
    if closed := closed_agenda(session, day):
        raise Refused(closed)
    _could_be_seen_at(session, proposition)
    shift(proposition, S.TABLED, session=session, circle=outside(proposition, Circle.PUBLIC))
    chantier = Chantier.objects.get(pk=proposition.chantier_id)
    if chantier.tabled_on is None:
        life.record_tabling(chantier, by=by, now=now, tabled_on=min(day, session.date))
    # Of a session that took place, the group will read the vote.
    if session.date >= local_date(now):
        letters.tell_tabled(proposition, by=by, now=now, turn=_times(table, proposition))


@act("assembly.untable", come_from=[S.TABLED], record=("session",))
def untable(proposition: Proposition, *, by: Any, now: datetime, session: AssemblySession) -> None:
    """Taken off the agenda of `session` before its vote is recorded; it is in instruction again, for the readers that it had. The
    letters that said otherwise are taken back; those who had theirs already are told."""
    if proposition.session_id != session.pk:
        raise Refused(_("La proposition est inscrite à une autre séance."))
    # No session voted on it, and nobody made it public on purpose: the agenda alone had.
    was_narrow = not proposition.resolutions.exists() and not _times(widen_circle, proposition)
    circle = Circle.PARTNERS if was_narrow else proposition.circle
    shift(proposition, S.UNDER_REVIEW, session=None, circle=circle)
    _take_back_tabling(proposition, session, now=now)
    letters.tell_untabled(proposition, session, by=by, now=now, turn=_times(table, proposition) - 1)


def _times(done: Act, proposition: Proposition) -> int:
    """How many times the register says that this was done to it."""
    return Entry.objects.about(proposition).filter(act=done.name).count()


def _take_back_tabling(proposition: Proposition, session: AssemblySession, *, now: datetime) -> None:
    """Its chantier has nothing at the assembly once no session has, or had, one of its propositions. What was typed before its
    propositions were written here stays."""
    chantier = Chantier.objects.get(pk=proposition.chantier_id)
    if chantier.tabled_on is None or chantier.stage != Stage.DELIVERED or chantier.in_pact_on or chantier.no_follow_up_on:
        return
    rows = chantier.propositions
    seen = rows.filter(Q(session__isnull=False) | Q(resolutions__isnull=False)).exists()
    afterwards = chantier.tabled_on == session.date
    if not seen and (afterwards or rows.filter(created_at__date__lte=chantier.tabled_on).exists()):
        life.cancel_tabling(chantier, by=SYSTEM, now=now)


@act("assembly.return_to_instruction", come_from=COMES_BACK)
def return_to_instruction(proposition: Proposition, *, by: Any, now: datetime, opinions_due_on: date | None = None) -> None:
    """Adjourned or referred back: the services look at it again, in a new round of opinions."""
    fields = {"session": None, "round": proposition.round + 1, "submitted_on": local_date(now)}
    shift(proposition, S.UNDER_REVIEW, opinions_due_on=opinions_due_on, **fields)
