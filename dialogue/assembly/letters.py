"""What is mailed of propositions: their path and every outcome to the group, requests to services, news to contributors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.assembly.models import AssemblySession, Opinion, Proposition, Resolution
from dialogue.chantiers.letters.contributions import Said
from dialogue.chantiers.letters.life import followers_of, group_of
from dialogue.chantiers.models import Representative
from dialogue.chantiers.stages import Role
from dialogue.chantiers.tasks_choosing import news
from dialogue.ledger.clock import local_date
from dialogue.mailer import kinds, outbox
from dialogue.people.models import Mandate, Person

kinds.register(
    "assembly.path", label=_("Étapes des propositions de mon groupe (adoption, instruction, séance)"), default="digest"
)
kinds.register("assembly.outcome", label=_("Ce que l’assemblée décide des propositions de mon groupe"), default="immediate")
kinds.register("assembly.opinion_request", label=_("Avis demandé à mon service sur une proposition"), default="immediate")
kinds.register("assembly.opinion", label=_("Avis d’un service sur une proposition de mon groupe"), default="digest")

PATH: dict[str, str | Promise] = {
    "adopted_by_group": _("Proposition adoptée par le groupe : {title}"),
    "submitted": _("Proposition à l’instruction : {title}"),
    "tabled": _("Proposition inscrite à une séance de l’assemblée : {title}"),
    "untabled": _("Proposition retirée de l’ordre du jour de l’assemblée : {title}"),
}
OUTCOMES: dict[str, str | Promise] = {
    "adopted": _("L’assemblée adopte : {title}"),
    "adopted_amended": _("L’assemblée adopte en modifiant : {title}"),
    "rejected": _("L’assemblée rejette : {title}"),
    "adjourned": _("L’assemblée ajourne : {title}"),
    "referred_back": _("L’assemblée renvoie : {title}"),
    "withdrawn": _("Proposition retirée : {title}"),
    "in_pact": _("Inscrite au pacte : {title}"),
    "no_follow_up": _("Sans suite : {title}"),
    "corrected": _("Vote corrigé : {title}"),
}
#: News that authors of contributions hear through the chantiers room (letters.contributions.tellers).
VOTE, FATE = "assembly.vote", "assembly.fate"


def _people(proposition: Proposition, by: Any) -> list[Person]:
    """The group, but the one who did it."""
    return [person for person in group_of(proposition.chantier) if person.pk != getattr(by, "pk", None)]


def told_of(proposition: Proposition) -> int:
    """How many people of the group hear of an outcome; a page says it beforehand."""
    speakers = Representative.objects.active().filter(member__chantier=proposition.chantier_id)
    return speakers.values("person").distinct().count()


def _send(kind: str, person: Any, proposition: Proposition, subject: Any, *, now: datetime, dedupe: str, **context: Any) -> None:
    outbox.send(
        kind,
        person,
        subject=format_lazy(subject, title=proposition.title),
        template="assembly/mail/proposition",
        context={"proposition": proposition, "chantier": proposition.chantier, **context},
        now=now,
        space=proposition.ledger_space,
        thread=f"proposition-{proposition.pk}",
        dedupe=dedupe,
    )


def tell_path(event: str, proposition: Proposition, *, by: Any, now: datetime) -> None:
    """A step on the way to the assembly, to the group."""
    dedupe = f"{event}-{proposition.pk}-{proposition.round}-{proposition.revision}-{local_date(now)}"
    for person in _people(proposition, by):
        _send("assembly.path", person, proposition, PATH[event], now=now, event=event, dedupe=dedupe)


def _tabled(proposition: Proposition, turn: int) -> str:
    """One key for each time that it is on an agenda: it may leave it and come back the same day."""
    return f"tabled-{proposition.pk}-{turn}"


def tell_tabled(proposition: Proposition, *, by: Any, now: datetime, turn: int) -> None:
    """To the group: at which session. `turn`: how many times it was on an agenda before."""
    for person in _people(proposition, by):
        session = proposition.session.name_for(person)  # type: ignore[union-attr]
        _send(
            "assembly.path", person, proposition, PATH["tabled"], now=now, event="tabled", session=session,
            dedupe=_tabled(proposition, turn),
        )  # fmt: skip


def tell_untabled(proposition: Proposition, session: AssemblySession, *, by: Any, now: datetime, turn: int) -> None:
    """Takes back the letters that have not left, and tells those who read that it was on the agenda."""
    outbox.withdraw(_tabled(proposition, turn))
    told = outbox.told(_tabled(proposition, turn))
    for person in _people(proposition, by):
        if person.pk in told:
            _send(
                "assembly.path", person, proposition, PATH["untabled"], now=now, event="untabled", day=session.date,
                dedupe=f"untabled-{proposition.pk}-{turn}",
            )  # fmt: skip


def _all_told(proposition: Proposition, by: Any) -> list[Person]:
    """Who hears what the assembly decides: the group, and those who follow the chantier and may read the proposition."""
    people = {person.pk: person for person in [*followers_of(proposition.chantier), *_people(proposition, by)]}
    people.pop(getattr(by, "pk", None), None)
    return [person for person in people.values() if proposition.readable_by(person)]


def tell_vote(resolution: Resolution, *, by: Any, now: datetime, is_last: bool = False) -> None:
    """What a session decided: to the group and those who follow the chantier, and to the authors of its contributions."""
    proposition = resolution.proposition
    for person in _all_told(proposition, by):
        _send(
            "assembly.outcome", person, proposition, OUTCOMES[resolution.outcome], now=now, event=resolution.outcome,
            resolution=resolution, is_last=is_last, dedupe=f"vote-{resolution.pk}",
        )  # fmt: skip
    news(VOTE, proposition.chantier, now, about=resolution.pk)


def tell_correction(resolution: Resolution, motive: str, *, by: Any, now: datetime, turned: bool) -> None:
    """The group hears of every correction; followers and authors of contributions, when the outcome itself changed."""
    proposition = resolution.proposition
    for person in _all_told(proposition, by) if turned else _people(proposition, by):
        _send(
            "assembly.outcome", person, proposition, OUTCOMES["corrected"], now=now, event="corrected",
            resolution=resolution, motive=motive, dedupe=f"vote-{resolution.pk}-{resolution.revision}",
        )  # fmt: skip
    if turned:
        news(VOTE, proposition.chantier, now, about=resolution.pk)


def tell_fate(event: str, proposition: Proposition, *, by: Any, now: datetime, is_last: bool = False) -> None:
    """What becomes of it besides a vote: withdrawn, in the pact, without follow-up."""
    for person in _people(proposition, by):
        _send(
            "assembly.outcome", person, proposition, OUTCOMES[event], now=now, event=event, is_last=is_last,
            dedupe=f"{event}-{proposition.pk}",
        )  # fmt: skip
    news(FATE, proposition.chantier, now, about=proposition.pk)


# Instruction ------------------------------------------------------------------------------------------------------


def speakers_of(opinion: Opinion) -> list[Person]:
    """Those who speak for the service now."""
    mandates = Mandate.objects.open().filter(organisation=opinion.service)
    return list(Person.objects.active().filter(pk__in=mandates.values("person_id")))


def ask_opinion(opinion: Opinion, *, now: datetime) -> None:
    subject = _("Avis demandé : {title}")
    for person in speakers_of(opinion):
        if opinion.proposition.readable_by(person):
            _send(
                "assembly.opinion_request", person, opinion.proposition, subject, now=now, event="opinion_request",
                opinion=opinion, dedupe=_request(opinion),
            )  # fmt: skip


def _request(opinion: Opinion) -> str:
    return f"opinion-request-{opinion.pk}"


def cancel_request(opinion: Opinion, *, by: Any, now: datetime) -> None:
    """Takes back the letters that have not left, and tells those who were asked that nothing is expected of them."""
    outbox.withdraw(_request(opinion))
    told = outbox.told(_request(opinion)) - {getattr(by, "pk", None)}
    subject = _("Avis qui n’est plus demandé : {title}")
    for person in Person.objects.active().filter(pk__in=told):
        if opinion.proposition.readable_by(person):
            _send(
                "assembly.opinion_request", person, opinion.proposition, subject, now=now, event="opinion_cancelled",
                opinion=opinion, dedupe=f"opinion-cancelled-{opinion.pk}",
            )  # fmt: skip


def tell_opinion(opinion: Opinion, *, by: Any, now: datetime) -> None:
    """Those who answer for the chantier."""
    officers = Representative.objects.active().filter(
        member__chantier=opinion.proposition.chantier_id, member__role__in=[Role.LEAD, Role.SPONSOR]
    )
    subject = _("Un service donne son avis : {title}")
    for person in Person.objects.active().filter(pk__in=officers.values("person_id")).exclude(pk=getattr(by, "pk", None)):
        _send(
            "assembly.opinion", person, opinion.proposition, subject, now=now, event="opinion", opinion=opinion,
            dedupe=f"opinion-{opinion.pk}",
        )  # fmt: skip


# Authors of contributions -----------------------------------------------------------------------------------------


def said_of_vote(pk: int) -> Said | None:
    """For chantiers.letters.contributions.tellers: what the authors hear of a vote."""
    resolution = Resolution.objects.select_related("proposition__chantier", "session").filter(pk=pk).first()
    if resolution is None:
        return None
    proposition = resolution.proposition
    return Said(
        subject=format_lazy(OUTCOMES[resolution.outcome], title=proposition.title),
        template="assembly/mail/contribution",
        context={"event": resolution.outcome, "proposition": proposition, "resolution": resolution},
        dedupe=f"vote-{resolution.pk}-{resolution.outcome}" + (f"-{since}" if (since := _outcome_since(resolution)) else ""),
        readable_by=proposition.readable_by,
    )


def _outcome_since(resolution: Resolution) -> int:
    """The revision at which the outcome became what it is: one that was corrected twice may say again what it said first."""
    other = resolution.former.exclude(outcome=resolution.outcome).order_by("-revision").first()
    return other.revision + 1 if other else 0


def said_of_fate(pk: int) -> Said | None:
    """The same of a proposition withdrawn, in the pact, or without follow-up."""
    proposition = Proposition.objects.select_related("chantier").filter(pk=pk).first()
    if proposition is None or proposition.stage not in OUTCOMES:
        return None
    return Said(
        subject=format_lazy(OUTCOMES[proposition.stage], title=proposition.title),
        template="assembly/mail/contribution",
        context={"event": proposition.stage, "proposition": proposition},
        dedupe=f"proposition-{proposition.pk}-{proposition.stage}",
        readable_by=proposition.readable_by,
    )
