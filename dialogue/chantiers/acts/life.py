"""The life of a chantier: from proposal to archives (product.md, "Chantiers")."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dialogue.chantiers.acts import guards as g
from dialogue.chantiers.letters import life as letters
from dialogue.chantiers.models import Chantier, Roadmap
from dialogue.chantiers.rules import life as _rules  # noqa: F401  (declares the permissions)
from dialogue.chantiers.stages import ACTIVE, Reason, RoadmapStage, Stage
from dialogue.chantiers.tasks_choosing import news
from dialogue.ledger.acts import Refused, act
from dialogue.ledger.clock import local_date
from dialogue.people.stages import Circle


def _shift(chantier: Chantier, to: str, **fields: Any) -> None:
    """Moves the stage together with the fields that the database's constraints tie to it, in one UPDATE.

    The act has locked the row (`come_from` without `go_to`). Raises Refused when the stage changed meanwhile.
    """
    if Chantier.objects.filter(pk=chantier.pk, stage=chantier.stage).update(stage=to, **fields) != 1:
        raise Refused(_("L’état du chantier a changé entre-temps."))
    for name, value in {"stage": to, **fields}.items():
        setattr(chantier, name, value)


def _write(chantier: Chantier, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(chantier, name, value)
    chantier.save(update_fields=[*fields, "updated_at"])


def _day(day: date, chantier: Chantier, now: datetime) -> None:
    if problem := g.day_is_possible(day, now=now, chantier=chantier):
        raise Refused(problem)


def _index(chantier: Chantier) -> None:
    _write(chantier, search_text=chantier.index_text())


# Proposal and opening ---------------------------------------------------------------------------------------------


@act("chantiers.propose", creates=True, record=("theme", "reason", "evidence_count", "council", "circle"))
def propose(
    thing: None,
    *,
    by: Any,
    now: datetime,
    title: str,
    theme: Any,
    territories: list[Any],
    reason: Reason,
    reason_text: str,
    objective: str,
    deliverable: str,
    deliverable_due_on: date | None = None,
    evidence_count: int | None = None,
    council: Any = None,
    circle: Circle = Circle.PUBLIC,
    number: int | None = None,
) -> Chantier:
    """A chantier with the next number (or `number`, when loading a frame), seen by the coordination alone until opened.

    Raises Refused when a living chantier of the same theme and territory bears the same title (a form sent twice).
    """
    twins = Chantier.objects.filter(title__iexact=title.strip(), theme=theme, territories__in=territories)
    if twins.exclude(stage=Stage.ABANDONED).exists():
        raise Refused(_("Un chantier de ce thème et de ce territoire porte déjà ce titre."))
    fields = {
        "title": title.strip(),
        "theme": theme,
        "reason": reason,
        "reason_text": reason_text,
        "objective": objective,
        "deliverable": deliverable,
        "deliverable_due_on": deliverable_due_on,
        "evidence_count": evidence_count,
        "council": council,
        "circle": circle,
    }
    return _numbered(fields, theme, territories, number)


def _numbered(fields: dict[str, Any], theme: Any, territories: list[Any], number: int | None) -> Chantier:
    """Two people may propose at once: the second takes the number after."""
    base = slugify(f"{theme.code}-{territories[0].code}" if territories else theme.code)[:72].strip("-")
    for _attempt in range(5):
        n = number or (Chantier.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        slug = base if not Chantier.objects.filter(slug=base).exists() else f"{base}-{n}"
        try:
            with transaction.atomic():
                chantier = Chantier.objects.create(number=n, slug=slug, **fields)
        except IntegrityError:
            if number:
                raise Refused(_("Le numéro %(n)d est déjà pris.") % {"n": number}) from None
            continue
        chantier.territories.set(territories)
        _index(chantier)
        return chantier
    raise Refused(_("Plusieurs chantiers se créent en même temps : recommencez dans un instant."))


@act(
    "chantiers.open",
    come_from=[Stage.PROPOSED],
    guards=[g.has_theme_and_territory, g.has_reason, g.has_objective, g.has_deliverable],
    record=("opened_on",),
)
def open_chantier(chantier: Chantier, *, by: Any, now: datetime, opened_on: date | None = None) -> None:
    """Opens the group to its members and, by its circle, to its readers."""
    day = opened_on or local_date(now)
    if day > local_date(now):
        raise Refused(_("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui."))
    _shift(chantier, Stage.OPEN, opened_on=day)
    letters.tell_group("opened", chantier, by=by, now=now)
    news("opened", chantier, now)


@act("chantiers.note_first_meeting", come_from=[Stage.OPEN, Stage.LAUNCHED], record=("starts_at",))
def note_first_meeting(chantier: Chantier, *, by: Any, now: datetime, starts_at: datetime | None) -> None:
    """The meetings room tells when the first meeting is; None when it was cancelled."""
    _write(chantier, first_meeting_at=starts_at)


@act(
    "chantiers.launch",
    come_from=[Stage.OPEN],
    go_to=Stage.LAUNCHED,
    guards=[g.has_sponsor, g.has_lead, g.has_first_meeting],
)
def launch(chantier: Chantier, *, by: Any, now: datetime) -> None:
    letters.tell_group("launched", chantier, by=by, now=now, followers=True)


@act("chantiers.reopen_launch", come_from=[Stage.LAUNCHED], go_to=Stage.OPEN, guards=[g.no_roadmap_adopted])
def reopen_launch(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Back to the making of the group, while no roadmap was adopted."""


