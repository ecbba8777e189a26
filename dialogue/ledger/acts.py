"""`act`: the only way to write, and the only magic in the house.

    @act("chantiers.adopt_roadmap", come_from=[Stage.LAUNCHED], go_to=Stage.WORKING, guards=[first_meeting_was_held])
    def adopt_roadmap(chantier, *, by, now, meeting_number): ...

Calling it does, in one transaction: check the permission of the same name (`rules`), check the guards, move the stage
with a conditional UPDATE (so that of two people only one succeeds, on SQLite and PostgreSQL alike), run the body and
append a ledger entry. Letters queued by the body are rows of the same transaction.

- The first argument is the thing acted upon (or None when there is none yet); `by` is the person, or `SYSTEM` for a
  periodic task (the rule must accept it: predicate `is_system`); `now` is domain time.
- `creates=True`: the entry is about the instance that the body returns, not about the argument.
- `come_from` without `go_to`: the stage must be one of these and stays; the row is locked while the body runs.
- With `come_from`, `thing` is brought up to date once its row is held: guards and body judge what stands in the database,
  not what the caller read some time before. A change that was not saved is lost; the stage must be the one the caller saw.
- `guards`: functions `(thing, *, by, now) -> str | None`, a French sentence that says what is missing. Other rooms may
  append their own (`complete.guards.append(...)`) from above, so that a lower room never imports them.
- `record`: names of keyword arguments whose value goes into the entry: numbers, dates, choices and instances only.
  Free text never leaks into the ledger: a plain string raises TypeError.

Raises `NotAllowed` (permission), `Refused` (guards, stage: `reasons` are sentences to show).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import Enum
from functools import update_wrapper
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from rules.permissions import has_perm

from dialogue.ledger.models import Entry

Guard = Callable[..., str | None]
REGISTRY: dict[str, Act] = {}


class System:
    """The platform itself, acting through a periodic task."""

    pk = None
    is_system = True
    is_authenticated = False
    is_partner = False
    is_coordination = False
    office = ""

    def __str__(self) -> str:
        return "SYSTEM"


SYSTEM = System()


class NotAllowed(PermissionDenied):
    """This person may not do this act on this thing."""


class Refused(Exception):
    """The act cannot be done now; `reasons` are sentences to show to the person."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(map(str, reasons)))


class Act:
    """One act: callable, and able to say beforehand who may and what is missing."""

    def __init__(
        self,
        name: str,
        body: Callable[..., Any],
        come_from: Iterable[str] | None,
        go_to: str | None,
        guards: Iterable[Guard],
        stage_field: str,
        creates: bool,
        record: Iterable[str],
    ) -> None:
        self.name, self.body, self.stage_field, self.creates = name, body, stage_field, creates
        self.come_from = None if come_from is None else [str(stage) for stage in come_from]
        self.go_to = None if go_to is None else str(go_to)
        self.guards, self.record = list(guards), tuple(record)
        update_wrapper(self, body)

    def allows(self, by: Any, thing: Any = None) -> bool:
        """Whether `by` holds the permission of this act on `thing` (whatever its stage)."""
        return bool(has_perm(self.name, by, thing))

    def obstacles(self, thing: Any, *, by: Any, now: datetime) -> list[str]:
        """What is missing for this act, as sentences; empty when it can be done."""
        found = []
        if self.come_from is not None and getattr(thing, self.stage_field) not in self.come_from:
            found.append(_("Ce n’est plus possible à ce stade."))
        found += [str(reason) for guard in self.guards if (reason := guard(thing, by=by, now=now))]
        return found

    def offered(self, by: Any, thing: Any) -> bool:
        """Whether a page should show this act: permitted, and from this stage (guards may still hold it back)."""
        in_stage = self.come_from is None or getattr(thing, self.stage_field) in self.come_from
        return in_stage and self.allows(by, thing)

    def __call__(self, thing: Any = None, *, by: Any, now: datetime, **facts: Any) -> Any:
        if not self.allows(by, thing):
            raise NotAllowed(self.name)
        noted = {key: _fact(self.name, key, facts[key]) for key in self.record if key in facts}
        before = getattr(thing, self.stage_field, "") if isinstance(thing, Model) else ""
        try:
            with transaction.atomic():
                self._move(thing, by=by, now=now)
                result = self.body(thing, by=by, now=now, **facts)
                subject = result if self.creates else thing
                self._write(subject, before="" if self.creates else before, by=by, now=now, facts=noted)
        except BaseException:
            if self.go_to is not None and isinstance(thing, Model):
                setattr(thing, self.stage_field, before)
            raise
        return result

    def _move(self, thing: Any, *, by: Any, now: datetime) -> None:
        if self.come_from is not None:
            seen = getattr(thing, self.stage_field)
            manager = thing.__class__._base_manager  # not type(): `request.user` is a lazy proxy
            rows = manager.filter(pk=thing.pk, **{self.stage_field: seen})
            stage = self.go_to if self.go_to is not None else seen
            if seen not in self.come_from or rows.update(**{self.stage_field: stage}) != 1:
                raise Refused(_("Ce n’est plus possible : quelqu’un l’a déjà fait, ou l’état a changé entre-temps."))
            _bring_up_to_date(thing, manager, but=self.stage_field)
        missing = [str(reason) for guard in self.guards if (reason := guard(thing, by=by, now=now))]
        if missing:
            raise Refused(*missing)
        if self.go_to is not None and self.come_from is not None:
            setattr(thing, self.stage_field, self.go_to)

    def _write(self, subject: Any, *, before: str, by: Any, now: datetime, facts: dict[str, Any]) -> None:
        is_row = isinstance(subject, Model)
        after = getattr(subject, self.stage_field, "") if is_row else ""
        moved = before != after
        Entry.objects.create(
            act=self.name,
            by_id=by.pk if getattr(by, "is_authenticated", False) else None,
            actor=_actor(by),
            at=now,
            thing_type=subject._meta.label_lower if is_row else "",
            thing_id=subject.pk if is_row else None,
            space=getattr(subject, "ledger_space", "") if is_row else "",
            stage_from=before if moved else "",
            stage_to=after if moved else "",
            facts=facts,
        )


def act(
    name: str,
    *,
    come_from: Iterable[str] | None = None,
    go_to: str | None = None,
    guards: Iterable[Guard] = (),
    stage_field: str = "stage",
    creates: bool = False,
    record: Iterable[str] = (),
) -> Callable[[Callable[..., Any]], Act]:
    """Declare an act (see the module's docstring). Raises ValueError when the name is taken."""

    def declare(body: Callable[..., Any]) -> Act:
        if name in REGISTRY:
            raise ValueError(f"two acts are named {name}")
        REGISTRY[name] = Act(name, body, come_from, go_to, guards, stage_field, creates, record)
        return REGISTRY[name]

    return declare


def _bring_up_to_date(thing: Any, manager: Any, *, but: str) -> None:
    """What the row, now held, says in every column; related rows that are still the same stay as loaded."""
    known = {field.attname for field in thing._meta.concrete_fields} - thing.get_deferred_fields() - {but}
    for name, value in manager.filter(pk=thing.pk).values(*known).get().items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)


def _actor(by: Any) -> str:
    if getattr(by, "is_system", False):
        return Entry.Actor.SYSTEM
    return Entry.Actor.PERSON if getattr(by, "is_authenticated", False) else Entry.Actor.VISITOR


def _fact(act_name: str, key: str, value: Any) -> Any:
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int)):
        return value
    raise TypeError(f"{act_name}: {key} is free text and may not enter the ledger")
