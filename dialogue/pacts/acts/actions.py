"""The actions of a pact: added, changed, begun, done, dropped, taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.contributions.models import Contribution
from dialogue.ledger.acts import SYSTEM, Refused, act
from dialogue.ledger.clock import local_date
from dialogue.pacts import rules as _rules  # noqa: F401  (declares the permissions)
from dialogue.pacts.acts.ties import tie
from dialogue.pacts.acts.words import cleaned, expect, needed
from dialogue.pacts.models import EditionLine, Pact, PactAction, PactEdition
from dialogue.pacts.stages import FROZEN, OPEN, OVER, ActionState, Origin
from dialogue.people.models import Organisation

#: What a form says of an action: name of the column → its longest text (0: not a text).
COLUMNS = {
    "title": 200, "text": 20_000, "theme": 0, "entered_year": 0, "lead": 0, "lead_words": 200, "cost": 0, "starts_on": 0, "due_on": 0,
    "origin": 0, "origin_words": 300, "proposition": 0,
}  # fmt: skip


def _columns(fields: dict[str, Any], known: PactAction | None = None) -> dict[str, Any]:
    """The columns to write, whole: raises Refused for what the database would."""
    unknown = set(fields) - set(COLUMNS)
    if unknown:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    found = {name: cleaned(value, COLUMNS[name]) if COLUMNS[name] else value for name, value in fields.items()}
    whole = {name: getattr(known, name) for name in COLUMNS} | found if known else found
    needed(whole.get("title", ""), COLUMNS["title"], _("Donnez un intitulé à l’action."))
    if whole.get("starts_on") and whole.get("due_on") and whole["due_on"] < whole["starts_on"]:
        raise Refused(_("L’échéance précède le début."))
    if whole["origin"] == Origin.PROPOSITION and whole.get("proposition") is None:
        raise Refused(_("Choisissez la proposition votée dont vient cette action."))
    if whole["origin"] == Origin.OTHER and not whole.get("origin_words"):
        raise Refused(_("Dites en une phrase d’où vient cette action."))
    if whole["origin"] != Origin.PROPOSITION:
        found["proposition"] = None
    return found


@act("pacts.add_action", creates=True, record=("theme", "entered_year", "origin"))
def add_action(
    pact: Pact,
    *,
    by: Any,
    now: datetime,
    contributions: Iterable[Contribution] = (),
    taken_in_by: PactEdition | None = None,
    **fields: Any,
) -> PactAction:
    """With the next number, for life. It is the coordination's until an edition that holds it is published.

    `taken_in_by`: the draft that makes it of a voted proposition by itself.
    """
    columns = _columns(fields)
    contributions = list(contributions)
    if columns["origin"] == Origin.CONTRIBUTION and not contributions:
        raise Refused(_("Indiquez au moins une contribution."))
    action = _numbered(pact, columns | {"taken_in_by": taken_in_by})
    for row in contributions:
        tie(action, row, by=by, now=now)
    return action


def _numbered(pact: Pact, columns: dict[str, Any]) -> PactAction:
    """Two people may add at once: the second takes the number after."""
    for _attempt in range(5):
        number = (PactAction.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                return PactAction.objects.create(pact=pact, number=number, **columns)
        except IntegrityError as problem:
            proposition = columns.get("proposition")
            if proposition is not None and PactAction.objects.filter(pact=pact, proposition=proposition).exists():
                raise Refused(_("Une action de ce pacte vient déjà de cette proposition.")) from problem
    raise Refused(_("Plusieurs actions s’ajoutent en même temps : recommencez dans un instant."))


@act("pacts.change_action", come_from=list(ActionState), stage_field="state")
def change_action(action: PactAction, *, by: Any, now: datetime, revision: int | None = None, **fields: Any) -> None:
    """What the editions already adopted say of it does not change."""
    expect(action, revision)
    columns = _columns(fields, action)
    if columns.get("origin", action.origin) == Origin.CONTRIBUTION and not action.contribution_links.exists():
        raise Refused(_("Rattachez d’abord une contribution à cette action."))
    proposition = columns.get("proposition")
    twins = PactAction.objects.filter(pact=action.pact_id, proposition=proposition).exclude(pk=action.pk)
    if proposition is not None and twins.exists():
        raise Refused(_("Une action de ce pacte vient déjà de cette proposition."))
    _write(action, **columns)


def _write(action: PactAction, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(action, name, value)
    action.revision += 1
    action.save(update_fields=[*columns, "revision"])


# Where it stands ----------------------------------------------------------------------------------------------------


@act("pacts.start_action", come_from=[ActionState.PLANNED], stage_field="state")
def start_action(action: PactAction, *, by: Any, now: datetime) -> None:
    """The work has begun."""
    _write(action, state=ActionState.UNDER_WAY)


@act("pacts.complete_action", come_from=OPEN, stage_field="state", record=("done_on",))
def complete_action(action: PactAction, *, by: Any, now: datetime, done_on: date) -> None:
    if done_on > local_date(now):
        raise Refused(_("Cette date n’est pas encore venue : indiquez une date passée ou celle d’aujourd’hui."))
    _write(action, state=ActionState.DONE, done_on=done_on)


@act("pacts.drop_action", come_from=OPEN, stage_field="state")
def drop_action(action: PactAction, *, by: Any, now: datetime, motive: str) -> None:
    """It will not be done, and why: the page says it as clearly as the rest."""
    motive = needed(motive, 2000, _("Écrivez le motif : il sera lu par tous ceux qui lisent le pacte."))
    _write(action, state=ActionState.DROPPED, motive=motive)


def no_edition_says_it(action: PactAction, *, by: Any, now: datetime) -> str | None:
    """A guard: once an adopted edition says that it is over, another action is what takes it up."""
    rows = EditionLine.objects.filter(action=action, state__in=OVER, edition__stage__in=FROZEN)
    year = rows.order_by("-edition__year").values_list("edition__year", flat=True).first()
    if year is None:
        return None
    return _("Le pacte de %(year)d dit que cette action est terminée : ajoutez plutôt une nouvelle action.") % {"year": year}


@act("pacts.resume_action", come_from=OVER, stage_field="state", guards=[no_edition_says_it])
def resume_action(action: PactAction, *, by: Any, now: datetime) -> None:
    """Neither done nor dropped after all."""
    _write(action, state=ActionState.UNDER_WAY, motive="", done_on=None)


def stands_in_no_edition(action: PactAction, *, by: Any, now: datetime) -> str | None:
    """A guard: what was adopted stays, with its history."""
    if action.published_on or EditionLine.objects.filter(action=action, edition__stage__in=FROZEN).exists():
        return _("Cette action figure dans un pacte adopté : abandonnez-la avec un motif plutôt que de la retirer.")
    return None


def holds_no_contribution(action: PactAction, *, by: Any, now: datetime) -> str | None:
    """A guard: their authors are to be answered otherwise first."""
    if action.contribution_links.exists():
        return _("Des contributions sont rattachées à cette action : détachez-les d’abord.")
    return None


@act("pacts.remove_action", guards=[stands_in_no_edition, holds_no_contribution])
def remove_action(action: PactAction, *, by: Any, now: datetime) -> None:
    """Added by mistake, and never adopted. Its number is given again."""
    PactAction.objects.filter(pk=action.pk).delete()


@act("pacts.change_lead", record=("into",))
def change_lead(source: Organisation, *, by: Any, now: datetime, into: Organisation) -> None:
    """The organisation turned out to be another one, which leads its actions now."""
    PactAction.objects.filter(lead=source).update(lead=into)


def on_merge(source: Organisation, into: Organisation, *, by: Any, now: datetime) -> None:
    """For `people.hooks.on_merge`."""
    if PactAction.objects.filter(lead=source).exists():
        change_lead(source, by=SYSTEM, now=now, into=into)


def merge_preview(source: Organisation, into: Organisation) -> list[str]:
    """For `people.hooks.merge_previews`."""
    n = PactAction.objects.filter(lead=source).count()
    return [_("Actions des pactes à piloter : %(n)d.") % {"n": n}] if n else []