# Work, delivery, completion ---------------------------------------------------------------------------------------


@act(
    "chantiers.deliver",
    come_from=[Stage.WORKING],
    go_to=Stage.DELIVERED,
    guards=[g.has_adopted_roadmap, g.deliverables_are_settled],
)
def deliver(chantier: Chantier, *, by: Any, now: datetime) -> None:
    letters.tell_group("delivered", chantier, by=by, now=now, followers=True)
    news("delivered", chantier, now)


@act("chantiers.reopen_work", come_from=[Stage.DELIVERED], go_to=Stage.WORKING, guards=[g.was_not_tabled])
def reopen_work(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Back to work, while nothing was sent to the assembly."""


@act("chantiers.record_tabling", come_from=[Stage.DELIVERED], guards=[g.was_not_tabled], record=("tabled_on",))
def record_tabling(chantier: Chantier, *, by: Any, now: datetime, tabled_on: date) -> None:
    """The propositions of the group went to the assembly; the platform records, it never votes."""
    _day(tabled_on, chantier, now)
    _write(chantier, tabled_on=tabled_on)


@act("chantiers.cancel_tabling", come_from=[Stage.DELIVERED])
def cancel_tabling(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """The one proposition that a session had on its agenda was taken off: nothing of the group is at the assembly any more."""
    if chantier.in_pact_on or chantier.no_follow_up_on:
        raise Refused(_("L’issue des propositions est déjà enregistrée."))
    _write(chantier, tabled_on=None)


def _outcome(chantier: Chantier, day: date, now: datetime, field: str) -> None:
    _day(day, chantier, now)
    if chantier.tabled_on is None:
        raise Refused(_("Enregistrez d’abord la transmission des propositions à l’assemblée."))
    if chantier.in_pact_on or chantier.no_follow_up_on:
        raise Refused(_("L’issue des propositions est déjà enregistrée."))
    if day < chantier.tabled_on:
        raise Refused(_("L’issue ne peut pas précéder la transmission à l’assemblée."))
    _write(chantier, **{field: day})


@act("chantiers.record_pact_entry", come_from=[Stage.DELIVERED, Stage.COMPLETED], record=("in_pact_on",))
def record_pact_entry(chantier: Chantier, *, by: Any, now: datetime, in_pact_on: date, told: bool = True) -> None:
    """At least one proposition was adopted and entered the territorial pact. `told`: False when the caller tells the authors."""
    _outcome(chantier, in_pact_on, now, "in_pact_on")
    if told:
        news("in_pact", chantier, now)


@act("chantiers.record_no_follow_up", come_from=[Stage.DELIVERED], record=("no_follow_up_on",))
def record_no_follow_up(chantier: Chantier, *, by: Any, now: datetime, no_follow_up_on: date, told: bool = True) -> None:
    """Every proposition was rejected or withdrawn: nothing enters the pact. `told`: False when the caller tells the authors."""
    _outcome(chantier, no_follow_up_on, now, "no_follow_up_on")
    if told:
        news("no_follow_up", chantier, now)


@act("chantiers.cancel_no_follow_up", come_from=[Stage.DELIVERED, Stage.COMPLETED])
def cancel_no_follow_up(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """A vote was recorded wrongly: a proposition goes on after all."""
    _write(chantier, no_follow_up_on=None)


@act("chantiers.complete", come_from=[Stage.DELIVERED], go_to=Stage.COMPLETED, guards=[g.requests_are_answered])
def complete(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """The work is done. The assembly room adds its guard: every proposition has an outcome."""
    letters.tell_group("completed", chantier, by=by, now=now)
    news("completed", chantier, now)


@act("chantiers.reopen_delivery", come_from=[Stage.COMPLETED], go_to=Stage.DELIVERED, guards=[g.nothing_is_rated])
def reopen_delivery(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Back before completion, while the evaluation has not begun."""


@act("chantiers.evaluate", come_from=[Stage.COMPLETED], go_to=Stage.EVALUATED, guards=[g.baseline_is_rated])
def evaluate(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """The evaluation is whole: each objective and deliverable of version 1 was rated."""


@act("chantiers.reopen_evaluation", come_from=[Stage.EVALUATED], go_to=Stage.COMPLETED)
def reopen_evaluation(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """To correct a rating before the archives."""


@act("chantiers.archive", come_from=[Stage.EVALUATED], go_to=Stage.ARCHIVED)
def archive(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Nothing changes any more."""


# Pause and end ----------------------------------------------------------------------------------------------------


def _motive(text: str) -> str:
    if not text.strip():
        raise Refused(_("Écrivez le motif : il sera lu par tous ceux qui lisent le chantier."))
    return text.strip()


@act("chantiers.suspend", come_from=ACTIVE)
def suspend(chantier: Chantier, *, by: Any, now: datetime, motive: str) -> None:
    """A pause, with its motive in writing."""
    _shift(chantier, Stage.SUSPENDED, suspended_from=chantier.stage, motive=_motive(motive))
    letters.tell_group("suspended", chantier, by=by, now=now, followers=True)


@act("chantiers.resume", come_from=[Stage.SUSPENDED])
def resume(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Back to the stage in which the pause began."""
    _shift(chantier, chantier.suspended_from, suspended_from="", motive="")
    letters.tell_group("resumed", chantier, by=by, now=now, followers=True)


@act("chantiers.abandon", come_from=[Stage.PROPOSED, *ACTIVE, Stage.SUSPENDED])
def abandon(chantier: Chantier, *, by: Any, now: datetime, motive: str) -> None:
    _shift(chantier, Stage.ABANDONED, suspended_from="", motive=_motive(motive))
    letters.tell_group("abandoned", chantier, by=by, now=now, followers=True)
    news("abandoned", chantier, now)


# Description and circle -------------------------------------------------------------------------------------------

#: What the roadmap freezes once adopted.
PROMISES = ("objective", "deliverable", "deliverable_due_on")


@act("chantiers.change_description", come_from=[Stage.PROPOSED, *ACTIVE, Stage.SUSPENDED])
def change_description(chantier: Chantier, *, by: Any, now: datetime, **fields: Any) -> None:
    """New title, reason, objective, deliverable… The promises no longer change once a roadmap is adopted."""
    known = {"title", "theme", "reason", "reason_text", "evidence_count", "council", *PROMISES}
    changed = {name: value for name, value in fields.items() if name in known and getattr(chantier, name) != value}
    if any(name in PROMISES for name in changed) and g.no_roadmap_adopted(chantier, by=by, now=now):
        raise Refused(_("L’objectif et le livrable ne changent plus : la feuille de route est arrêtée."))
    if changed:
        _write(chantier, **changed)
    if "territories" in fields:
        if not fields["territories"]:
            raise Refused(_("Choisissez un thème et au moins un territoire."))
        chantier.territories.set(fields["territories"])
    _index(chantier)


_LIVING = [stage for stage in Stage if stage not in {Stage.PROPOSED, Stage.ABANDONED}]


@act("chantiers.widen_circle", come_from=_LIVING)
def widen_circle(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Everyone will read the page of the chantier."""
    _move_circle(chantier, Circle.PUBLIC)


@act("chantiers.narrow_circle", come_from=_LIVING)
def narrow_circle(chantier: Chantier, *, by: Any, now: datetime) -> None:
    """Only partners will read the page of the chantier."""
    _move_circle(chantier, Circle.PARTNERS)


def _move_circle(thing: Any, circle: Circle) -> None:
    """Raises Refused when it is so already: a form sent twice, or someone else did it."""
    rows = type(thing)._base_manager.filter(pk=thing.pk).exclude(circle=circle)
    if rows.update(circle=circle) != 1:
        raise Refused(_("C’est déjà le cas."))
    thing.circle = circle


_IN_FORCE = [RoadmapStage.ADOPTED, RoadmapStage.SUPERSEDED]


@act("chantiers.widen_roadmap", come_from=_IN_FORCE)
def widen_roadmap(roadmap: Roadmap, *, by: Any, now: datetime) -> None:
    """This version becomes public."""
    _move_circle(roadmap, Circle.PUBLIC)


@act("chantiers.narrow_roadmap", come_from=_IN_FORCE)
def narrow_roadmap(roadmap: Roadmap, *, by: Any, now: datetime) -> None:
    """This version goes back to the partners."""
    _move_circle(roadmap, Circle.PARTNERS)
